// Somebody new, in a sheet over the list.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FormSheet } from '../../../components/form-sheet'
import { useNoStaffRight } from '../../../components/staff/right'
import { InviteStaffForm } from '../../../forms/invite-staff'

const route = getRouteApi('/shell/settings/staff/invite')

export default function InviteStaffPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoStaffRight()
  return (
    <FormSheet title={t('staffInvite.title')} onLeave={() => void navigate({ to: '/settings/staff', search: true, resetScroll: false })}>
      {noRight === undefined ? <InviteStaffForm /> : <p className="p-5">{noRight}</p>}
    </FormSheet>
  )
}
