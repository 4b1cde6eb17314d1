// A last day, and how far off it is in words: what is overdue is said, not only coloured.
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { daysLeft } from '../../lib/days-left'
import { formatDate } from '../../lib/format'
import { Icon } from '../../ui/icons'

/** From so many days on it stands out. */
const SOON = 5

export function Due({ on, today, still = false }: { on: string; today: string; still?: boolean }) {
  const { t } = useTranslation()
  const left = daysLeft(on, today)
  const word = still ? t('cases.paused') : left < 0 ? t('cases.overdue', { count: -left }) : left === 0 ? t('cases.today') : t('cases.daysLeft', { count: left })
  const look = still ? 'text-muted' : left < 0 ? 'font-bold text-bad' : left <= SOON ? 'font-bold' : ''
  return (
    <>
      <time dateTime={on} className="num">
        {formatDate(on, currentLanguage(), 'dateWithDay')}
      </time>
      <span className={`num block ${look}`}>
        {!still && left <= SOON && <Icon name={left < 0 ? 'error' : 'clock'} className="mr-1 size-4" />}
        {word}
      </span>
    </>
  )
}
