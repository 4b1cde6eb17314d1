// What can be done with an import: begin it, ask a second person, stop it, go on, discard it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { current, doImport, IMPORT_KEY, type ImportDeed, type ImportRecord, requestImport, startImport } from '../../graphql/import'
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
import { rowsWord, type Stage } from './words'

type Asking = 'start' | 'stop' | 'request' | 'discard' | undefined

function useDeeds(record: ImportRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const round = useRef(newId())
  const [refused, setRefused] = useState<string>()
  const again = () => client.invalidateQueries({ queryKey: IMPORT_KEY })
  const trial = record.trial?.id ?? ''
  const heard = async (result: Awaited<ReturnType<typeof doImport>>) => {
    round.current = newId()
    if (result.__typename === 'ImportOtherState') setRefused(t('imports.otherState'))
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
      if (result.__typename === 'ApprovalRequested') toast(t('imports.requested'))
      if (result.__typename === 'RequestStale') setRefused(t('imports.otherState'))
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('imports.notFound'))
      await Promise.all([again(), client.invalidateQueries({ queryKey: APPROVALS_KEY })])
    },
  })
  return { deed, start, request, refused }
}

export function ImportDeeds({ record, stage }: { record: ImportRecord; stage: Stage }) {
  const { t } = useTranslation()
  const session = useSession()
  const noRight = may(session, 'IMPORT_DECLARATIONS') ? undefined : t('sheet.noRight', { permission: t('permission.IMPORT_DECLARATIONS') })
  const [asking, setAsking] = useState<Asking>()
  const { deed, start, request, refused } = useDeeds(record)
  const pending = deed.isPending || start.isPending || request.isPending
  const off = noRight ?? (pending ? t('imports.working') : undefined)
  const close = () => setAsking(undefined)
  const act = (kind: ImportDeed) => {
    close()
    if (!deed.isPending) deed.mutate(kind)
  }
  const waiting = record.approval?.status === 'OPEN'
  const accepted = record.tried?.accepted ?? 0
  const nothing = accepted === 0 ? t('imports.nothingToDo') : undefined
  const count = rowsWord(accepted, t)
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden" data-print="hide">
        {stage === 'tried' && !record.needsApproval && (
          <Button look="primary" icon="play" reason={off ?? nothing} onClick={() => setAsking('start')}>
            {t('imports.start', { count })}
          </Button>
        )}
        {stage === 'tried' && record.needsApproval && (
          <Button look="primary" icon="approval" reason={off ?? nothing ?? (waiting ? t('imports.waiting') : undefined)} onClick={() => setAsking('request')}>
            {t('imports.request')}
          </Button>
        )}
        {(stage === 'trying' || stage === 'running') && (
          <Button look="danger" icon="stop" reason={off ?? (current(record)?.cancelRequested ? t('imports.stopping') : undefined)} onClick={() => setAsking('stop')}>
            {t('imports.stop')}
          </Button>
        )}
        {(stage === 'stopped' || stage === 'failed' || stage === 'trialStopped' || stage === 'trialFailed') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('imports.resume')}
          </Button>
        )}
        {!record.run && stage !== 'discarded' && stage !== 'trying' && (
          <Button look="danger" reason={off} onClick={() => setAsking('discard')}>
            {t('imports.discard')}
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
            <p>{t('imports.needsApproval', { limit: rowsWord(record.approvalAbove, t) })}</p>
            {waiting && record.approval && may(session, 'READ_APPROVALS') && (
              <Link to="/approvals/$id" params={{ id: record.approval.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
                {t('imports.toApproval')}
              </Link>
            )}
            {waiting && <p>{t('imports.waiting')}</p>}
            {record.approval && !waiting && <p>{t('imports.approvalIs', { state: t(`approvals.state.${record.approval.status}`) })}</p>}
          </Band>
        )}
      </div>
      <ReasonBox title={t('imports.startTitle')} label={t('imports.reason')} yes={t('imports.startYes')} open={asking === 'start'} busy={start.isPending} onClose={close} onYes={(reason) => start.mutate(reason, { onSuccess: close })} fault={start.error ? <DeedFault error={start.error} /> : undefined}>
        <p>{t('imports.startText', { count })}</p>
      </ReasonBox>
      <ReasonBox title={t('imports.request')} label={t('imports.reason')} yes={t('imports.request')} open={asking === 'request'} busy={request.isPending} onClose={close} onYes={(reason) => request.mutate(reason, { onSuccess: close })} fault={request.error ? <DeedFault error={request.error} /> : undefined}>
        <p>{t('imports.requestText', { count })}</p>
      </ReasonBox>
      <DeedQuestion danger title={t('imports.stopTitle')} text={t(stage === 'trying' ? 'imports.stopTrial' : 'imports.stopRun')} yes={t('imports.stop')} no={t('imports.stopNo')} open={asking === 'stop'} onNo={close} onYes={() => act('stop')} />
      <DeedQuestion danger title={t('imports.discardTitle')} text={t('imports.discardText')} yes={t('imports.discard')} no={t('action.cancel')} open={asking === 'discard'} onNo={close} onYes={() => act('discard')} />
    </>
  )
}
