// What can be done to an account: other roles, disable, enable.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DisableReason } from '../../graphql/gql/graphql'
import { nowOf, STAFF_KEY, type StaffRecord, switchAccount } from '../../graphql/staff'
import { currentLanguage } from '../../i18n'
import { useCommandId } from '../../lib/command-id'
import { formatInstant } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button, buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { ProveFirst, useProof } from '../credentials/prove-again'
import { DeedFault, DeedQuestion } from '../operations/deed'
import type { Faster } from '../save-fault'
import { useSession } from '../session'
import { DisableBox } from './disable-box'
import { recordWord, rolesWord } from './words'

interface Outcome {
  refused?: string
  faster?: Faster
}

function useSwitch(record: StaffRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // What was done is done: the same again is another command, also where the version has stayed.
  const round = useRef(0)
  const [outcome, setOutcome] = useState<Outcome>({})
  const proof = useProof<DisableReason | undefined>()
  const act = useMutation({
    mutationFn: (reason: DisableReason | undefined) => {
      const content = { id: record.id, expectedVersion: record.version }
      return switchAccount({ commandId: commandId({ reason, round: round.current, ...content }), ...content }, reason)
    },
    onMutate: () => setOutcome({}),
    onSuccess: async (result, reason) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(reason)
      round.current += 1
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      if (result.__typename === 'AccountChanged') toast(t(reason ? 'staff.disabled' : 'staff.enabled', { name: record.name }))
      if (result.__typename === 'AccountConflict') {
        const { record: theirs, last } = nowOf(result)
        setOutcome({ faster: { text: recordWord(theirs, t), by: last?.by, at: last?.at } })
      }
      if (result.__typename === 'InvalidInput') setOutcome({ refused: result.problems.map(problemText).join(' ') })
      if (result.__typename === 'NotFound') setOutcome({ refused: t('staff.gone') })
    },
  })
  const question = (
    <ProveFirst proof={proof} goOn={act.mutate} />
  )
  return { act, outcome, question }
}

/** The buttons of the page's head, and under them what came of the last. */
export function StaffDeeds({ record }: { record: StaffRecord }) {
  const { t } = useTranslation()
  const own = useSession().staff.id === record.id
  const { act, outcome, question } = useSwitch(record)
  const [asking, setAsking] = useState(false)
  const reason = own ? t('staff.oneself') : act.isPending ? t('staff.working') : undefined
  const close = () => setAsking(false)
  const run = (why: DisableReason | undefined) => {
    close()
    if (!act.isPending) act.mutate(why)
  }
  const disabled = Boolean(record.disabledAt)
  return (
    <>
      <div className="flex flex-wrap gap-2" data-print="hide">
        {own ? (
          <Button icon="edit" reason={reason}>
            {t('staff.changeRoles')}
          </Button>
        ) : (
          <Link to="/settings/staff/$id/roles" params={{ id: record.id }} resetScroll={false} className={buttonClass()}>
            <Icon name="edit" />
            {t('staff.changeRoles')}
          </Link>
        )}
        <Button look={disabled ? 'secondary' : 'danger'} icon={disabled ? 'play' : 'stop'} reason={reason} onClick={() => setAsking(true)}>
          {t(disabled ? 'staff.enable' : 'staff.disable')}
        </Button>
      </div>
      <div className="flex w-full flex-col gap-2 empty:hidden">
        {own && <p className="text-sm text-muted">{t('staff.oneself')}</p>}
        <DeedFault error={act.error} />
        <OutcomeBand outcome={outcome} />
      </div>
      <DisableBox name={record.name} open={asking && !disabled} onClose={close} onDisable={run} />
      <DeedQuestion
        title={t('staff.enableTitle', { name: record.name })}
        text={t(record.disabledBecause === 'SUSPICION' ? 'staff.enableSuspicion' : 'staff.enableText', { roles: rolesWord(record.roles, t) })}
        yes={t('staff.enable')}
        no={t('action.cancel')}
        open={asking && disabled}
        onNo={close}
        onYes={() => run(undefined)}
      />
      {question}
    </>
  )
}

function OutcomeBand({ outcome: { refused, faster } }: { outcome: Outcome }) {
  const { t } = useTranslation()
  if (refused) {
    return (
      <Band tone="bad" role="alert">
        <p className="font-bold">{t('operations.notDone')}</p>
        <p>
          <TypedText text={refused} />
        </p>
      </Band>
    )
  }
  if (!faster) return null
  return (
    <Band tone="warn" role="alert">
      <p className="font-bold">{t('staff.conflict')}</p>
      {faster.by && faster.at && <p>{t('sheet.conflictBy', { who: faster.by.name, when: formatInstant(faster.at, currentLanguage()) })}</p>}
      <p>{t('sheet.conflictNow', { text: faster.text })}</p>
      <p>{t('staff.conflictLead')}</p>
    </Band>
  )
}
