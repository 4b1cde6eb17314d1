// What can be done for a member who cannot get in: a link to another password, and taking a lost second factor away, passkeys with it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { ResetSecondFactorDocument, SendPasswordLinkDocument } from '../../graphql/gql/graphql'
import { STAFF_KEY, type StaffRecord } from '../../graphql/staff'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ProveFirst, useProof } from '../credentials/prove-again'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'

type Deed = 'link' | 'reset'

function useCredentialDeed(record: StaffRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // What was done is done: the same again is another command.
  const round = useRef(0)
  const [refused, setRefused] = useState<string>()
  const proof = useProof<Deed>()
  const act = useMutation({
    mutationFn: async (deed: Deed) => {
      const variables = { commandId: commandId({ deed, id: record.id, round: round.current }), staffId: record.id }
      if (deed === 'link') return (await execute(SendPasswordLinkDocument, variables)).sendPasswordLink
      return (await execute(ResetSecondFactorDocument, variables)).resetSecondFactor
    },
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, deed) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(deed)
      round.current += 1
      if (result.__typename === 'PasswordLinkSent') toast(t('staff.linkSent', { name: record.name }))
      if (result.__typename === 'SecondFactorReset') toast(t('staff.factorReset', { name: record.name }))
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('staff.gone'))
      await client.invalidateQueries({ queryKey: STAFF_KEY })
    },
  })
  return { act, refused, proof }
}

export function CredentialDeeds({ record }: { record: StaffRecord }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  const own = staff.id === record.id
  const { act, refused, proof } = useCredentialDeed(record)
  const [asking, setAsking] = useState<Deed>()
  const { name, mail } = record
  const hasMore = record.hasSecondFactor || record.hasPasskey
  const busy = act.isPending ? t('staff.working') : undefined
  const noLink = record.disabledAt ? t('staff.noLinkDisabled') : mail ? undefined : t('staff.noLinkMail')
  const close = () => setAsking(undefined)
  const run = (deed: Deed) => {
    close()
    if (!act.isPending) act.mutate(deed)
  }
  return (
    <div className="mt-3 flex flex-col gap-2" data-print="hide">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon="mail" reason={noLink ?? busy} onClick={() => setAsking('link')}>
          {t('staff.sendLink')}
        </Button>
        {hasMore && (
          <Button size="sm" look="danger" reason={own ? t('staff.ownFactor') : busy} onClick={() => setAsking('reset')}>
            {t('staff.resetFactor')}
          </Button>
        )}
      </div>
      {noLink && <p className="text-sm text-muted">{noLink}</p>}
      {own && hasMore && <p className="text-sm text-muted">{t('staff.ownFactor')}</p>}
      <DeedFault error={act.error} />
      {refused && (
        <Band tone="bad" role="alert">
          {refused}
        </Band>
      )}
      <DeedQuestion
        title={t('staff.sendLinkTitle', { name })}
        text={t('staff.sendLinkText', { mail })}
        yes={t('staff.sendLinkYes')}
        no={t('action.cancel')}
        open={asking === 'link'}
        onNo={close}
        onYes={() => run('link')}
      />
      <DeedQuestion
        danger
        title={t('staff.resetFactorTitle', { name })}
        text={t('staff.resetFactorText')}
        yes={t('staff.resetFactorYes')}
        no={t('action.cancel')}
        open={asking === 'reset'}
        onNo={close}
        onYes={() => run('reset')}
      />
      <ProveFirst proof={proof} goOn={act.mutate} />
    </div>
  )
}
