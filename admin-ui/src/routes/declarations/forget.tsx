// Asking that somebody in a record is forgotten, in a sheet over it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { ForgetPersonForm } from '../../forms/forget-person'
import { declarationQuery } from '../../graphql/declaration'
import { may } from '../../graphql/session'

const route = getRouteApi('/shell/declarations/$id/forget')

export default function ForgetPersonPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const allowed = may(useSession(), 'FORGET_PERSON')
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const record = data?.__typename === 'Declaration' ? data : undefined
  return (
    <FormSheet title={t('forgetting.title')} onLeave={() => void navigate({ to: '/declarations/$id', params: { id }, search: {}, resetScroll: false })}>
      {!allowed && <p className="p-5">{t('sheet.noRight', { permission: t('permission.FORGET_PERSON') })}</p>}
      {allowed && record && <ForgetPersonForm key={id} record={record} />}
      {allowed && !record && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
