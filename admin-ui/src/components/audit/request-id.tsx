// The id that the server's log has for a request, to tell or to look for.
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy-button'

export function RequestId({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation()
  if (!id) return null
  return (
    <span className="flex items-start gap-1">
      <code className="mono min-w-0 text-xs leading-6 break-all">{id}</code>
      <CopyButton text={id} label={t('audit.copyRequestId')} />
    </span>
  )
}
