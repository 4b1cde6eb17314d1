// Writing down a new one, in a sheet over the list.
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FormSheet, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { newRequestFields, newRequestInput } from '../../forms/request-fields'
import { HOME_KEY, REQUESTS_KEY, openRequest } from '../../graphql/cases'
import { may } from '../../graphql/session'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/requests/new')

export default function NewPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const session = useSession()
  return (
    <FormSheet title={t('requests.newTitle')} onLeave={() => void navigate({ to: '/requests', search: true, resetScroll: false })}>
      {may(session, 'OPEN_PRIVACY_REQUEST') ? <NewForm /> : <p className="p-5">{t('sheet.noRight', { permission: t('permission.OPEN_PRIVACY_REQUEST') })}</p>}
    </FormSheet>
  )
}

function NewForm() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const steps = useSheetSteps()
  const fields = useMemo(() => newRequestFields(t), [t])
  return (
    <CaseForm
      fields={fields}
      word={t('requests.new')}
      send={(commandId, values) => openRequest({ commandId, ...newRequestInput(values) })}
      onDone={async (id) => {
        await Promise.all([client.invalidateQueries({ queryKey: REQUESTS_KEY }), client.invalidateQueries({ queryKey: HOME_KEY })])
        toast(t('cases.saved'))
        steps.onDirty(false)
        await navigate({ to: '/requests/$id', params: { id } })
      }}
    />
  )
}
