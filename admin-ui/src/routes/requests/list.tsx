// The list of requests of data subjects.
import { getRouteApi } from '@tanstack/react-router'
import { CaseList } from '../../components/cases/case-list'
import { RequestRows } from '../../components/cases/request-words'
import { requestsQuery, openRequestsQuery } from '../../graphql/cases'

const route = getRouteApi('/shell/requests')
const KIND = { place: 'requests', right: 'OPEN_PRIVACY_REQUEST', open: openRequestsQuery, all: requestsQuery, Rows: RequestRows } as const

export default function ListPage() {
  const { view, shown } = route.useSearch()
  const navigate = route.useNavigate()
  return <CaseList kind={KIND} view={view} shown={shown} show={(next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })} />
}
