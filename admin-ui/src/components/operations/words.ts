// How schedules and jobs are told.
import type { TFunction } from 'i18next'
import type { Actor, JobPartsFragment, SchedulePartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { cronSentence } from '../../lib/cron-text'
import { formatCount, formatDate, formatInstant } from '../../lib/format'

export const OUR_ZONE = 'Asia/Tokyo'

/** The commands that have a name for people; a newer one is told by its code. */
const COMMANDS = ['verify-log', 'forget-cases', 'find-reviews', 'ask-pages', 'try-bulk-change', 'bulk-change', 'try-import', 'import', 'make-export'] as const

export function commandWord(command: string, t: TFunction): string {
  const known = COMMANDS.find((item) => item === command)
  return known ? t(`operations.command.${known}`) : command
}

export function actorWord({ kind, name }: Pick<Actor, 'kind' | 'name'>, t: TFunction): string {
  if (kind === 'SYSTEM') return name ? t('operations.systemNamed', { name }) : t('operations.system')
  return name || t('operations.declarer')
}

export const whenWord = (instant: string): string => formatInstant(instant, currentLanguage())

/** When it runs, by the wall clock of its zone. */
export function timesWord({ expression, zone }: Pick<SchedulePartsFragment, 'expression' | 'zone'>, t: TFunction): string {
  const sentence = cronSentence(expression, currentLanguage()) ?? expression
  return zone === OUR_ZONE ? sentence : [sentence, t('schedules.zoneNote', { zone })].join(t('app.separator'))
}

export function misfireWord({ misfire, misfireAtMost }: Pick<SchedulePartsFragment, 'misfire' | 'misfireAtMost'>, t: TFunction): string {
  if (misfire === 'ALL' && misfireAtMost) return t('schedules.misfire.allText', { most: formatCount(misfireAtMost, currentLanguage()) })
  return t(`schedules.misfire.${misfire}`)
}

/** By the wall clock of its zone, as it was typed. */
export function endWord(schedule: Pick<SchedulePartsFragment, 'notAfter' | 'notAfterDate' | 'notAfterTime' | 'zone'>, t: TFunction): string {
  const { notAfter, notAfterDate, notAfterTime, zone } = schedule
  if (!notAfter) return t('schedules.noEnd')
  if (!notAfterDate) return whenWord(notAfter)
  const wall = [formatDate(notAfterDate, currentLanguage(), 'dateWithDay'), notAfterTime].filter(Boolean).join(' ')
  return zone === OUR_ZONE ? wall : [wall, t('schedules.zoneNote', { zone })].join(t('app.separator'))
}

/** All of a definition in one line, for somebody who meets it changed. */
export function scheduleText(schedule: SchedulePartsFragment, t: TFunction): string {
  const parts = [schedule.name, timesWord(schedule, t), commandWord(schedule.command, t), misfireWord(schedule, t)]
  if (schedule.notAfter) parts.push(`${t('schedules.fact.notAfter')} ${endWord(schedule, t)}`)
  if (schedule.jitter > 0) parts.push(`${t('schedules.fact.jitter')} ${t('schedules.jitterText', { seconds: formatCount(schedule.jitter, currentLanguage()) })}`)
  parts.push(t(`schedules.state.${schedule.state}`))
  return parts.join(t('app.separator'))
}

export function progressWord({ progressDone, progressTotal }: Pick<JobPartsFragment, 'progressDone' | 'progressTotal'>, t: TFunction): string {
  const count = (value: number) => formatCount(value, currentLanguage())
  if (!progressTotal) return t('jobs.progressDone', { done: count(progressDone) })
  const percent = Math.min(100, Math.floor((progressDone / progressTotal) * 100))
  return t('jobs.progressOf', { done: count(progressDone), total: count(progressTotal), percent })
}

/** Whether a job that is done has found something that somebody must look at. */
export const isAlarming = ({ state, result }: Pick<JobPartsFragment, 'state' | 'result'>): boolean => state === 'DONE' && result?.reason === 'LOG_BREACHED'
