// How imports are told.
import type { TFunction } from 'i18next'
import type { ImportFormat, JobState } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatBytes, formatCount } from '../../lib/format'

export const rowsWord = (rows: number, t: TFunction) => t('imports.rows', { count: rows, total: formatCount(rows, currentLanguage()) })

export const fileWord = ({ format, size }: { format: ImportFormat; size: number }, t: TFunction) => t('imports.fileKind', { kind: t(`imports.format.${format}`), size: formatBytes(size, currentLanguage()) })

/** The sentence of what was found, in the language of the reader. */
export const foundWord = ({ message, english }: { message: string; english: string }) => (currentLanguage() === 'en' ? english : message)

const CODES = [
  'ragged_row', 'declaration_no_missing', 'declaration_no_shape', 'declaration_no_conflict', 'name_missing', 'declared_on_unreadable', 'star_unknown', 'cell_too_long', 'corporate_number_missing',
  'corporate_number_length', 'corporate_number_check_digit', 'corporate_number_duplicate', 'industry_unknown', 'employees_missing', 'employees_unreadable', 'policy_missing', 'policy_not_url', 'email_missing',
  'email_unreadable', 'email_not_rfc', 'stopped_date_missing', 'name_characters',
] as const

/** What was found, in a word; what a newer server finds by its code. */
export function codeWord(code: string, t: TFunction): string {
  const known = CODES.find((item) => item === code)
  return known ? t(`imports.code.${known}`) : code
}

/** Where it stands, by what was said and by the job that it is at. */
export type Stage = 'uploaded' | 'trying' | 'tried' | 'trialStopped' | 'trialFailed' | 'running' | 'done' | 'stopped' | 'failed' | 'discarded'

interface Standing {
  discarded: boolean
  started: boolean
  state: JobState | null | undefined
}

export function stageOf({ discarded, started, state }: Standing): Stage {
  if (discarded) return 'discarded'
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
      return 'uploaded'
  }
}
