// How bulk changes are told.
import type { TFunction } from 'i18next'
import type { BulkKind, JobState } from '../../graphql/gql/graphql'
import type { BulkRow } from '../../graphql/bulk'
import { currentLanguage } from '../../i18n'
import { FIELDS } from '../../lib/declaration-fields'
import { formatCount, formatDate } from '../../lib/format'
import { FLAGS } from '../../lib/search-params'

export const countWord = (count: number, t: TFunction) => t('bulk.count', { total: formatCount(count, currentLanguage()) })

/** In the middle of a sentence. */
export const actionWord = (action: BulkKind, t: TFunction) => t(`history.bulkAction.${action}`)

/** By itself: English begins it with a capital. */
export function actionTitle(action: BulkKind, t: TFunction): string {
  const word = actionWord(action, t)
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

/** Where it stands, by the job that it is at. */
export type Stage = 'trying' | 'tried' | 'trialStopped' | 'trialFailed' | 'running' | 'done' | 'stopped' | 'failed' | 'unknown'

export function stageOf(started: boolean, state: JobState | null | undefined): Stage {
  switch (state) {
    case 'READY':
    case 'RUNNING':
      return started ? 'running' : 'trying'
    case 'DONE':
      return started ? 'done' : 'tried'
    case 'CANCELLED':
      return started ? 'stopped' : 'trialStopped'
    case 'DEAD':
      return started ? 'failed' : 'trialFailed'
    default:
      return 'unknown'
  }
}

const FLAG_MARK = 'flag:'

/** What is different. */
export function whatWord(what: string, t: TFunction): string {
  if (what.startsWith(FLAG_MARK)) {
    const flag = FLAGS.find((item) => item === what.slice(FLAG_MARK.length).toUpperCase())
    return t('bulk.what.flag', { flag: flag ? t(`flag.${flag}`) : what.slice(FLAG_MARK.length) })
  }
  const field = FIELDS.find((item) => item === what.toUpperCase())
  if (field) return t(`field.${field}`)
  return what === 'state' || what === 'published' || what === 'logo' ? t(`bulk.what.${what}`) : what
}

type Difference = BulkRow['differences'][number]

/** One side of a difference. */
export function sideWord({ what }: Pick<Difference, 'what'>, text: string | null | undefined, t: TFunction): string {
  if (!text) return t('closed.empty')
  if (what.startsWith(FLAG_MARK)) return t(text === 'yes' ? 'bulk.side.flagUp' : 'bulk.side.flagDown')
  if (what === 'published') return t(text === 'yes' ? 'bulk.side.shown' : 'bulk.side.hidden')
  if (what === 'logo') return t(text === 'yes' ? 'bulk.side.allowed' : 'bulk.side.suspended')
  if (what === 'star') return text === '1' ? t('star.ONE') : text === '2' ? t('star.TWO') : text
  if (what !== 'state') return text
  const [kind, day] = text.split(' ')
  const word = kind === 'active' ? t('state.ACTIVE') : kind === 'stopped' || kind === 'closed' || kind === 'withdrawn' ? t(`bulk.stop.${kind.toUpperCase() as 'STOPPED' | 'CLOSED' | 'WITHDRAWN'}`) : text
  return day ? t('bulk.side.since', { word, day: formatDate(day, currentLanguage()) }) : word
}
