// That the office's identity provider can vouch for somebody: linked by themselves while signed in, and taken back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { BeginProviderLinkDocument, OwnIdentityDocument, SentToProviderPartsFragmentDoc, UnlinkProviderDocument } from '../../graphql/gql/graphql'
import { problemText } from '../../lib/problem-text'
import type { ProviderWord } from '../../lib/search-params'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ProveFirst, useProof } from '../credentials/prove-again'
import { FaultBand } from '../fault'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { whenWord } from '../operations/words'

type Deed = 'link' | 'unlink'

const OWN_IDENTITY_KEY = ['own-identity'] as const

async function carryOut(deed: Deed) {
  if (deed === 'unlink') return (await execute(UnlinkProviderDocument, {})).unlinkProvider
  return readFragment(SentToProviderPartsFragmentDoc, (await execute(BeginProviderLinkDocument, {})).beginProviderLink)
}

/** `word`: what became of it, when somebody comes back from the provider. Nothing, where the office has none. */
export function Identity({ word }: { word: ProviderWord | undefined }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: OWN_IDENTITY_KEY,
    queryFn: async ({ signal }) => execute(OwnIdentityDocument, {}, signal),
  })
  const heading = useRef<HTMLHeadingElement>(null)
  const [asking, setAsking] = useState(false)
  const proof = useProof<Deed>()
  const run = useMutation({
    mutationFn: carryOut,
    onSuccess: async (result, deed) => {
      if (result.__typename === 'SentToProvider') return window.location.assign(result.url)
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(deed)
      if (result.__typename === 'ProviderUnlinked') {
        await client.invalidateQueries({ queryKey: OWN_IDENTITY_KEY })
        toast(t('identity.unlinked'))
        heading.current?.focus()
      }
    },
  })
  const { signInWays, ownIdentity: own } = data ?? {}
  const provider = signInWays?.provider
  if (!provider && !error) return null
  const busy = run.isPending ? t('sso.leaving') : undefined
  const refusal = run.data?.__typename === 'InvalidInput' ? run.data.problems[0] : undefined
  return (
    <section aria-labelledby="identity" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="identity" ref={heading} tabIndex={-1} className="w-fit text-base">
          {t('identity.title')}
        </h2>
        {provider && (
          <Button size="sm" look={own ? 'danger' : 'secondary'} reason={busy} onClick={() => (own ? setAsking(true) : run.mutate('link'))}>
            {t(own ? 'identity.unlink' : 'identity.link', { provider })}
          </Button>
        )}
      </div>
      {provider && <p className="text-sm text-muted">{t('identity.lead', { provider })}</p>}
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <DeedFault error={run.error} />
      {refusal && (
        <Band tone="bad" role="alert">
          {problemText(refusal)}
        </Band>
      )}
      {word && !run.data && (
        <Band tone={word === 'linked' ? 'info' : 'bad'} role={word === 'linked' ? 'status' : 'alert'}>
          {t(`sso.${word}`)}
        </Band>
      )}
      {provider && (
        <p className="flex flex-wrap gap-x-4 text-sm">
          <span className="num">{own ? t('identity.since', { when: whenWord(own.linkedAt) }) : t('identity.notLinked')}</span>
          {own && <span className="num">{own.lastUsedAt ? t('identity.lastUsed', { when: whenWord(own.lastUsedAt) }) : t('identity.neverUsed')}</span>}
        </p>
      )}
      <DeedQuestion
        danger
        title={t('identity.unlinkTitle')}
        text={t('identity.unlinkText', { provider })}
        yes={t('identity.unlinkYes')}
        no={t('identity.unlinkNo')}
        open={asking}
        onNo={() => setAsking(false)}
        onYes={() => {
          setAsking(false)
          run.mutate('unlink')
        }}
      />
      <ProveFirst proof={proof} goOn={run.mutate} />
    </section>
  )
}
