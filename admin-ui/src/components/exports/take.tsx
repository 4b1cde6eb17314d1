// Taking a file, or the report on it. Before it leaves, whoever wants it proves who they are; then it goes on by itself.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportPart } from '../../graphql/gql/graphql'
import { Fault } from '../../graphql/execute'
import { exportFile } from '../../graphql/exports'
import { EXPORTS_KEY } from '../../graphql/view-exports'
import { saveFile } from '../../lib/save-file'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ProveAgain } from '../credentials/prove-again'
import { FaultBand } from '../fault'

interface Props {
  id: string
  part: ExportPart
  saveAs: string
  word: string
  main?: boolean
  /** Whether it is taken without being asked for, once. */
  byItself?: boolean
  onTaken?: () => void
}

export function TakeButton({ id, part, saveAs, word, main = false, byItself = false, onTaken }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const begun = useRef(false)
  const take = useMutation({
    mutationFn: () => exportFile('declarations', { id, part }),
    onSuccess: async (content) => {
      saveFile(content, saveAs)
      toast(t('export.done'))
      onTaken?.()
      await client.invalidateQueries({ queryKey: EXPORTS_KEY })
    },
  })
  const { mutate } = take
  useEffect(() => {
    if (!byItself || begun.current) return
    begun.current = true
    mutate()
  }, [byItself, mutate])
  const unproved = take.error instanceof Fault && take.error.code === 'FRESH_SIGN_IN_REQUIRED'
  const busy = t('export.busy')
  return (
    <div className="flex flex-col gap-2" data-print="hide">
      <Button icon="download" look={main ? 'primary' : undefined} reason={take.isPending ? busy : undefined} onClick={() => mutate()}>
        {take.isPending ? busy : word}
      </Button>
      {take.error && !unproved && <FaultBand error={take.error} lead={t('export.failed')} onRetry={() => mutate()} />}
      <ProveAgain open={unproved} onClose={() => take.reset()} onProved={() => mutate()} />
    </div>
  )
}
