// In a form: the record was changed since the form was opened. What was typed stays; the difference is shown when it is saved.
import { useTranslation } from 'react-i18next'
import { Band } from '../../ui/band'

export function GroundMoved({ since, now }: { since: string; now: string }) {
  const { t } = useTranslation()
  if (since === now) return null
  return (
    <Band tone="warn" role="status">
      {t('watching.moved')}
    </Band>
  )
}
