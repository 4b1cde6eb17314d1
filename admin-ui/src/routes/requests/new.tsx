// Writing a request of a data subject down.
import { getRouteApi } from '@tanstack/react-router'
import { NewCase } from '../../components/cases/new-case'
import type { CaseValues } from '../../forms/case-form'
import { newRequestFields, newRequestInput } from '../../forms/request-fields'
import { REQUESTS_KEY, openRequest } from '../../graphql/cases'

const route = getRouteApi('/shell/requests/new')
const KIND = {
  place: 'requests',
  right: 'OPEN_PRIVACY_REQUEST',
  queryKey: REQUESTS_KEY,
  fields: newRequestFields,
  send: (commandId: string, values: CaseValues) => openRequest({ commandId, ...newRequestInput(values) }),
} as const

export default function NewPage() {
  const navigate = route.useNavigate()
  return <NewCase kind={KIND} onLeave={() => void navigate({ to: '/requests', search: true, resetScroll: false })} onDone={(id) => navigate({ to: '/requests/$id', params: { id } })} />
}
