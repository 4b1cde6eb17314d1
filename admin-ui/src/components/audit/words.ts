// How the record of reads is told: what was shown and from where, in words; what is newer than this list by its code.
import type { TFunction } from 'i18next'
import { CHANGES, operationOf } from '../../graphql/changes'

/** What the server notes as shown. */
export const PARTS = ['sole_trader_name', 'premises', 'representative', 'contact', 'free_text', 'mail', 'case', 'import', 'import_rows', 'bulk_change', 'export', 'account', 'inquiry'] as const

export function partWord(part: string, t: TFunction): string {
  const known = PARTS.find((item) => item === part)
  return known ? t(`audit.part.${known}`) : part
}

/** The questions of the console whose answers hold something personal, by the names that they are asked under. */
export const SCREENS = [
  'Declaration', 'DeclarationList', 'CorrectDeclaration', 'MailList', 'OneMail', 'MailWordsOf', 'DecideMails', 'SendTestMail', 'Suppressions', 'SuppressAddress', 'OneApproval', 'Approve', 'RequestForgetting',
  'OnePrivacyRequest', 'ChangePrivacyRequest', 'PrivacyRequestHoldings', 'OneIncident', 'ChangeIncident', 'IncidentDraft', 'MergeComparison', 'NumberMatches', 'StatusCheck',
] as const

const EXPORTS = ['exposure', 'figures', 'incident', 'holdings', 'status_check'] as const

const screenWord = (name: string, t: TFunction): string => {
  const screen = SCREENS.find((item) => item === name)
  if (screen) return t(`audit.screen.${screen}`)
  return CHANGES.some((change) => operationOf(change) === name) ? t('audit.command') : name
}

/** `console:Declaration` → 宣言の詳細. What an older console wrote has no screen; what is newer is told as it comes. */
export function purposeWord(purpose: string, t: TFunction): string {
  if (purpose === 'console') return t('audit.console')
  // A program names its questions as it likes.
  if (purpose === 'token') return t('audit.program')
  const [kind = '', ...rest] = purpose.split(':')
  const name = rest.join(':')
  if (name === '') return purpose
  if (kind === 'console') return screenWord(name, t)
  if (kind === 'export') {
    const known = EXPORTS.find((item) => item === name)
    return t('audit.export', { what: known ? t(`audit.exported.${known}`) : name })
  }
  // What we hold, gathered for somebody who asked for it: the id of their request follows.
  if (kind === 'privacy-request') return t('audit.privacyRequest')
  return kind === 'token' ? t('audit.token', { name }) : purpose
}
