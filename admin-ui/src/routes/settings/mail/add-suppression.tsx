// One more address to which nothing is sent, in a sheet over their list.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FormSheet } from '../../../components/form-sheet'
import { useNoMailRight } from '../../../components/mail/right'
import { SuppressAddressForm } from '../../../forms/suppress-address'

const route = getRouteApi('/shell/settings/mail/suppressions/new')

export default function AddSuppressionPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { address } = route.useSearch()
  const noRight = useNoMailRight()
  return (
    <FormSheet title={t('suppression.addTitle')} onLeave={() => void navigate({ to: '/settings/mail/suppressions', search: true, resetScroll: false })}>
      {noRight === undefined ? <SuppressAddressForm address={address} /> : <p className="p-5">{noRight}</p>}
    </FormSheet>
  )
}
