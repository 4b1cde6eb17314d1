// What was asked, in one line: on the screen for how the days are counted, on paper because there the form is not.
import { useTranslation } from 'react-i18next'
import { isTokenReader, tokenReader } from '../../graphql/audit'
import type { SecurityQuestion } from '../../graphql/security'
import type { StaffAccount } from '../../graphql/staff'
import type { ApiToken } from '../../graphql/tokens'
import { currentLanguage } from '../../i18n'
import { rangeOf, type TimeRange } from '../../lib/audit-time'
import { formatDeclarationNumber, formatInstant } from '../../lib/format'
import type { ReadsSearch } from '../../lib/search-params'
import { TypedText } from '../../ui/typed-text'

interface Props {
  question: ReadsSearch & SecurityQuestion
  accounts: readonly StaffAccount[] | undefined
  tokens?: readonly ApiToken[] | undefined
  /** Of the answer; until it comes as it would be now. */
  range: TimeRange | undefined
  /** Whether the end is told although it was the moment of asking. */
  exact?: boolean
}

export function Asked({ question, accounts, tokens, range = rangeOf(question), exact = false }: Props) {
  const { t } = useTranslation()
  const account = accounts?.find(({ id }) => id === question.staff)
  const token = tokens?.find(({ id }) => tokenReader(id) === question.staff)
  const when = (instant: string) => formatInstant(instant, currentLanguage())
  const time = range.isOpen && !exact ? t('audit.sinceUntilNow', { since: when(range.since) }) : t('audit.sinceUntil', { since: when(range.since), until: when(range.until) })
  const unnamed = question.staff && t(isTokenReader(question.staff) ? 'audit.someToken' : 'audit.someAccount')
  const reader = account ? t('audit.accountNamed', { name: account.name, login: account.login }) : token ? t('audit.tokenNamed', { name: token.name }) : unnamed
  const words = [
    time,
    question.kind && t(`audit.security.kind.${question.kind}`),
    reader,
    question.number && t('audit.ofNumber', { number: formatDeclarationNumber(question.number) }),
  ].filter((word) => word !== undefined && word !== '')
  return (
    <p className="min-h-6 text-sm">
      <TypedText text={words.join(t('app.joint'))} />
    </p>
  )
}
