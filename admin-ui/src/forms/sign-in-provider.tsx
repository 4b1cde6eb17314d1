// Signing in by the office's identity provider, and what became of it. It leads away from the page, so it stands on the sign-in page
// only, not over a page with something typed.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { readFragment } from '../graphql/gql/fragment-masking'
import { BeginProviderSignInDocument, SentToProviderPartsFragmentDoc } from '../graphql/gql/graphql'
import { signInWaysQuery } from '../graphql/session'
import type { ProviderWord } from '../lib/search-params'
import { Band } from '../ui/band'
import { Button } from '../ui/button'

/** `word`: what became of it, when somebody comes back. */
export function SignInProvider({ word }: { word: ProviderWord | undefined }) {
  const { t } = useTranslation()
  // The password works whether this is answered or not.
  const { data: ways } = useQuery({ ...signInWaysQuery, retry: false })
  const leave = useMutation({
    mutationFn: async () => readFragment(SentToProviderPartsFragmentDoc, (await execute(BeginProviderSignInDocument, {})).beginProviderSignIn),
    onSuccess: (result) => {
      if (result.__typename === 'SentToProvider') window.location.assign(result.url)
    },
  })
  if (!ways?.provider) return null
  const { data: result } = leave
  const leaving = leave.isPending || result?.__typename === 'SentToProvider'
  // What was tried last is what is told.
  const problem = result?.__typename === 'InvalidInput' ? t('sso.unreachable') : result?.__typename === 'SignInRefused' ? t('signIn.passkeyWait', { seconds: result.retryAfterSeconds ?? 0 }) : word && !leaving && t(`sso.${word}`)
  return (
    <div className="mt-3 flex flex-col gap-3">
      {leave.error && <FaultBand error={leave.error} />}
      {problem && (
        <Band tone="bad" role="alert">
          {problem}
        </Band>
      )}
      <Button reason={leaving ? t('sso.leaving') : undefined} onClick={() => leave.mutate()}>
        {t('sso.signIn', { provider: ways.provider })}
      </Button>
    </div>
  )
}
