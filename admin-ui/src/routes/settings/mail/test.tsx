// A test mail, in a sheet over the ledger.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBlock } from '../../../components/fault'
import { FormSheet, FormSkeleton } from '../../../components/form-sheet'
import { useNoMailRight } from '../../../components/mail/right'
import { TestMailForm } from '../../../forms/test-mail'
import { mailSetupQuery } from '../../../graphql/mail'

const route = getRouteApi('/shell/settings/mail/test')

export default function TestMailPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoMailRight()
  const { data, error, refetch } = useQuery({ ...mailSetupQuery, enabled: noRight === undefined })
  return (
    <FormSheet title={t('testMail.title')} onLeave={() => void navigate({ to: '/settings/mail', search: true, resetScroll: false })}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && data && <TestMailForm setup={data} />}
      {noRight === undefined && !data && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
