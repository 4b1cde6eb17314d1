// 設定 › 作業: what is being done by itself, what was done, and what was given up. The state that is shown stands in the address.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { More } from '../../components/more'
import { useMoreRows } from '../../components/more-rows'
import { JobRows } from '../../components/operations/job-rows'
import { JobStates } from '../../components/operations/job-states'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { JobPartsFragmentDoc, type JobState } from '../../graphql/gql/graphql'
import { jobCountsQuery, jobsQuery } from '../../graphql/jobs'
import { PAGE_SIZE } from '../../lib/search-params'
import { buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'

const route = getRouteApi('/shell/settings/jobs')

/** What has come to a state since, or left it, is seen in its list too. */
function useFollowCounts(state: JobState | undefined, refetch: () => unknown) {
  const counts = useQuery(jobCountsQuery).data
  const count = counts && (state ? (counts.find((item) => item.state === state)?.count ?? 0) : counts.reduce((sum, item) => sum + item.count, 0))
  const before = useRef<{ state: JobState | undefined; count: number }>(undefined)
  useEffect(() => {
    if (count === undefined) return
    if (before.current && before.current.state === state && before.current.count !== count) void refetch()
    before.current = { state, count }
  }, [state, count, refetch])
}

export default function JobsPage() {
  const { t } = useTranslation()
  const { state, shown = PAGE_SIZE } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(jobsQuery(state, shown))
  useWindowTitle(state && t(`jobs.state.${state}`), t('settings.jobs'), t('settings.title'))
  useRowKeys()
  useFollowCounts(state, list.refetch)
  const rows = list.data?.pages.flatMap((page) => page.nodes.map((node) => readFragment(JobPartsFragmentDoc, node)))

  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })

  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={list.isPending || list.isPlaceholderData || list.isFetchingNextPage} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.jobs') }]} />
        <PageHeading>{t('settings.jobs')}</PageHeading>
        <p className="text-sm text-muted">
          {t('jobs.lead')}
          <span className="max-md:hidden" data-print="hide">
            {t('app.gap')}
            {t('operations.keys')}
          </span>
        </p>
      </div>
      <JobStates />
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      {rows?.length === 0 && !list.isPlaceholderData ? <EmptyJobs state={state} /> : <JobRows rows={rows} stale={list.isPlaceholderData} />}
      <More list={list} loaded={loaded} onMore={onMore} />
    </div>
  )
}

function EmptyJobs({ state }: { state: JobState | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col items-start gap-2 rounded-md border border-line px-4 py-6">
      <h2 className="text-base">{state ? t('jobs.emptyStateTitle', { state: t(`jobs.state.${state}`) }) : t('jobs.emptyTitle')}</h2>
      {state ? (
        <Link to="/settings/jobs" search={{}} className={buttonClass()}>
          {t('jobs.showAll')}
        </Link>
      ) : (
        <>
          <p className="text-sm text-muted">{t('jobs.empty')}</p>
          <Link to="/settings/schedules" className={buttonClass()}>
            {t('jobs.toSchedules')}
          </Link>
        </>
      )}
    </div>
  )
}
