// Other roles for somebody, in a sheet over their page.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBlock } from '../../../components/fault'
import { FormSheet, FormSkeleton } from '../../../components/form-sheet'
import { useSession } from '../../../components/session'
import { useNoStaffRight } from '../../../components/staff/right'
import { StaffRolesForm } from '../../../forms/staff-roles'
import { staffAccountQuery } from '../../../graphql/staff'

const route = getRouteApi('/shell/settings/staff/$id/roles')

export default function StaffRolesPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const noRight = useNoStaffRight()
  const own = useSession().staff.id === id
  const why = noRight ?? (own ? t('staff.oneself') : undefined)
  const { data, error, refetch } = useQuery(staffAccountQuery(id))
  return (
    <FormSheet title={t('staffRoles.title')} onLeave={() => void navigate({ to: '/settings/staff/$id', params: { id }, resetScroll: false })}>
      {why !== undefined && <p className="p-5">{why}</p>}
      {why === undefined && data === null && <p className="p-5">{t('staff.gone')}</p>}
      {why === undefined && data && <StaffRolesForm key={id} record={data.record} />}
      {why === undefined && data === undefined && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
