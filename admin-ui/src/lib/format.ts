// How dates, numbers and identifiers are written. Instants are shown in Asia/Tokyo, wherever the browser stands.
import type { Language } from '../i18n'

const TIME_ZONE = 'Asia/Tokyo'

type Style = 'date' | 'dateWithDay' | 'instant' | 'time' | 'seconds'

const JA_DATE: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', day: 'numeric' }
const EN_DATE: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' }
const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

const made = new Map<string, Intl.DateTimeFormat>()

function formatter(language: Language, style: Style, timeZone: string) {
  const key = `${language} ${style} ${timeZone}`
  let found = made.get(key)
  if (!found) {
    const date = language === 'ja' ? JA_DATE : EN_DATE
    const options: Record<Style, Intl.DateTimeFormatOptions> = {
      date,
      dateWithDay: { ...date, weekday: 'short' },
      instant: { ...date, weekday: 'short', ...CLOCK },
      time: CLOCK,
      seconds: { ...CLOCK, second: '2-digit' },
    }
    found = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { ...options[style], timeZone })
    made.set(key, found)
  }
  return found
}

/** A calendar day such as `2026-05-12`: it has no time zone, so none is applied. */
export function formatDate(date: string, language: Language, style: 'date' | 'dateWithDay' = 'date'): string {
  const day = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(day.getTime()) ? date : formatter(language, style, 'UTC').format(day)
}

/** 令和8年5月12日: for paper, which goes to offices that count so. */
export function formatEra(date: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  const era = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { era: 'long', year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' })
  return Number.isNaN(day.getTime()) ? date : era.format(day)
}

export function formatInstant(instant: string, language: Language, style: Style = 'instant'): string {
  const moment = new Date(instant)
  return Number.isNaN(moment.getTime()) ? instant : formatter(language, style, TIME_ZONE).format(moment)
}

/** By the wall clock of another zone; undefined where it is ours, or one that the browser does not know. */
export function formatInZone(instant: string, language: Language, zone: string): string | undefined {
  if (zone === TIME_ZONE) return undefined
  try {
    return formatter(language, 'instant', zone).format(new Date(instant))
  } catch {
    return undefined
  }
}

/** The day of an instant in Japan, as `2026-05-12`. */
export function dayOf(instant: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE, year: 'numeric', month: '2-digit', day: '2-digit' })
  return parts.format(new Date(instant))
}

export const today = (): string => dayOf(new Date().toISOString())

export const formatCount = (count: number, language: Language): string => new Intl.NumberFormat(language).format(count)

/** Estimates are rounded to two figures, in the units people speak in: 約40万, about 400,000. */
export function formatEstimate(count: number, language: Language): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(count, 1))) - 1)
  const rounded = Math.round(count / step) * step
  if (language === 'ja' && rounded >= 10_000) return `${formatCount(rounded / 10_000, language)}万`
  return formatCount(rounded, language)
}

/** 59990000017 → 5999 0000 017. Anything that is not 11 digits is left as it is. */
export const formatDeclarationNumber = (number: string): string => number.replace(/^(\d{4})(\d{4})(\d{3})$/, '$1 $2 $3')

/** 7999901000001 → 7 9999 0100 0001. Anything that is not 13 digits is left as it is. */
export const formatCorporateNumber = (number: string): string =>
  number.replace(/^(\d)(\d{4})(\d{4})(\d{4})$/, '$1 $2 $3 $4')

/** 3008111 → 300-8111 */
export const formatPostalCode = (code: string): string => code.replace(/^(\d{3})(\d{4})$/, '$1-$2')

/** Groups the digits of a whole number and leaves any other text alone. */
export const formatDigits = (text: string, language: Language): string =>
  /^-?\d{1,15}$/.test(text) ? formatCount(Number(text), language) : text

/** The size of a file: `1.2 MB`. */
export function formatBytes(bytes: number, language: Language): string {
  const [value, unit] = bytes < 1024 ? [bytes, 'byte'] : bytes < 1024 * 1024 ? [bytes / 1024, 'kilobyte'] : [bytes / 1024 / 1024, 'megabyte']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: unit === 'megabyte' ? 1 : 0 }).format(value)
}
