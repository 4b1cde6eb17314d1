// A month as a grid: of each day in words whether the office works and why. One stop for Tab; arrows move by day.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CalendarDayInfo } from '../../graphql/calendar'
import { currentLanguage } from '../../i18n'
import { today } from '../../lib/format'
import { addDays, addMonths, daysOf, inMonth, monthOf, weekdayOf, weeksOf } from '../../lib/months'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { dayWord, monthWord, reasonWord } from './words'

interface Props {
  month: string
  /** Undefined while they load: the dates themselves are known, so nothing jumps and no focus is lost. */
  days: CalendarDayInfo[] | undefined
  /** Whether they are still to come. */
  busy: boolean
  onMonth: (month: string) => void
  onOpen: (date: string) => void
}

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6]
const idOf = (date: string) => `day-${date}`

/** The day that a key leads to. */
function target(key: string, date: string): string | undefined {
  const month = (count: number) => {
    const to = addMonths(monthOf(date), count)
    return to && inMonth(date, to)
  }
  switch (key) {
    case 'ArrowLeft':
      return addDays(date, -1)
    case 'ArrowRight':
      return addDays(date, 1)
    case 'ArrowUp':
      return addDays(date, -7)
    case 'ArrowDown':
      return addDays(date, 7)
    case 'Home':
      return addDays(date, -weekdayOf(date))
    case 'End':
      return addDays(date, 6 - weekdayOf(date))
    case 'PageUp':
      return month(-1)
    case 'PageDown':
      return month(1)
    default:
      return undefined
  }
}

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']

export function MonthGrid({ month, days, busy, onMonth, onOpen }: Props) {
  const { t } = useTranslation()
  const now = today()
  const [chosen, setChosen] = useState(now)
  // Where Tab comes in: the day that was left, else today, else the first.
  const current = [chosen, now].find((date) => monthOf(date) === month) ?? `${month}-01`
  const moved = useRef(false)
  useEffect(() => {
    if (!moved.current || monthOf(chosen) !== month) return
    moved.current = false
    document.getElementById(idOf(chosen))?.focus()
  }, [chosen, month])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const to = target(event.key, current)
    if (!to) return
    moved.current = true
    setChosen(to)
    if (monthOf(to) !== month) onMonth(monthOf(to))
  }
  const known = new Map(days?.map((day) => [day.date, day]))
  const weekday = new Intl.DateTimeFormat(currentLanguage() === 'ja' ? 'ja-JP' : 'en-GB', { weekday: 'short', timeZone: 'UTC' })
  return (
    <table role="grid" aria-label={t('calendar.monthGrid', { month: monthWord(month) })} aria-describedby="month-keys" aria-busy={busy} onKeyDown={onKeyDown} className="w-full table-fixed border-collapse text-sm leading-normal max-sm:block">
      <thead className="max-sm:sr-only">
        <tr role="row">
          {WEEKDAYS.map((index) => (
            <th key={index} role="columnheader" scope="col" className="border border-line bg-surface px-1.5 py-1 text-left font-normal text-muted">
              {/* 4 January 1970 was a Sunday. */}
              {weekday.format(new Date(Date.UTC(1970, 0, 4 + index)))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {weeksOf(daysOf(month)).map((week, index) => (
          <tr key={index} role="row" className="max-sm:block">
            {week.map((cell, weekdayIndex) => {
              if (!cell) return <td key={weekdayIndex} className="border border-line bg-surface max-sm:hidden" />
              return (
                <td key={cell.date} role="gridcell" className="h-24 border border-line p-0 align-top max-sm:block max-sm:h-auto max-sm:border-t-0">
                  <DayButton
                    date={cell.date}
                    day={known.get(cell.date)}
                    isToday={cell.date === now}
                    tabbable={cell.date === current}
                    onOpen={() => {
                      setChosen(cell.date)
                      onOpen(cell.date)
                    }}
                  />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface DayProps {
  date: string
  day: CalendarDayInfo | undefined
  isToday: boolean
  tabbable: boolean
  onOpen: () => void
}

function DayButton({ date, day, isToday, tabbable, onOpen }: DayProps) {
  const { t } = useTranslation()
  const off = day && !day.businessDay
  return (
    <button
      type="button"
      id={idOf(date)}
      tabIndex={tabbable ? 0 : -1}
      onClick={onOpen}
      className={`flex h-full min-h-11 w-full flex-col items-start gap-x-2 gap-y-0.5 p-1.5 text-left outline-offset-[-2px] max-sm:flex-row max-sm:flex-wrap max-sm:items-center ${off ? 'bg-quiet-bg hover:bg-hover' : 'hover:bg-hover'}`}
    >
      <span className="flex items-center gap-1.5">
        <span aria-hidden="true" className={`num max-sm:hidden ${isToday ? 'font-bold' : ''}`}>
          {Number(date.slice(8))}
        </span>
        <span className="sm:sr-only">{dayWord(date)}</span>
        {isToday && <span className="rounded-sm border border-accent px-1 text-xs leading-4 text-link">{t('calendar.today')}</span>}
      </span>
      {day ? (
        <>
          <span className={`flex items-center gap-1 text-xs leading-5 ${off ? 'font-bold text-quiet' : 'text-muted'}`}>
            <Icon name={off ? 'stop' : 'check'} className="size-3.5" />
            {t(off ? 'calendar.off' : 'calendar.business')}
          </span>
          {day.reason !== 'WEEKDAY' && (
            <span className={`line-clamp-2 text-xs leading-4 ${off ? 'text-quiet' : ''}`}>
              <TypedText text={reasonWord(day, t)} />
            </span>
          )}
          {day.deadlines.length > 0 && (
            <span className={`flex items-center gap-1 text-xs leading-5 ${off ? 'text-quiet' : ''}`}>
              <Icon name="flag" className="size-3.5" />
              {t('calendar.dayDeadlines', { count: day.deadlines.length })}
            </span>
          )}
        </>
      ) : (
        <Skeleton className="h-3 w-12" />
      )}
    </button>
  )
}
