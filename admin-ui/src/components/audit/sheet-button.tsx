// The sheet with every record, about the same time as what is shown. Its name tells nobody.
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { exposureSheet } from '../../graphql/audit'
import type { TimeRange } from '../../lib/audit-time'
import { today } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
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
  return (
    <div className="flex flex-col gap-2" data-print="hide">
      <p>
        <Button icon="download" reason={sheet.isPending ? t('audit.exposure.downloading') : undefined} onClick={() => sheet.mutate()}>
          {t(sheet.isPending ? 'audit.exposure.downloading' : 'audit.exposure.download')}
        </Button>
      </p>
      {sheet.error && <FaultBand error={sheet.error} lead={t('audit.exposure.notDownloaded')} onRetry={() => sheet.mutate()} />}
    </div>
  )
}
