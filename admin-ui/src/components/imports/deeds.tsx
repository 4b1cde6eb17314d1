// What can be done with an import: begin it, ask a second person, stop it, go on, discard it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { current, doImport, IMPORT_KEY, type ImportDeed, type ImportRecord, requestImport, startImport } from '../../graphql/import'
import { APPROVALS_KEY } from '../../graphql/open-approvals'
import { newId, useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ReasonBox } from '../approvals/reason-box'
import { DeedButtons, DeedNotes, DestroyDeed, StopDeed, useOff } from '../batch/deeds'
import { DeedFault } from '../operations/deed'
import { rowsWord, type Stage } from './words'

function useDeeds(record: ImportRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // Stopping, going on and stopping again are three intents.
  const round = useRef(newId())
  const [refused, setRefused] = useState<string>()
  const again = () => client.invalidateQueries({ queryKey: IMPORT_KEY })
  const trial = record.trial?.id ?? ''
  const heard = async (result: Awaited<ReturnType<typeof doImport>>) => {
    round.current = newId()
    if (result.__typename === 'ImportOtherState') setRefused(t('batch.otherState'))
    if (result.__typename === 'ImportNeedsApproval') setRefused(t('imports.needsApproval', { limit: rowsWord(result.limit, t) }))
    if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
    if (result.__typename === 'NotFound') setRefused(t('imports.notFound'))
    await again()
  }
  const onMutate = () => setRefused(undefined)
  const deed = useMutation({ mutationFn: (kind: ImportDeed) => doImport(kind, commandId({ kind, round: round.current }), record.id), onMutate, onSuccess: heard })
  const start = useMutation({ mutationFn: (reason: string) => startImport(commandId({ start: reason, trial }), record.id, trial, reason), onMutate, onSuccess: heard })
  const request = useMutation({
    mutationFn: (reason: string) => requestImport(commandId({ request: reason, trial }), record.id, trial, reason),
    onMutate,
    onSuccess: async (result) => {
      if (result.__typename === 'ApprovalRequested') toast(t('batch.requested'))
      if (result.__typename === 'RequestStale') setRefused(t('batch.otherState'))
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('imports.notFound'))
      await Promise.all([again(), client.invalidateQueries({ queryKey: APPROVALS_KEY })])
    },
  })
  return { deed, start, request, refused }
}

export function ImportDeeds({ record, stage }: { record: ImportRecord; stage: Stage }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'start' | 'request'>()
  const { deed, start, request, refused } = useDeeds(record)
  const off = useOff('IMPORT_DECLARATIONS', deed.isPending || start.isPending || request.isPending)
  const close = () => setAsking(undefined)
  const act = (kind: ImportDeed) => {
    if (!deed.isPending) deed.mutate(kind)
  }
  const waits = stage === 'tried' && record.needsApproval
  const accepted = record.tried?.accepted ?? 0
  const nothing = accepted === 0 ? t('imports.nothingToDo') : undefined
  const count = rowsWord(accepted, t)
  return (
    <>
      <DeedButtons>
        {stage === 'tried' && !record.needsApproval && (
          <Button look="primary" icon="play" reason={off ?? nothing} onClick={() => setAsking('start')}>
            {t('imports.start', { count })}
          </Button>
        )}
        {waits && (
          <Button look="primary" icon="approval" reason={off ?? nothing ?? (record.approval?.status === 'OPEN' ? t('batch.waiting') : undefined)} onClick={() => setAsking('request')}>
            {t('imports.request')}
          </Button>
        )}
        {(stage === 'trying' || stage === 'running') && (
          <StopDeed title={t('imports.stopTitle')} text={t(stage === 'trying' ? 'imports.stopTrial' : 'imports.stopRun')} isStopping={current(record)?.cancelRequested ?? false} off={off} onYes={() => act('stop')} />
        )}
        {(stage === 'stopped' || stage === 'failed' || stage === 'trialStopped' || stage === 'trialFailed') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('batch.resume')}
          </Button>
        )}
        {!record.run && stage !== 'discarded' && stage !== 'trying' && <DestroyDeed word={t('imports.discard')} title={t('imports.discardTitle')} text={t('imports.discardText')} off={off} onYes={() => act('discard')} />}
      </DeedButtons>
      <DeedNotes error={deed.error} refused={refused} approval={waits ? { needs: t('imports.needsApproval', { limit: rowsWord(record.approvalAbove, t) }), request: record.approval } : undefined} />
      <ReasonBox calm title={t('imports.startTitle')} label={t('imports.reason')} yes={t('imports.startYes')} open={asking === 'start'} busy={start.isPending} onClose={close} onYes={(reason) => start.mutate(reason, { onSuccess: close })} fault={start.error ? <DeedFault error={start.error} /> : undefined}>
        <p>{t('imports.startText', { count })}</p>
      </ReasonBox>
      <ReasonBox calm title={t('imports.request')} label={t('imports.reason')} yes={t('imports.request')} open={asking === 'request'} busy={request.isPending} onClose={close} onYes={(reason) => request.mutate(reason, { onSuccess: close })} fault={request.error ? <DeedFault error={request.error} /> : undefined}>
        <p>{t('imports.requestText', { count })}</p>
      </ReasonBox>
    </>
  )
}
