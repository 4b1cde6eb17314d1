// The list of incidents: those that are not over, or all of them, the newest first.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CaseListFrame, MoreCases } from '../../components/cases/list-frame'
import { IncidentRows } from '../../components/cases/incident-words'
import { FaultBand, FaultPage } from '../../components/fault'
import { useMoreRows } from '../../components/more-rows'
import { useSession } from '../../components/session'
import { incidentsQuery, openIncidentsQuery } from '../../graphql/cases'
import { may } from '../../graphql/session'
import { PAGE_SIZE } from '../../lib/search-params'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'

const route = getRouteApi('/shell/incidents')

export default function ListPage() {
  const { view } = route.useSearch()
  return view === 'ALL' ? <All /> : <Open />
}

function First() {
  const { t } = useTranslation()
  const session = useSession()
  if (!may(session, 'MANAGE_INCIDENTS')) return null
  return (
    <Link to="/incidents/new" search={(old) => old} resetScroll={false} className={buttonClass('primary')}>
      <Icon name="plus" />
      {t('incidents.new')}
    </Link>
  )
}

function Open() {
  const list = useQuery(openIncidentsQuery)
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <CaseListFrame
      place="incidents"
      view="OPEN"
      busy={list.isPending}
      count={list.data?.length}
      action={<First />}
      fault={list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      rows={<IncidentRows rows={list.data} />}
    />
  )
}

function All() {
  const { shown = PAGE_SIZE } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(incidentsQuery(shown))
  const rows = list.data?.pages.flatMap((page) => page.nodes)
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  const again = list.isFetchNextPageError ? () => void list.fetchNextPage() : () => void list.refetch()
  return (
    <CaseListFrame
      place="incidents"
      view="ALL"
      busy={list.isPending || list.isFetchingNextPage}
      count={rows?.length}
      action={<First />}
      fault={list.error && <FaultBand error={list.error} onRetry={again} />}
      rows={<IncidentRows rows={rows} />}
      more={<MoreCases loaded={loaded} hasMore={list.hasNextPage} loading={list.isFetchingNextPage} onMore={onMore} />}
    />
  )
}
