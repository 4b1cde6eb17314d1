// What can be done with a bulk change: begin it, ask a second person, stop it, go on, take it back.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BULK_KEY, type BulkDeed, type BulkRecord, doBulkChange, requestBulkChange, undoBulkChange } from '../../graphql/bulk'
import { APPROVALS_KEY } from '../../graphql/open-approvals'
import { may } from '../../graphql/session'
import { newId, useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { ReasonBox } from '../approvals/reason-box'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'
import { actionWord, countWord, type Stage } from './words'

type Asking = 'start' | 'stop' | 'request' | 'undo' | undefined

function useDeeds(record: BulkRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const commandId = useCommandId()
  const round = useRef(newId())
  const [refused, setRefused] = useState<string>()
  const again = () => client.invalidateQueries({ queryKey: BULK_KEY })
  const deed = useMutation({
    mutationFn: (kind: BulkDeed) => doBulkChange(kind, commandId({ kind, round: round.current }), record.id),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result) => {
      round.current = newId()
      if (result.__typename === 'BulkSelectionChanged') setRefused(t('bulk.selectionChanged'))
      if (result.__typename === 'BulkOtherState') setRefused(t('bulk.otherState'))
      if (result.__typename === 'BulkNeedsApproval') setRefused(t('bulk.needsApproval', { limit: countWord(result.limit, t) }))
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('bulk.notFound'))
      await again()
    },
  })
  const request = useMutation({
    mutationFn: (reason: string) => requestBulkChange(commandId({ request: reason }), record.id, reason),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result) => {
      if (result.__typename === 'ApprovalRequested') toast(t('bulk.requested'))
      if (result.__typename === 'RequestStale') setRefused(t('bulk.selectionChanged'))
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('bulk.notFound'))
      await Promise.all([again(), client.invalidateQueries({ queryKey: APPROVALS_KEY })])
    },
  })
  const undo = useMutation({
    mutationFn: (reason: string) => undoBulkChange(commandId({ undo: reason }), record.id, reason),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result) => {
      await again()
      if ('done' in result) return navigate({ to: '/bulk-changes/$id', params: { id: result.done }, search: {} })
      return setRefused('problems' in result ? result.problems.map(problemText).join(' ') : t('bulk.notFound'))
    },
  })
  return { deed, request, undo, refused }
}

export function BulkDeeds({ record, stage, changed }: { record: BulkRecord; stage: Stage; changed: number }) {
  const { t } = useTranslation()
  const session = useSession()
  const noRight = may(session, 'CHANGE_MANY') ? undefined : t('sheet.noRight', { permission: t('permission.CHANGE_MANY') })
  const [asking, setAsking] = useState<Asking>()
  const { deed, request, undo, refused } = useDeeds(record)
  const pending = deed.isPending || request.isPending || undo.isPending
  const off = noRight ?? (pending ? t('bulk.working') : undefined)
  const close = () => setAsking(undefined)
  const act = (kind: BulkDeed) => {
    close()
    if (!deed.isPending) deed.mutate(kind)
  }
  const waiting = record.approval?.status === 'OPEN'
  const nothing = changed === 0 ? t('bulk.nothingToDo') : undefined
  const name = actionWord(record.action, t)
  const count = countWord(changed, t)
  const progress = record.run ?? record.trial
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden" data-print="hide">
        {stage === 'tried' && !record.needsApproval && (
          <Button look="primary" icon="play" reason={off ?? nothing} onClick={() => setAsking('start')}>
            {t('bulk.start', { count })}
          </Button>
        )}
        {stage === 'tried' && record.needsApproval && (
          <Button look="primary" icon="approval" reason={off ?? nothing ?? (waiting ? t('bulk.waiting') : undefined)} onClick={() => setAsking('request')}>
            {t('bulk.request')}
          </Button>
        )}
        {(stage === 'trying' || stage === 'running') && (
          <Button look="danger" icon="stop" reason={off ?? (progress?.cancelRequested ? t('bulk.stopping') : undefined)} onClick={() => setAsking('stop')}>
            {t('bulk.stopDeed')}
          </Button>
        )}
        {(stage === 'stopped' || stage === 'failed' || stage === 'trialStopped' || stage === 'trialFailed') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('bulk.resume')}
          </Button>
        )}
        {record.canBeUndone && (record.run?.counts.some(({ outcome, count: of }) => outcome === 'CHANGED' && of > 0) ?? false) && (
          <Button icon="swap" reason={off} onClick={() => setAsking('undo')}>
            {t('bulk.undo')}
          </Button>
        )}
      </div>
      <div className="flex w-full flex-col gap-2 empty:hidden">
        <DeedFault error={deed.error} />
        {refused !== undefined && (
          <Band tone="warn" role="alert">
            <TypedText text={refused} />
          </Band>
        )}
        {stage === 'tried' && record.needsApproval && (
          <Band tone="info" role="note">
            <p>{t('bulk.needsApproval', { limit: countWord(record.approvalAbove, t) })}</p>
            {waiting && record.approval && may(session, 'READ_APPROVALS') && (
              <Link to="/approvals/$id" params={{ id: record.approval.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
                {t('bulk.toApproval')}
              </Link>
            )}
            {waiting && <p>{t('bulk.waiting')}</p>}
            {record.approval && !waiting && <p>{t('bulk.approvalIs', { state: t(`approvals.state.${record.approval.status}`) })}</p>}
          </Band>
        )}
      </div>
      <DeedQuestion title={t('bulk.startTitle')} text={t('bulk.startText', { name, count })} yes={t('bulk.startYes')} no={t('action.cancel')} open={asking === 'start'} onNo={close} onYes={() => act('start')} />
      <DeedQuestion danger title={t('bulk.stopTitle')} text={t(stage === 'trying' ? 'bulk.stopTrial' : 'bulk.stopRun')} yes={t('bulk.stopDeed')} no={t('bulk.stopNo')} open={asking === 'stop'} onNo={close} onYes={() => act('stop')} />
      <ReasonBox title={t('bulk.request')} label={t('bulk.requestReason')} yes={t('bulk.request')} open={asking === 'request'} busy={request.isPending} onClose={close} onYes={(reason) => request.mutate(reason, { onSuccess: close })} fault={request.error ? <DeedFault error={request.error} /> : undefined}>
        <p>{t('bulk.requestText', { name, count })}</p>
      </ReasonBox>
      <ReasonBox title={t('bulk.undoTitle')} label={t('bulk.label.reason')} yes={t('bulk.undoYes')} open={asking === 'undo'} busy={undo.isPending} onClose={close} onYes={(reason) => undo.mutate(reason, { onSuccess: close })} fault={undo.error ? <DeedFault error={undo.error} /> : undefined}>
        <p>{t('bulk.undoText')}</p>
      </ReasonBox>
    </>
  )
}
