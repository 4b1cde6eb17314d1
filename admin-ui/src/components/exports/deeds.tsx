// What can be done with a file: take it, stop its making, have it made after all, destroy it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { doExport, type ExportDeed, type ExportRecord, EXPORTS_KEY } from '../../graphql/view-exports'
import { newId, useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { DeedButtons, DeedNotes, DestroyDeed, StopDeed, useOff } from '../batch/deeds'
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
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, kind) => {
      round.current = newId()
      await client.invalidateQueries({ queryKey: EXPORTS_KEY })
      if (result.__typename === 'ExportTouched') return toast(t(`exports.did.${kind}`))
      if (result.__typename === 'ExportOtherState') return setRefused(t('batch.otherState'))
      return setRefused(result.__typename === 'InvalidInput' ? result.problems.map(problemText).join(' ') : t('exports.notFound'))
    },
  })
  return { deed, refused }
}

export function ExportDeeds({ record, byItself, onTaken }: Props) {
  const { t } = useTranslation()
  const { summary, approval, isMine } = record
  const { deed, refused } = useDeeds(summary.id)
  const off = useOff('EXPORT_DECLARATIONS', deed.isPending)
  const act = (kind: ExportDeed) => {
    if (!deed.isPending) deed.mutate(kind)
  }
  if (!isMine) return null
  const { state, file, progress } = summary
  const making = state === 'WAITING' || state === 'MAKING'
  const over = state === 'DISCARDED' || state === 'EXPIRED' || state === 'FORGOTTEN'
  return (
    <>
      <DeedButtons>
        {state === 'MADE' && <TakeButton main id={summary.id} part="FILE" saveAs={fileName(summary, t)} word={t('exports.take')} byItself={byItself} onTaken={onTaken} />}
        {state === 'MADE' && file && file.unwritten > 0 && <TakeButton id={summary.id} part="REPORT" saveAs={reportName(summary, t)} word={t('exports.takeReport', { count: countWord(file.unwritten, t) })} />}
        {making && <StopDeed title={t('exports.stopTitle')} text={t('exports.stopText')} isStopping={progress?.cancelRequested ?? false} off={off} onYes={() => act('stop')} />}
        {(state === 'STOPPED' || state === 'FAILED') && (
          <Button look="primary" icon="play" reason={off} onClick={() => act('resume')}>
            {t('exports.resume')}
          </Button>
        )}
        {!making && !over && <DestroyDeed word={t('exports.discard')} title={t('exports.discardTitle')} text={t('exports.discardText')} off={off} onYes={() => act('discard')} />}
      </DeedButtons>
      <DeedNotes error={deed.error} refused={refused} approval={state === 'NEEDS_APPROVAL' ? { request: approval } : undefined} />
    </>
  )
}
