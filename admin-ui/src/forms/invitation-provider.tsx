// Joining by the office's identity provider: the way there, beside the form with a password.
import { useTranslation } from 'react-i18next'
import { execute } from '../graphql/execute'
import { BeginProviderInvitationDocument } from '../graphql/gql/graphql'
import { problemText } from '../lib/problem-text'
import { LeaveToProvider } from './leave-to-provider'

export function InvitationProvider({ token }: { token: string }) {
  const { t } = useTranslation()
  return (
    <LeaveToProvider
      begin={async () => (await execute(BeginProviderInvitationDocument, { token })).beginProviderInvitation}
      word={(provider) => t('invitationSso.join', { provider })}
      problemOf={(problems) => problems.map(problemText).join(' ')}
      lead={t('invitationSso.lead')}
      className="mb-5 border-b border-line pb-5"
    />
  )
}
