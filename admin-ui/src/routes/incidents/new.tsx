// Writing down a new one, in a sheet over the list.
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FormSheet, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { newIncidentFields, newIncidentInput } from '../../forms/incident-fields'
import { HOME_KEY, INCIDENTS_KEY, openIncident } from '../../graphql/cases'
import { may } from '../../graphql/session'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/incidents/new')

export default function NewPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const session = useSession()
  return (
    <FormSheet title={t('incidents.newTitle')} onLeave={() => void navigate({ to: '/incidents', search: true, resetScroll: false })}>
      {may(session, 'MANAGE_INCIDENTS') ? <NewForm /> : <p className="p-5">{t('sheet.noRight', { permission: t('permission.MANAGE_INCIDENTS') })}</p>}
    </FormSheet>
  )
}

function NewForm() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const steps = useSheetSteps()
  const fields = useMemo(() => newIncidentFields(t), [t])
  return (
    <CaseForm
      fields={fields}
      word={t('incidents.new')}
      send={(commandId, values) => openIncident({ commandId, ...newIncidentInput(values) })}
      onDone={async (id) => {
        await Promise.all([client.invalidateQueries({ queryKey: INCIDENTS_KEY }), client.invalidateQueries({ queryKey: HOME_KEY })])
        toast(t('cases.saved'))
        steps.onDirty(false)
        await navigate({ to: '/incidents/$id', params: { id } })
      }}
    />
  )
}
