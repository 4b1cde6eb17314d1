// Writing an incident down.
import { getRouteApi } from '@tanstack/react-router'
import { NewCase } from '../../components/cases/new-case'
import type { CaseValues } from '../../forms/case-form'
import { newIncidentFields, newIncidentInput } from '../../forms/incident-fields'
import { INCIDENTS_KEY, openIncident } from '../../graphql/cases'

const route = getRouteApi('/shell/incidents/new')
const KIND = {
  place: 'incidents',
  right: 'MANAGE_INCIDENTS',
  queryKey: INCIDENTS_KEY,
  fields: newIncidentFields,
  send: (commandId: string, values: CaseValues) => openIncident({ commandId, ...newIncidentInput(values) }),
} as const

export default function NewPage() {
  const navigate = route.useNavigate()
  return <NewCase kind={KIND} onLeave={() => void navigate({ to: '/incidents', search: true, resetScroll: false })} onDone={(id) => navigate({ to: '/incidents/$id', params: { id } })} />
}
