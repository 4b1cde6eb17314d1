// What may be done with a mail where it stands, and other rules of the ledger that need no screen.
import type { MailState, MailVerdict } from '../graphql/gql/graphql'
import { MAIL_STATES } from './search-params'

/** Where a person has to look. */
export const FOR_A_PERSON = ['IN_DOUBT', 'PARKED'] as const satisfies readonly MailState[]

/** About to change by themselves, within seconds. */
const MOVING: readonly MailState[] = ['QUEUED', 'CLAIMED']

const VERDICTS: Partial<Record<MailState, readonly MailVerdict[]>> = {
  QUEUED: ['TRY_NOW', 'CANCEL'],
  DEFERRED: ['TRY_NOW', 'CANCEL'],
  IN_DOUBT: ['TREAT_AS_SENT', 'SEND_AGAIN'],
  PARKED: ['SEND_AGAIN', 'CANCEL'],
}

export const verdictsOf = (state: MailState): readonly MailVerdict[] => VERDICTS[state] ?? []

/** One that waits for another try that is due has no time of a next one. */
export const isMoving = ({ state, nextTryAt }: { state: MailState; nextTryAt?: string | null }): boolean => MOVING.includes(state) || (state === 'DEFERRED' && !nextTryAt)

/** Whether a mail that was just queued needs no more looking at. */
export const isSettled = (state: MailState): boolean => !MOVING.includes(state)

/** The most that the server decides about at once. */
export const DECIDED_AT_ONCE = 100

/** What can be decided about the chosen ones, each with those that it is allowed for, in the order of the buttons. */
export function verdictsForAll(chosen: readonly { id: string; state: MailState }[]): { verdict: MailVerdict; ids: string[] }[] {
  const order: readonly MailVerdict[] = ['TRY_NOW', 'TREAT_AS_SENT', 'SEND_AGAIN', 'CANCEL']
  return order.flatMap((verdict) => {
    const ids = chosen.filter((mail) => verdictsOf(mail.state).includes(verdict)).map((mail) => mail.id)
    return ids.length > 0 ? [{ verdict, ids }] : []
  })
}

export type Counts = Partial<Record<MailState, number>>

export const countsOf = (counts: readonly { state: MailState; count: number }[]): Counts => Object.fromEntries(counts.map(({ state, count }) => [state, count]))

export const sumOf = (counts: Counts, states: readonly MailState[] = MAIL_STATES): number => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0)

interface Standing {
  id: string
  state: MailState
  changedAt: string
}

/** Whether `standing` is what became of `row`: what changes within a thousandth of a second has the same time. */
export function isNewer(standing: Standing, row: Standing): boolean {
  const [then, now] = [Date.parse(row.changedAt), Date.parse(standing.changedAt)]
  return now > then || (now === then && standing.state !== row.state)
}

/** Rows as they stand by now: nothing comes, goes or moves while somebody is looking at them. */
export function standingNow<R extends Standing>(rows: readonly R[], newer: readonly Standing[]): R[] {
  const byId = new Map(newer.map((standing) => [standing.id, standing]))
  return rows.map((row) => {
    const standing = byId.get(row.id)
    return standing && isNewer(standing, row) ? { ...row, ...standing } : row
  })
}

/** How many mails have come in front of the rows since they were read. */
export function cameSince(rows: readonly Standing[], newer: readonly Standing[], states: readonly MailState[] | undefined): number {
  const known = new Set(rows.map((row) => row.id))
  const place = newer.findIndex((standing) => known.has(standing.id))
  // Without a row in common it cannot be told from here what is new.
  if (place < 0 && rows.length > 0) return 0
  const before = place < 0 ? newer : newer.slice(0, place)
  return before.filter((standing) => !states || states.includes(standing.state)).length
}

/** What somebody types into the search of the ledger: a declaration's number in any way of writing it, or an address. */
export function readMailSearch(text: string): { number?: string; address?: string } {
  const plain = text.normalize('NFKC').trim()
  const digits = plain.replaceAll(/[\sー−‐–―-]/g, '')
  if (digits === '') return {}
  return /^\d+$/.test(digits) ? { number: digits } : { address: plain }
}

/** A time that has passed; for what is shown, not for what is decided. */
export const isPast = (at: string): boolean => Date.parse(at) <= Date.now()

/** With one decimal while that says something: `0.8`, `600`. */
export function secondsBetween(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000)
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds))
}
