// What the desk reckons by itself: the order of its queues, when something comes back, what an answer begins with.
import type { InquiryQueue, InquiryResolution, InquirySort, InquiryStatus, InquiryTag } from '../graphql/gql/graphql'

/** In the order in which they are shown. */
export const QUEUES = ['MINE', 'MENTIONED', 'UNASSIGNED', 'BREACHED', 'OPEN', 'WAITING', 'SNOOZED', 'CLOSED', 'SPAM', 'ALL'] as const satisfies readonly InquiryQueue[]
/** Whether it is said already who takes care of what is in it. */
export const isOfOne = (queue: InquiryQueue): boolean => queue === 'MINE' || queue === 'UNASSIGNED'
export const INQUIRY_SORTS = ['NEWEST', 'DUE'] as const satisfies readonly InquirySort[]
export const RESOLUTIONS = ['ANSWERED', 'NO_ANSWER_NEEDED', 'REFERRED', 'DUPLICATE', 'WITHDRAWN'] as const satisfies readonly InquiryResolution[]
/** As often as they are asked: the most frequent first. */
export const TAGS = [
  'FORGOTTEN_NUMBER', 'OLD_NUMBER', 'GBIZ_ID', 'CHANGE', 'STAR', 'ISSUE_TIME', 'ELIGIBILITY', 'LOGO', 'POLICY', 'STOP', 'DUPLICATE', 'MISUSE', 'MAINTENANCE', 'PERSONAL_DATA', 'PROOF', 'GENERAL',
] as const satisfies readonly InquiryTag[]
/** The charsets of Japanese mail, the likeliest first. */
export const CHARSETS = ['iso-2022-jp', 'shift_jis', 'euc-jp', 'utf-8'] as const

/** As people write it; one that is not known here is written as it came. */
export function charsetWord(charset: string): string {
  const known: Record<string, string> = { 'iso-2022-jp': 'ISO-2022-JP', shift_jis: 'Shift_JIS', 'euc-jp': 'EUC-JP', 'utf-8': 'UTF-8' }
  return known[charset.toLowerCase()] ?? charset
}

/** Whether somebody can still work on it: answer it, put it off, close it. */
export const goesOn = (status: InquiryStatus): boolean => status === 'OPEN' || status === 'WAITING' || status === 'SNOOZED'

/** The numbers of the log are longer than what a number holds exactly. */
export const isLater = (position: string, than: string): boolean => BigInt(position) > BigInt(than)

const MARK = /^\s*(?:re|ＲＥ|返信)\s*(?:\[\d+\])?\s*[:：]\s*/i

/** The subject of an answer: one "Re:", however many there were. */
export function replySubject(subject: string): string {
  let rest = subject
  while (MARK.test(rest)) rest = rest.replace(MARK, '')
  return `Re: ${rest.trim()}`.slice(0, 200).trim()
}

/** What they wrote, as it is quoted under an answer. */
export const quoted = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n')

const DAY_MS = 86_400_000
/** Japan has one zone and no summer time. */
const OFFSET_MS = 9 * 3_600_000

/** A wall clock of the office as an instant: `2026-05-12`, `09:00`. */
export const instantOf = (day: string, time: string): string => new Date(`${day}T${time}:00+09:00`).toISOString()

export type Snooze = 'tomorrow' | 'threeDays' | 'nextMonday'

/** When something that is put off comes back: in the morning, when the office opens. */
export function snoozeUntil(snooze: Snooze, now: number): string {
  const today = Math.floor((now + OFFSET_MS) / DAY_MS)
  // 1 January 1970 was a Thursday.
  const weekday = (today + 4) % 7
  const days = { tomorrow: 1, threeDays: 3, nextMonday: ((8 - weekday) % 7) || 7 }[snooze]
  return instantOf(new Date((today + days) * DAY_MS).toISOString().slice(0, 10), '09:00')
}

