// 承認: what waits for a second person, the oldest first; all requests when they are asked for, the newest first.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApprovalRows } from '../../components/approvals/rows'
import { ApprovalViews } from '../../components/approvals/views'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { More } from '../../components/more'
import { useMoreRows } from '../../components/more-rows'
import { PageHeading, useWindowTitle } from '../../components/page'
import { approvalsQuery } from '../../graphql/approvals'
import { type ApprovalRow, openApprovalsQuery } from '../../graphql/open-approvals'
import { type ApprovalView, PAGE_SIZE } from '../../lib/search-params'
import { LoadingBar } from '../../ui/loading'

const route = getRouteApi('/shell/approvals')

export default function ApprovalsPage() {
  const { view } = route.useSearch()
  return view === 'ALL' ? <AllRequests /> : <OpenRequests />
}

function OpenRequests() {
  const list = useQuery(openApprovalsQuery)
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <Frame view="OPEN" busy={list.isPending} rows={list.data}>
      {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
    </Frame>
  )
}

function AllRequests() {
  const { shown = PAGE_SIZE } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(approvalsQuery(shown))
  const rows = list.data?.pages.flatMap((page) => page.nodes)
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <Frame view="ALL" busy={list.isPending || list.isFetchingNextPage} rows={rows} more={<More list={list} loaded={loaded} onMore={onMore} />}>
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
    </Frame>
  )
}

interface FrameProps {
  view: ApprovalView
  busy: boolean
  rows: readonly ApprovalRow[] | undefined
  /** Under the rows. */
  more?: ReactNode
  /** Over the rows: what went wrong. */
  children: ReactNode
}

function Frame({ view, busy, rows, more, children }: FrameProps) {
  const { t } = useTranslation()
  useWindowTitle(view === 'OPEN' ? undefined : t(`approvals.view.${view}`), t('approvals.title'))
  useRowKeys()
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={busy} />
      <div className="flex flex-col gap-2">
        <PageHeading>{t('approvals.title')}</PageHeading>
        <p className="text-sm text-muted">
          {t('approvals.lead')}
          <span className="max-md:hidden" data-print="hide">
            {t('app.gap')}
            {t('operations.keys')}
          </span>
        </p>
      </div>
      <ApprovalViews chosen={view} />
      {children}
      {rows?.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t(`approvals.emptyTitle.${view}`)}</h2>
          <p className="text-sm text-muted">{t(`approvals.empty.${view}`)}</p>
        </div>
      ) : (
        <ApprovalRows rows={rows} />
      )}
      {more}
    </div>
  )
}
