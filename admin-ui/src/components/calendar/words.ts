// How days and deadlines of the calendar are told.
import type { TFunction } from 'i18next'
import type { CalendarDayInfo } from '../../graphql/calendar'
import type { OfficeDayKind } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { yearOf } from '../../lib/months'

/** Why the office works on a day, or does not. */
export function reasonWord(day: CalendarDayInfo, t: TFunction): string {
  switch (day.reason) {
    case 'WEEKDAY':
      return t('calendar.weekday')
    case 'WEEKEND':
      return t('calendar.weekend')
    case 'YEAR_END':
      return t('calendar.yearEnd')
    case 'HOLIDAY':
      return day.holiday ?? ''
    case 'OFFICE_OPEN':
      return day.holiday ? `${day.ownName ?? ''}${t('app.joint')}${t('calendar.insteadOf', { name: day.holiday })}` : (day.ownName ?? '')
    default:
      return day.ownName ?? ''
  }
}

export const dayWord = (date: string): string => formatDate(date, currentLanguage(), 'dateWithDay')

/** 2026年12月, December 2026. */
export function monthWord(month: string): string {
  const format = new Intl.DateTimeFormat(currentLanguage() === 'ja' ? 'ja-JP' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.format(new Date(Date.UTC(yearOf(month), Number(month.slice(5)) - 1, 1)))
}

export const whenWord = ({ date, time }: { date: string; time: string }, t: TFunction): string => t('deadline.at', { date: dayWord(date), time })

export const ownWord = (kind: OfficeDayKind | null | undefined, name: string | null | undefined, t: TFunction): string =>
  kind && name ? t('officeDay.own', { kind: t(kind === 'OPEN' ? 'calendar.business' : 'calendar.off'), name }) : t('officeDay.ordinary')

export function deadlineText(text: { date: string; time: string; name: string; source: string } | null | undefined, t: TFunction): string {
  return text ? [whenWord(text, t), text.name, text.source].join(t('app.separator')) : ''
}
