// The time that a question to the record of reads is about: counted in days back from now, or typed, by the wall clock of Japan.
import { type AskedTime, CLOCK, readWall, SPAN_DAYS, type Wall, wallText } from './audit-wall'
import { readDay } from './date-text'
import { dayOf } from './format'

const DAY_MS = 86_400_000
/** No summer time: a day of Japan always begins here. */
const OFFSET = '+09:00'

/** A time as people type it, with or without an input method: 9:00, 0900, 9時, 18時30分. Undefined where it is none. */
export function readClock(text: string): string | undefined {
  const plain = text.normalize('NFKC').trim()
  const [, hour = '', minute = ''] = /^(\d{1,2})[:時.]\s*(\d{0,2})分?$/.exec(plain) ?? /^(\d{1,2})(\d{2})$/.exec(plain) ?? []
  if (hour === '' || minute.length === 1) return undefined
  const clock = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  return new RegExp(`^${CLOCK}$`).test(clock) ? clock : undefined
}

/** The instant in milliseconds; a whole day begins at its first moment and ends after its last. */
function instantOf({ day, clock }: Wall, edge: 'begin' | 'end'): number {
  const [hours = 0, minutes = 0] = (clock ?? (edge === 'begin' ? '00:00' : '24:00')).split(':').map(Number)
  return Date.parse(`${day}T00:00:00${OFFSET}`) + (hours * 60 + minutes) * 60_000
}

export interface TimeRange {
  since: string
  /** That moment not included. */
  until: string
  /** It goes on to now. */
  isOpen: boolean
}

export function rangeOf({ span = 'WEEK', from, until }: AskedTime, now = new Date()): TimeRange {
  const begin = from === undefined ? undefined : readWall(from)
  const end = begin && until !== undefined ? readWall(until) : undefined
  const since = begin ? instantOf(begin, 'begin') : instantOf({ day: dayOf(now.toISOString()) }, 'begin') - (SPAN_DAYS[span] - 1) * DAY_MS
  return { since: new Date(since).toISOString(), until: end ? new Date(instantOf(end, 'end')).toISOString() : now.toISOString(), isOpen: end === undefined }
}

/** The first day of a time, with which one begins to type another. */
export const firstDayOf = (asked: AskedTime): string => dayOf(rangeOf(asked).since)

/** What was typed about a time. */
export interface TypedTime {
  fromDay: string
  fromClock: string
  untilDay: string
  untilClock: string
}

export type TimeProblem = 'missing' | 'day' | 'clock' | 'dayOfClock' | 'order'

/** The same for an address, or what is wrong with each input. */
export function readTypedTime(typed: TypedTime): { from: string; until: string | undefined } | Partial<Record<keyof TypedTime, TimeProblem>> {
  const problems: Partial<Record<keyof TypedTime, TimeProblem>> = {}
  const clockOf = (key: 'fromClock' | 'untilClock') => {
    if (typed[key].trim() === '') return undefined
    const clock = readClock(typed[key])
    if (clock === undefined) problems[key] = 'clock'
    return clock
  }
  const dayIn = (key: 'fromDay' | 'untilDay', missing: TimeProblem | undefined) => {
    if (typed[key].trim() === '') {
      if (missing) problems[key] = missing
      return undefined
    }
    const day = readDay(typed[key])
    if (day === undefined) problems[key] = 'day'
    return day
  }
  const from = { day: dayIn('fromDay', 'missing'), clock: clockOf('fromClock') }
  const until = { day: dayIn('untilDay', typed.untilClock.trim() === '' ? undefined : 'dayOfClock'), clock: clockOf('untilClock') }
  if (Object.keys(problems).length > 0 || from.day === undefined) return problems
  const begin: Wall = { day: from.day, clock: from.clock }
  if (until.day === undefined) return { from: wallText(begin), until: undefined }
  const end: Wall = { day: until.day, clock: until.clock }
  if (instantOf(end, 'end') <= instantOf(begin, 'begin')) return { untilDay: 'order' }
  return { from: wallText(begin), until: wallText(end) }
}

/** What stands in the inputs for an address. */
export function typedTime({ from, until }: AskedTime): TypedTime {
  const begin = from === undefined ? undefined : readWall(from)
  const end = until === undefined ? undefined : readWall(until)
  return { fromDay: begin?.day ?? '', fromClock: begin?.clock ?? '', untilDay: end?.day ?? '', untilClock: end?.clock ?? '' }
}
