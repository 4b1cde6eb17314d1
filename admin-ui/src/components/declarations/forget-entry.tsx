// The way to have somebody in a record forgotten: rare and for ever, so at its end and not among what is done every day.
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { Button } from '../../ui/button'
import { useSession } from '../session'

/** `now`: whether the record is shown as it is now. */
export function ForgetEntry({ id, now }: { id: string; now: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  if (!may(useSession(), 'FORGET_PERSON')) return null
  return (
    <section aria-labelledby="forget" data-print="hide">
      <h2 id="forget" className="border-b border-line pb-1 text-sm text-muted">
        {t('record.forget.title')}
      </h2>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2">
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted">{t('record.forget.text')}</p>
        <Button size="sm" icon="lock" reason={now ? undefined : t('record.forget.past')} onClick={() => void navigate({ to: '/declarations/$id/forget', params: { id }, search: {}, resetScroll: false })}>
          {t('record.forget.open')}
        </Button>
      </div>
    </section>
  )
}
