// One's own second factor: whether there is one, setting it up, new recovery codes, and doing without.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makeRecoveryCodes, OWN_SECOND_FACTOR_KEY, ownSecondFactorQuery } from '../../graphql/credentials'
import { execute } from '../../graphql/execute'
import { RemoveTotpDocument } from '../../graphql/gql/graphql'
import { OWN_SESSIONS_KEY } from '../../graphql/staff'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { Skeleton } from '../../ui/loading'
import { Sheet } from '../../ui/modal'
import { toast } from '../../ui/toast'
import { FaultBand } from '../fault'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { whenWord } from '../operations/words'
import { useSession } from '../session'
import { ProveFirst, useProof } from './prove-again'
import { RecoveryCodes } from './recovery-codes'
import { SetUpSecondFactor } from './set-up'

/** So few are soon none. */
const FEW = 3

type Open = 'setUp' | 'codes' | 'remove'

/** Removes it, or makes new codes; what has to wait for a fresh session is asked for once more after it. */
function useDeeds(onCodes: (codes: readonly string[]) => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [refused, setRefused] = useState<string>()
  const proof = useProof<Open>()
  const act = useMutation({
    mutationFn: async (what: Open) => (what === 'codes' ? makeRecoveryCodes() : (await execute(RemoveTotpDocument, {})).removeTotp),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, what) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(what)
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'RecoveryCodes') onCodes(result.codes)
      if (result.__typename === 'TotpRemoved') toast(t('secondFactor.removed'))
      await Promise.all([OWN_SECOND_FACTOR_KEY, OWN_SESSIONS_KEY].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
  return { act, refused, proof }
}

export function OwnSecondFactor() {
  const { t } = useTranslation()
  const { login } = useSession().staff
  const { data, error, refetch } = useQuery(ownSecondFactorQuery)
  const [open, setOpen] = useState<Open>()
  const [codes, setCodes] = useState<readonly string[]>()
  // Shown once: a slip of a key must not close it.
  const [firm, setFirm] = useState(false)
  const { act, refused, proof } = useDeeds(setCodes)
  const isOn = data?.secondFactor === 'TOTP'
  const left = data?.recoveryCodesLeft ?? 0
  const close = () => {
    setOpen(undefined)
    setFirm(false)
  }
  const run = (what: Open) => {
    setOpen(undefined)
    if (!act.isPending) act.mutate(what)
  }
  return (
    <section aria-labelledby="second-factor" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="second-factor" className="flex flex-wrap items-center gap-2 text-base">
          {t('secondFactor.title')}
          {data && (
            <Chip tone={isOn ? 'good' : 'quiet'} icon={isOn ? 'check' : 'info'}>
              {t(isOn ? 'secondFactor.on' : 'secondFactor.off')}
            </Chip>
          )}
        </h2>
        {data && <Buttons isOn={isOn} busy={act.isPending} onOpen={setOpen} />}
      </div>
      <p className="text-sm text-muted">{t('secondFactor.lead')}</p>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-6 w-2/3" />}
      {isOn && data.secondFactorSince && <p className="num text-sm">{t('secondFactor.since', { when: whenWord(data.secondFactorSince), count: left })}</p>}
      {isOn && left <= FEW && (
        <Band tone="warn" role="note">
          {t('secondFactor.few', { count: left })}
        </Band>
      )}
      <DeedFault error={act.error} />
      {refused && (
        <Band tone="bad" role="alert">
          {refused}
        </Band>
      )}
      <Sheet title={t(isOn && !firm ? 'secondFactor.replaceTitle' : 'secondFactor.setUpTitle')} open={open === 'setUp'} firm={firm} onClose={close}>
        <div className="min-h-0 flex-1 overflow-auto p-5">
          {open === 'setUp' && (
            <SetUpSecondFactor
              login={login}
              onCodes={() => setFirm(true)}
              onCancel={close}
              onDone={() => {
                close()
                toast(t('secondFactor.done'))
              }}
            />
          )}
        </div>
      </Sheet>
      <Sheet title={t('recoveryCodes.title')} open={codes !== undefined} firm onClose={() => {}}>
        <div className="min-h-0 flex-1 overflow-auto p-5">{codes && <RecoveryCodes codes={codes} login={login} onKept={() => setCodes(undefined)} />}</div>
      </Sheet>
      <Questions open={open} onNo={close} onYes={run} />
      <ProveFirst proof={proof} goOn={act.mutate} />
    </section>
  )
}

function Buttons({ isOn, busy, onOpen }: { isOn: boolean; busy: boolean; onOpen: (what: Open) => void }) {
  const { t } = useTranslation()
  const reason = busy ? t('secondFactor.working') : undefined
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" look={isOn ? 'secondary' : 'primary'} onClick={() => onOpen('setUp')}>
        {t(isOn ? 'secondFactor.replace' : 'secondFactor.setUp')}
      </Button>
      {isOn && (
        <>
          <Button size="sm" reason={reason} onClick={() => onOpen('codes')}>
            {t('secondFactor.newCodes')}
          </Button>
          <Button size="sm" look="danger" reason={reason} onClick={() => onOpen('remove')}>
            {t('secondFactor.remove')}
          </Button>
        </>
      )}
    </div>
  )
}

function Questions({ open, onNo, onYes }: { open?: Open; onNo: () => void; onYes: (what: Open) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <DeedQuestion
        title={t('secondFactor.newCodesTitle')}
        text={t('secondFactor.newCodesText')}
        yes={t('secondFactor.newCodesYes')}
        no={t('action.cancel')}
        open={open === 'codes'}
        onNo={onNo}
        onYes={() => onYes('codes')}
      />
      <DeedQuestion
        danger
        title={t('secondFactor.removeTitle')}
        text={t('secondFactor.removeText')}
        yes={t('secondFactor.removeYes')}
        no={t('action.cancel')}
        open={open === 'remove'}
        onNo={onNo}
        onYes={() => onYes('remove')}
      />
    </>
  )
}
