// What stands in place of rows: nothing found, nothing there yet, or a question that the server refuses.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { InputProblem } from '../../graphql/gql/graphql'
import type { MailQuestion } from '../../graphql/mail'
import { formatDeclarationNumber } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'

export function EmptyLedger({ question }: { question: MailQuestion }) {
  const { t } = useTranslation()
  const { address, number, state } = question
  if (!address && !number && !state) {
    return (
      <div className="rounded-md border border-line px-4 py-8">
        <h2 className="text-lg">{t('mailList.blankTitle')}</h2>
        <p className="mt-1">{t('mailList.blank')}</p>
      </div>
    )
  }
  return (
    <div className="rounded-md border border-line px-4 py-8">
      <h2 className="text-lg">{t('mailList.emptyTitle')}</h2>
      {address && <p className="mt-1">{t('mailList.emptyAddress', { text: address })}</p>}
      {number && <p className="mt-1">{t('mailList.emptyNumber', { text: formatDeclarationNumber(number) })}</p>}
      {state && <p className="mt-1">{t('mailList.emptyFilter')}</p>}
      <Link to="/settings/mail" className={`mt-4 ${buttonClass()}`}>
        {t('action.clear')}
      </Link>
    </div>
  )
}

/** In the place of rows, under the search that can be corrected. */
export function RefusedRows({ problems, to }: { problems: InputProblem[]; to: '/settings/mail' | '/settings/mail/suppressions' }) {
  const { t } = useTranslation()
  return (
    <section role="alert" className="rounded-md border border-bad-line px-4 py-6">
      <h2 className="text-lg">{t('mailList.refusedTitle')}</h2>
      <ul className="mt-1">
        {problems.map((problem) => (
          <li key={`${problem.field} ${problem.code}`}>
            <TypedText text={problemText(problem)} />
          </li>
        ))}
      </ul>
      <Link to={to} className={`mt-4 ${buttonClass()}`}>
        {t('action.clear')}
      </Link>
    </section>
  )
}
