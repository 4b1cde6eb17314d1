// What can be done with a bulk change: begin it, ask a second person, stop it, go on, take it back.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BULK_KEY, type BulkDeed, type BulkRecord, doBulkChange, requestBulkChange, undoBulkChange } from '../../graphql/bulk'
import { APPROVALS_KEY } from '../../graphql/open-approvals'
import { newId, useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ReasonBox } from '../approvals/reason-box'
import { DeedButtons, DeedNotes, StopDeed, useOff } from '../batch/deeds'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { actionWord, countWord, type Stage } from './words'

function useDeeds(record: BulkRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const commandId = useCommandId()
  // Stopping, going on and stopping again are three intents.
  const round = useRef(newId())
  const [refused, setRefused] = useState<string>()
  const again = () => client.invalidateQueries({ queryKey: BULK_KEY })
  const deed = useMutation({
    mutationFn: (kind: BulkDeed) => doBulkChange(kind, commandId({ kind, round: round.current }), record.id),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result) => {
      round.current = newId()
      if (result.__typename === 'BulkSelectionChanged') setRefused(t('bulk.selectionChanged'))
      if (result.__typename === 'BulkOtherState') setRefused(t('batch.otherState'))
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
      if (result.__typename === 'ApprovalRequested') toast(t('batch.requested'))
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
  const [asking, setAsking] = useState<'start' | 'request' | 'undo'>()
  const { deed, request, undo, refused } = useDeeds(record)
  const off = useOff('CHANGE_MANY', deed.isPending || request.isPending || undo.isPending)
  const close = () => setAsking(undefined)
  const act = (kind: BulkDeed) => {
    close()
    if (!deed.isPending) deed.mutate(kind)
  }
  const waits = stage === 'tried' && record.needsApproval
  const nothing = changed === 0 ? t('bulk.nothingToDo') : undefined
  const name = actionWord(record.action, t)
  const count = countWord(changed, t)
  const progress = record.run ?? record.trial
  return (
    <>
      <DeedButtons>
        {stage === 'tried' && !record.needsApproval && (
          <Button look="primary" icon="play" reason={off ?? nothing} onClick={() => setAsking('start')}>
            {t('bulk.start', { count })}
          </Button>
        )}
        {waits && (
          <Button look="primary" icon="approval" reason={off ?? nothing ?? (record.approval?.status === 'OPEN' ? t('batch.waiting') : undefined)} onClick={() => setAsking('request')}>
            {t('bulk.request')}
          </Button>
        )}
        {(stage === 'trying' || stage === 'running') && (
          <StopDeed title={t('bulk.stopTitle')} text={t(stage === 'trying' ? 'bulk.stopTrial' : 'bulk.stopRun')} isStopping={progress?.cancelRequested ?? false} off={off} onYes={() => act('stop')} />
        )}
        {(stage === 'stopped' || stage === 'failed' || stage === 'trialStopped' || stage === 'trialFailed') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('batch.resume')}
          </Button>
        )}
        {record.canBeUndone && (record.run?.counts.some(({ outcome, count: of }) => outcome === 'CHANGED' && of > 0) ?? false) && (
          <Button icon="swap" reason={off} onClick={() => setAsking('undo')}>
            {t('bulk.undo')}
          </Button>
        )}
      </DeedButtons>
      <DeedNotes error={deed.error} refused={refused} approval={waits ? { needs: t('bulk.needsApproval', { limit: countWord(record.approvalAbove, t) }), request: record.approval } : undefined} />
      <DeedQuestion title={t('bulk.startTitle')} text={t('bulk.startText', { name, count })} yes={t('bulk.startYes')} no={t('action.cancel')} open={asking === 'start'} onNo={close} onYes={() => act('start')} />
      <ReasonBox calm title={t('bulk.request')} label={t('bulk.requestReason')} yes={t('bulk.request')} open={asking === 'request'} busy={request.isPending} onClose={close} onYes={(reason) => request.mutate(reason, { onSuccess: close })} fault={request.error ? <DeedFault error={request.error} /> : undefined}>
        <p>{t('bulk.requestText', { name, count })}</p>
      </ReasonBox>
      <ReasonBox calm title={t('bulk.undoTitle')} label={t('bulk.label.reason')} yes={t('bulk.undoYes')} open={asking === 'undo'} busy={undo.isPending} onClose={close} onYes={(reason) => undo.mutate(reason, { onSuccess: close })} fault={undo.error ? <DeedFault error={undo.error} /> : undefined}>
        <p>{t('bulk.undoText')}</p>
      </ReasonBox>
    </>
  )
}
