// The way to the office's identity provider, where there is one: it leads away from the page, so what did not work is told here.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { type FragmentType, readFragment } from '../graphql/gql/fragment-masking'
import { type InputProblem, SentToProviderPartsFragmentDoc } from '../graphql/gql/graphql'
import { signInWaysQuery } from '../graphql/session'
import { Band } from '../ui/band'
import { Button } from '../ui/button'

interface Props {
  begin: () => Promise<FragmentType<typeof SentToProviderPartsFragmentDoc>>
  word: (provider: string) => string
  problemOf: (problems: readonly InputProblem[]) => string
  /** What came of it before, until it is tried again. */
  told?: string
  lead?: string
  className: string
}

export function LeaveToProvider({ begin, word, problemOf, told, lead, className }: Props) {
  const { t } = useTranslation()
  // The password works whether this is answered or not.
  const { data: ways } = useQuery({ ...signInWaysQuery, retry: false })
  const leave = useMutation({
    mutationFn: async () => readFragment(SentToProviderPartsFragmentDoc, await begin()),
    onSuccess: (result) => {
      if (result.__typename === 'SentToProvider') window.location.assign(result.url)
    },
  })
  if (!ways?.provider) return null
  const { data: result } = leave
  const leaving = leave.isPending || result?.__typename === 'SentToProvider'
  // What was tried last is what is told.
  const refused = result?.__typename === 'SignInRefused' ? t('signIn.passkeyWait', { seconds: result.retryAfterSeconds ?? 0 }) : leaving ? undefined : told
  const problem = result?.__typename === 'InvalidInput' ? problemOf(result.problems) : refused
  return (
    <div className={`flex flex-col gap-3 ${className}`}>
      {leave.error && <FaultBand error={leave.error} />}
      {problem && (
        <Band tone="bad" role="alert">
          {problem}
        </Band>
      )}
      {lead && <p className="text-sm text-muted">{lead}</p>}
      <Button reason={leaving ? t('sso.leaving') : undefined} onClick={() => leave.mutate()}>
        {word(ways.provider)}
      </Button>
    </div>
  )
}
