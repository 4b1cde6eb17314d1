// Joining by the office's identity provider: the way there, beside the form with a password.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { readFragment } from '../graphql/gql/fragment-masking'
import { BeginProviderInvitationDocument, SentToProviderPartsFragmentDoc } from '../graphql/gql/graphql'
import { signInWaysQuery } from '../graphql/session'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'

export function InvitationProvider({ token }: { token: string }) {
  const { t } = useTranslation()
  // The password works whether this is answered or not.
  const { data: ways } = useQuery({ ...signInWaysQuery, retry: false })
  const leave = useMutation({
    mutationFn: async () => readFragment(SentToProviderPartsFragmentDoc, (await execute(BeginProviderInvitationDocument, { token })).beginProviderInvitation),
    onSuccess: (result) => {
      if (result.__typename === 'SentToProvider') window.location.assign(result.url)
    },
  })
  if (!ways?.provider) return null
  const { data: result } = leave
  const leaving = leave.isPending || result?.__typename === 'SentToProvider'
  const problem = result?.__typename === 'InvalidInput' ? result.problems.map(problemText).join(' ') : result?.__typename === 'SignInRefused' ? t('signIn.passkeyWait', { seconds: result.retryAfterSeconds ?? 0 }) : undefined
  return (
    <div className="mb-5 flex flex-col gap-3 border-b border-line pb-5">
      {leave.error && <FaultBand error={leave.error} />}
      {problem && (
        <Band tone="bad" role="alert">
          {problem}
        </Band>
      )}
      <p className="text-sm text-muted">{t('invitationSso.lead')}</p>
      <Button reason={leaving ? t('sso.leaving') : undefined} onClick={() => leave.mutate()}>
        {t('invitationSso.join', { provider: ways.provider })}
      </Button>
    </div>
  )
}
