// Reads a day as people type it, with or without an input method: 2025-03-31, 20250331, 2025年3月31日, R7.3.31, 令和７年３月３１日, 31 March 2025.

/** The first year of each era, less one: 令和1年 is 2019. */
const ERAS: Record<string, number> = { 令和: 2018, R: 2018, 平成: 1988, H: 1988, 昭和: 1925, S: 1925 }
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

const GAP = String.raw`\s*[-/.年月\s]\s*`
const WESTERN = new RegExp(`^(\\d{4})${GAP}(\\d{1,2})${GAP}(\\d{1,2})日?$`)
const PLAIN = /^(\d{4})(\d{2})(\d{2})$/
const ERA = new RegExp(`^(令和|平成|昭和|[RHS])\\s*(\\d{1,2}|元)${GAP}(\\d{1,2})${GAP}(\\d{1,2})日?$`)
const ENGLISH = /^(\d{1,2}) ([A-Z]{3})[A-Z]*\.?,? (\d{4})$/

/** Undefined for 31 February and the like. */
function day(year: number, month: number, date: number): string | undefined {
  const made = new Date(Date.UTC(year, month - 1, date))
  const real = year >= 1000 && made.getUTCMonth() === month - 1 && made.getUTCDate() === date
  return real ? made.toISOString().slice(0, 10) : undefined
}

/** The day as `2025-03-31`; undefined where the text is none. */
export function readDay(text: string): string | undefined {
  // Also the long marks and dots that a keyboard in kana mode gives for - and .
  const plain = text.normalize('NFKC').trim().toUpperCase().replaceAll(/[ー−‐–―]/g, '-').replaceAll(/[。、・]/g, '.')
  const western = WESTERN.exec(plain) ?? PLAIN.exec(plain)
  if (western) return day(Number(western[1]), Number(western[2]), Number(western[3]))
  const era = ERA.exec(plain)
  if (era) return day((ERAS[era[1] ?? ''] ?? 0) + (era[2] === '元' ? 1 : Number(era[2])), Number(era[3]), Number(era[4]))
  const english = ENGLISH.exec(plain)
  return english ? day(Number(english[3]), MONTHS.indexOf(english[2] ?? '') + 1, Number(english[1])) : undefined
}
