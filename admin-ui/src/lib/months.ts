// Months and days as text, `2026-12` and `2026-12-28`, as they stand in addresses and answers.

/** The years that the server's calendar covers. */
export const FIRST_YEAR = 1955
export const LAST_YEAR = 2099

export const monthOf = (day: string): string => day.slice(0, 7)

export const yearOf = (month: string): number => Number(month.slice(0, 4))

export function isKnownMonth(month: string): boolean {
  const year = yearOf(month)
  return year >= FIRST_YEAR && year <= LAST_YEAR
}

/** The month so many months later; undefined outside the years that are known. */
export function addMonths(month: string, count: number): string | undefined {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const made = new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
  return isKnownMonth(made) ? made : undefined
}

/** The day so many days later; undefined outside the years that are known. */
export function addDays(day: string, count: number): string | undefined {
  const moment = Date.parse(`${day}T00:00:00Z`) + count * 86_400_000
  const made = Number.isNaN(moment) ? '' : new Date(moment).toISOString().slice(0, 10)
  return isKnownMonth(monthOf(made)) ? made : undefined
}

/** The same day of another month, or its last one where that month is shorter. */
export function inMonth(day: string, month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return `${month}-${String(Math.min(Number(day.slice(8)), last)).padStart(2, '0')}`
}

/** 0 is Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** Every day of the month. */
export function daysOf(month: string): { date: string }[] {
  const last = Number(inMonth(`${month}-31`, month).slice(8))
  return Array.from({ length: last }, (_, index) => ({ date: `${month}-${String(index + 1).padStart(2, '0')}` }))
}

/** The days in weeks from Sunday on; undefined where another month has the day. */
export function weeksOf<T extends { date: string }>(days: readonly T[]): (T | undefined)[][] {
  const first = days[0]
  if (!first) return []
  const cells: (T | undefined)[] = [...Array.from({ length: weekdayOf(first.date) }, () => undefined), ...days]
  while (cells.length % 7 !== 0) cells.push(undefined)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}
