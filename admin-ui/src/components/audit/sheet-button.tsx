// The sheet with every record, about the same time as what is shown. Its name tells nobody.
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { exposureSheet } from '../../graphql/audit'
import { Fault } from '../../graphql/execute'
import type { TimeRange } from '../../lib/audit-time'
import { today } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { ProveAgain } from '../credentials/prove-again'
import { FaultBand } from '../fault'

export function SheetButton({ staff, range }: { staff: string; range: TimeRange }) {
  const { t } = useTranslation()
  const sheet = useMutation({
    mutationFn: () => exposureSheet(staff, range),
    onSuccess: (content) => {
      saveFile(content, `exposure-${today().replaceAll('-', '')}.csv`)
      toast(t('audit.exposure.downloaded'))
    },
  })
  // Before a file leaves, whoever wants it proves who they are; then it goes on by itself.
  const unproved = sheet.error instanceof Fault && sheet.error.code === 'FRESH_SIGN_IN_REQUIRED'
  return (
    <div className="flex flex-col gap-2" data-print="hide">
      <p>
        <Button icon="download" reason={sheet.isPending ? t('audit.exposure.downloading') : undefined} onClick={() => sheet.mutate()}>
          {t(sheet.isPending ? 'audit.exposure.downloading' : 'audit.exposure.download')}
        </Button>
      </p>
      {sheet.error && !unproved && <FaultBand error={sheet.error} lead={t('audit.exposure.notDownloaded')} onRetry={() => sheet.mutate()} />}
      <ProveAgain open={unproved} onClose={() => sheet.reset()} onProved={() => sheet.mutate()} />
    </div>
  )
}
