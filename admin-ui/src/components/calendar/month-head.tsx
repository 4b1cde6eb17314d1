// Which month is shown, and the ways to another.
import { useTranslation } from 'react-i18next'
import { today } from '../../lib/format'
import { addMonths, FIRST_YEAR, LAST_YEAR, monthOf, yearOf } from '../../lib/months'
import { Button, IconButton } from '../../ui/button'
import { monthWord } from './words'

const YEARS = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => FIRST_YEAR + index)
const MONTHS = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0'))
const SELECT = 'min-h-8 rounded-md border border-control bg-bg px-1 text-sm touch:min-h-11'

export function MonthHead({ month, onMonth }: { month: string; onMonth: (month: string) => void }) {
  const { t } = useTranslation()
  const [previous, next] = [addMonths(month, -1), addMonths(month, 1)]
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h2 id="month" className="num text-lg" aria-live="polite">
        {monthWord(month)}
      </h2>
      <div className="flex flex-wrap items-center gap-1" data-print="hide">
        <IconButton icon="left" label={t('calendar.previous')} onClick={() => previous && onMonth(previous)} />
        <IconButton icon="right" label={t('calendar.next')} onClick={() => next && onMonth(next)} />
        <select aria-label={t('calendar.year')} value={yearOf(month)} onChange={(event) => onMonth(`${event.target.value}${month.slice(4)}`)} className={SELECT}>
          {YEARS.map((year) => (
            <option key={year} value={year}>
              {year}
            </option>
          ))}
        </select>
        <select aria-label={t('calendar.monthOf')} value={month.slice(5)} onChange={(event) => onMonth(`${month.slice(0, 5)}${event.target.value}`)} className={SELECT}>
          {MONTHS.map((number) => (
            <option key={number} value={number}>
              {Number(number)}
            </option>
          ))}
        </select>
        <Button size="sm" onClick={() => onMonth(monthOf(today()))}>
          {t('calendar.thisMonth')}
        </Button>
      </div>
    </div>
  )
}
