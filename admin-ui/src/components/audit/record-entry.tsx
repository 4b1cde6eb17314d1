// From a record to who saw it: asked seldom and by auditors only, so at its end.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useSession } from '../session'

export function RecordAuditEntry({ number }: { number: string | undefined }) {
  const { t } = useTranslation()
  if (!may(useSession(), 'READ_AUDIT') || number === undefined) return null
  return (
    <section aria-labelledby="audit-entry" data-print="hide">
      <h2 id="audit-entry" className="border-b border-line pb-1 text-sm text-muted">
        {t('nav.audit')}
      </h2>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2">
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted">{t('record.audit.text')}</p>
        <Link to="/audit" search={{ span: 'MONTH', number }} className={buttonClass('secondary', false, 'sm')}>
          <Icon name="audit" />
          {t('record.audit.open')}
        </Link>
      </div>
    </section>
  )
}
