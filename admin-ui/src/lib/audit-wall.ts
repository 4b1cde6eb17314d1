// How an address says which time a question to the record of reads is about. Apart from the rest, because addresses are read before any page is there.
import { readDay } from './date-text'

/** A moment on the wall clock; without a clock a whole day. */
export interface Wall {
  /** As `2026-11-20`. */
  day: string
  /** As `09:00`, up to `24:00`. */
  clock?: string
}

/** A pattern. */
export const CLOCK = String.raw`((?:[01]\d|2[0-3]):?[0-5]\d|24:?00)`
const WALL = new RegExp(String.raw`^(\d{4}-\d{2}-\d{2})(?:T${CLOCK})?$`)

/** From an address: `2026-11-20`, or `2026-11-20T0900`. */
export function readWall(text: string): Wall | undefined {
  const [, day = '', clock] = WALL.exec(text) ?? []
  // A date as the address has it, not one as people type it.
  if (day === '' || readDay(day) !== day) return undefined
  return clock ? { day, clock: clock.replace(/^(\d\d):?/, '$1:') } : { day }
}

/** For an address, which would spell out a colon. */
export const wallText = ({ day, clock }: Wall): string => (clock ? `${day}T${clock.replace(':', '')}` : day)

/** How many days are shown, today with them. */
export const SPAN_DAYS = { TODAY: 1, WEEK: 7, MONTH: 30 } as const
export type Span = keyof typeof SPAN_DAYS
export const SPANS = Object.keys(SPAN_DAYS) as Span[]

/** What the address says of the time; nothing: the last seven days. */
export interface AskedTime {
  span?: Span
  /** As `wallText` writes it. With it the span counts for nothing. */
  from?: string
  until?: string
}
