// What a cron expression says, as a sentence: for the forms that people use. Of any other form the expression itself has to speak.
import type { Language } from '../i18n'

interface When {
  /** Of a day; or how often within it. */
  times: { hour: number; minute: number }[]
  every: { unit: 'minute' | 'hour'; count: number; minute: number; from?: number; to?: number } | undefined
  /** Undefined: every one. Weekdays from 0, which is Sunday. */
  weekdays: number[] | undefined
  days: number[] | undefined
  months: number[] | undefined
}

const SHORTHANDS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
/** More times of a day than anybody reads in a sentence. */
const MOST_TIMES = 4

/** A number, or a name where the field has names; undefined for anything else. */
function valueOf(text: string, names: readonly string[], first: number, min: number, max: number): number | undefined {
  const named = names.indexOf(text.toUpperCase())
  const value = named >= 0 ? named + first : /^\d{1,2}$/.test(text) ? Number(text) : undefined
  return value !== undefined && value >= min && value <= max ? value : undefined
}

/** The values of a list of values and ranges, without steps; undefined where it is something else. */
function listOf(field: string, min: number, max: number, names: readonly string[] = [], first = 0): number[] | undefined {
  const values = field.split(',').map((part) => {
    const [from, to, ...more] = part.split('-').map((end) => valueOf(end, names, first, min, max))
    if (from === undefined || more.length > 0) return undefined
    if (!part.includes('-')) return [from]
    // A week that ends with Sunday.
    const last = to === 0 && names === WEEKDAYS && from > 0 ? 7 : to
    return last === undefined || last < from ? undefined : Array.from({ length: last - from + 1 }, (_, index) => from + index)
  })
  if (values.some((part) => part === undefined)) return undefined
  return [...new Set(values.flatMap((part) => part ?? []))].toSorted((a, b) => a - b)
}

/** `*` followed by a step that divides the whole evenly: only then is it "every n". */
function stepOf(field: string, whole: number): number | undefined {
  const step = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1])
  return step > 0 && whole % step === 0 && step < whole ? step : undefined
}

function timesOf(minute: string, hour: string): Pick<When, 'times' | 'every'> | undefined {
  const minutes = listOf(minute, 0, 59)
  const hours = listOf(hour, 0, 23)
  const step = minute === '*' ? 1 : stepOf(minute, 60)
  if (step !== undefined) {
    if (hour === '*') return { times: [], every: { unit: 'minute', count: step, minute: 0 } }
    const range = /^\d+-\d+$/.test(hour) || hours?.length === 1 ? hours : undefined
    return range && { times: [], every: { unit: 'minute', count: step, minute: 60 - step, from: range[0], to: range.at(-1) } }
  }
  if (minutes?.length === 1 && minutes[0] !== undefined) {
    const hourly = hour === '*' ? 1 : stepOf(hour, 24)
    if (hourly !== undefined) return { times: [], every: { unit: 'hour', count: hourly, minute: minutes[0] } }
    if (/^\d+-\d+$/.test(hour) && hours && hours.length > 2) return { times: [], every: { unit: 'hour', count: 1, minute: minutes[0], from: hours[0], to: hours.at(-1) } }
  }
  const times = hours?.flatMap((ofHour) => (minutes ?? []).map((ofMinute) => ({ hour: ofHour, minute: ofMinute })))
  return times && times.length > 0 && times.length <= MOST_TIMES ? { times, every: undefined } : undefined
}

export function readCron(expression: string): When | undefined {
  const text = expression.trim().split(/\s+/).join(' ')
  const [minute, hour, day, month, weekday, ...more] = (SHORTHANDS[text.toLowerCase()] ?? text).split(' ')
  if (!minute || !hour || !day || !month || !weekday || more.length > 0) return undefined
  const times = timesOf(minute, hour)
  const days = day === '*' ? undefined : listOf(day, 1, 31)
  const months = month === '*' ? undefined : listOf(month, 1, 12, MONTHS, 1)
  const week = weekday === '*' ? undefined : listOf(weekday, 0, 7, WEEKDAYS)
  if (!times || (day !== '*' && !days) || (month !== '*' && !months) || (weekday !== '*' && !week) || (days && week)) return undefined
  const weekdays = week && [...new Set(week.map((value) => value % 7))].toSorted((a, b) => a - b)
  return { ...times, days, months, weekdays }
}

const clock = (hour: number, minute: number) => `${hour}:${String(minute).padStart(2, '0')}`
/** The one stretch of days that follow each other, Monday first; undefined where there are gaps or fewer than three. */
function stretch(weekdays: number[]): [number, number] | undefined {
  const order = weekdays.map((value) => (value + 6) % 7).toSorted((a, b) => a - b)
  const [first, last] = [order[0], order.at(-1)]
  return first !== undefined && last !== undefined && order.length > 2 && last - first === order.length - 1 ? [(first + 1) % 7, (last + 1) % 7] : undefined
}

const mondayFirst = (weekdays: number[]) => weekdays.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7))

const JA_WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土']

function japanese({ times, every, weekdays, days, months }: When): string {
  const ofMonths = months && `${months.join('・')}月`
  const ofWeek = () => {
    if (!weekdays) return '毎日'
    const range = stretch(weekdays)
    return `毎週${range ? range.map((value) => JA_WEEKDAYS[value]).join('〜') : mondayFirst(weekdays).map((value) => JA_WEEKDAYS[value]).join('・')}曜`
  }
  const ofDays = days?.map((value) => `${value}日`).join('・')
  const single = months?.length === 1 && days?.length === 1
  const dayPart = single ? `毎年${ofMonths}${ofDays}` : ofDays ? (ofMonths ? `毎年${ofMonths}の${ofDays}` : `毎月${ofDays}`) : ofMonths ? `${ofMonths}の${ofWeek()}` : ofWeek()
  if (!every) return `${dayPart} ${times.map((time) => clock(time.hour, time.minute)).join('、')}`
  const lead = dayPart === '毎日' ? '' : `${dayPart} `
  const { unit, count, minute, from, to } = every
  const within = from === undefined || to === undefined ? '' : `${clock(from, unit === 'hour' ? minute : 0)}〜${clock(to, minute)} `
  if (unit === 'minute') return `${lead || (within && '毎日 ')}${within}${count === 1 ? '毎分' : `${count}分ごと`}`
  if (within) return `${lead || '毎日 '}${within}1時間ごと`
  if (count === 1) return `${lead}毎時${minute}分`
  return `${lead}${count}時間ごと（${clock(0, minute)}から）`
}

const EN_WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const EN_MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const EN_LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const EN_ORDINAL = new Intl.PluralRules('en-GB', { type: 'ordinal' })
const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinal = (value: number) => `${value}${ENDINGS[EN_ORDINAL.select(value)] ?? 'th'}`

function englishDays({ weekdays, days, months }: When): string {
  const ofMonths = months && EN_LIST.format(months.map((value) => EN_MONTHS[value - 1] ?? ''))
  if (days) {
    if (days.length === 1 && months?.length === 1) return `every year on ${days[0]} ${ofMonths}`
    return `on the ${EN_LIST.format(days.map(ordinal))} of ${ofMonths ?? 'every month'}`
  }
  const range = weekdays && stretch(weekdays)
  const ofWeek = !weekdays ? 'every day' : range ? range.map((value) => EN_WEEKDAYS[value]).join(' to ') : `every ${EN_LIST.format(mondayFirst(weekdays).map((value) => EN_WEEKDAYS[value] ?? ''))}`
  return ofMonths ? `${ofWeek} in ${ofMonths}` : ofWeek
}

function english(when: When): string {
  const days = englishDays(when)
  const { times, every } = when
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  if (!every) return capital(`${days} at ${EN_LIST.format(times.map((time) => clock(time.hour, time.minute)))}`)
  const { unit, count, minute, from, to } = every
  const within = from === undefined || to === undefined ? '' : `, from ${clock(from, unit === 'hour' ? minute : 0)} to ${clock(to, minute)}`
  const often = count === 1 ? `every ${unit}` : `every ${count} ${unit}s`
  const past = unit === 'hour' && !within && minute > 0 ? ` at ${minute} minutes past` : ''
  return capital(`${often}${past}${within}${days === 'every day' ? '' : `, ${days}`}`)
}

/** Undefined where the form is none that we have words for. */
export function cronSentence(expression: string, language: Language): string | undefined {
  const when = readCron(expression)
  return when && (language === 'ja' ? japanese(when) : english(when))
}
