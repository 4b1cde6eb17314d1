// What can be done with a file: take it, stop its making, have it made after all, destroy it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { doExport, type ExportDeed, type ExportRecord, EXPORTS_KEY } from '../../graphql/view-exports'
import { newId, useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'
import { TakeButton } from './take'
import { countWord, fileName, reportName } from './words'

interface Props {
  record: ExportRecord
  /** Whether the file is taken as soon as it is there. */
  byItself: boolean
  onTaken: () => void
}

function useDeeds(id: string) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // Stopping, going on and stopping again are three intents.
  const round = useRef(newId())
  const [refused, setRefused] = useState<string>()
  const deed = useMutation({
    mutationFn: (kind: ExportDeed) => doExport(kind, commandId([kind, id, round.current]), id),
    onSuccess: async (result, kind) => {
      round.current = newId()
      setRefused(undefined)
      await client.invalidateQueries({ queryKey: EXPORTS_KEY })
      if (result.__typename === 'ExportTouched') return toast(t(`exports.did.${kind}`))
      if (result.__typename === 'ExportOtherState') return setRefused(t('exports.otherState'))
      return setRefused(result.__typename === 'InvalidInput' ? result.problems.map(problemText).join(' ') : t('exports.notFound'))
    },
  })
  return { deed, refused }
}

export function ExportDeeds({ record, byItself, onTaken }: Props) {
  const { t } = useTranslation()
  const { summary, approval, isMine } = record
  const session = useSession()
  const noRight = may(session, 'EXPORT_DECLARATIONS') ? undefined : t('sheet.noRight', { permission: t('permission.EXPORT_DECLARATIONS') })
  const [asking, setAsking] = useState<'stop' | 'discard'>()
  const { deed, refused } = useDeeds(summary.id)
  const off = noRight ?? (deed.isPending ? t('exports.working') : undefined)
  const close = () => setAsking(undefined)
  const act = (kind: ExportDeed) => {
    close()
    if (!deed.isPending) deed.mutate(kind)
  }
  if (!isMine) return null
  const { state } = summary
  const making = state === 'WAITING' || state === 'MAKING'
  const over = state === 'DISCARDED' || state === 'EXPIRED' || state === 'FORGOTTEN'
  return (
    <>
      <div className="flex flex-wrap items-start gap-2 empty:hidden" data-print="hide">
        {state === 'MADE' && <TakeButton main id={summary.id} part="FILE" saveAs={fileName(summary, t)} word={t('exports.take')} byItself={byItself} onTaken={onTaken} />}
        {state === 'MADE' && summary.file && summary.file.unwritten > 0 && <TakeButton id={summary.id} part="REPORT" saveAs={reportName(summary, t)} word={t('exports.takeReport', { count: countWord(summary.file.unwritten, t) })} />}
        {making && (
          <Button look="danger" icon="stop" reason={off ?? (summary.progress?.cancelRequested ? t('exports.stopping') : undefined)} onClick={() => setAsking('stop')}>
            {t('exports.stop')}
          </Button>
        )}
        {(state === 'STOPPED' || state === 'FAILED') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('exports.resume')}
          </Button>
        )}
        {!making && !over && (
          <Button icon="close" reason={off} onClick={() => setAsking('discard')}>
            {t('exports.discard')}
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
        {state === 'NEEDS_APPROVAL' && approval && (
          <Band tone="info" role="note">
            <p>{approval.status === 'OPEN' ? t('exports.waiting') : t('exports.approvalIs', { state: t(`approvals.state.${approval.status}`) })}</p>
            {may(session, 'READ_APPROVALS') && (
              <Link to="/approvals/$id" params={{ id: approval.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
                {t('exports.toApproval')}
              </Link>
            )}
          </Band>
        )}
      </div>
      <DeedQuestion danger title={t('exports.stopTitle')} text={t('exports.stopText')} yes={t('exports.stop')} no={t('exports.stopNo')} open={asking === 'stop'} onNo={close} onYes={() => act('stop')} />
      <DeedQuestion danger title={t('exports.discardTitle')} text={t('exports.discardText')} yes={t('exports.discard')} no={t('action.cancel')} open={asking === 'discard'} onNo={close} onYes={() => act('discard')} />
    </>
  )
}
