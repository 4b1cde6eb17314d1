// From an account to what it was shown, for those who may see that.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useSession } from '../session'

export function AccountAuditEntry({ id }: { id: string }) {
  const { t } = useTranslation()
  if (!may(useSession(), 'READ_AUDIT')) return null
  return (
    <section aria-labelledby="audit-entry" data-print="hide">
      <h2 id="audit-entry" className="border-b border-line pb-1 text-base">
        {t('nav.audit')}
      </h2>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2">
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted">{t('staff.audit.text')}</p>
        <Link to="/audit/exposure" search={{ span: 'MONTH', staff: id }} className={buttonClass('secondary', false, 'sm')}>
          <Icon name="audit" />
          {t('staff.audit.open')}
        </Link>
      </div>
    </section>
  )
}
