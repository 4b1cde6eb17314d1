// The list of incidents.
import { getRouteApi } from '@tanstack/react-router'
import { CaseList } from '../../components/cases/case-list'
import { IncidentRows } from '../../components/cases/incident-words'
import { incidentsQuery, openIncidentsQuery } from '../../graphql/cases'

const route = getRouteApi('/shell/incidents')
const KIND = { place: 'incidents', right: 'MANAGE_INCIDENTS', open: openIncidentsQuery, all: incidentsQuery, Rows: IncidentRows } as const

export default function ListPage() {
  const { view, shown } = route.useSearch()
  const navigate = route.useNavigate()
  return <CaseList kind={KIND} view={view} shown={shown} show={(next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })} />
}
