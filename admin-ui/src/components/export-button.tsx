// A file that leaves. Before it does, whoever wants it proves who they are; then it goes on by itself. Its name tells nobody.
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Fault } from '../graphql/execute'
import { type ExportName, exportFile } from '../graphql/exports'
import { saveFile } from '../lib/save-file'
import { Button } from '../ui/button'
import { toast } from '../ui/toast'
import { ProveAgain } from './credentials/prove-again'
import { FaultBand } from './fault'

interface Props {
  file: ExportName
  /** What it is about. */
  question: object
  /** Under which name it is saved. */
  saveAs: () => string
  word: string
  /** Why it cannot be asked for yet. */
  reason?: string | undefined
  small?: boolean
}

export function ExportButton({ file, question, saveAs, word, reason, small = false }: Props) {
  const { t } = useTranslation()
  const save = useMutation({
    mutationFn: () => exportFile(file, question),
    onSuccess: (content) => {
      saveFile(content, saveAs())
      toast(t('export.done'))
    },
  })
  const unproved = save.error instanceof Fault && save.error.code === 'FRESH_SIGN_IN_REQUIRED'
  const busy = t('export.busy')
  return (
    <div className="flex flex-col gap-2" data-print="hide">
      <p>
        <Button icon="download" size={small ? 'sm' : undefined} reason={save.isPending ? busy : reason} onClick={() => save.mutate()}>
          {save.isPending ? busy : word}
        </Button>
      </p>
      {save.error && !unproved && <FaultBand error={save.error} lead={t('export.failed')} onRetry={() => save.mutate()} />}
      <ProveAgain open={unproved} onClose={() => save.reset()} onProved={() => save.mutate()} />
    </div>
  )
}
