// The list of declarations. Everything that decides what is shown stands in the URL.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useElementScrollRestoration } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BulkBar } from '../../components/declarations/bulk-bar'
import { useChooseRows } from '../../components/declarations/choose-rows'
import { ColumnChooser } from '../../components/declarations/column-chooser'
import { askedColumns, columnIds, columnsOf, needsMore } from '../../components/declarations/columns'
import { EmptyList, RefusedList } from '../../components/declarations/empty'
import { PrintHead } from '../../components/declarations/print-head'
import { FilterBar } from '../../components/declarations/filter-bar'
import { Peek } from '../../components/declarations/peek'
import { DeclarationTable, DEFAULT_SORT } from '../../components/declarations/table'
import { useRowKeys } from '../../components/declarations/row-keys'
import { ViewTabs } from '../../components/declarations/view-tabs'
import { FaultBand, FaultPage } from '../../components/fault'
import { More } from '../../components/more'
import { useMoreRows } from '../../components/more-rows'
import { PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { declarationsQuery, RefusedQuestion } from '../../graphql/declarations'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { RowMoreFragmentDoc, RowPartsFragmentDoc, type Total } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatCount, formatEstimate } from '../../lib/format'
import { readPreference, writePreference } from '../../lib/preferences'
import { type DeclarationListSearch, PAGE_SIZE, SORTS } from '../../lib/search-params'
import { buttonClass, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { LoadingBar, Skeleton } from '../../ui/loading'

const route = getRouteApi('/shell/declarations')

/** What the router calls the region whose scroll position it keeps. */
const SCROLLED = 'declarations'

function TotalCount({ total }: { total: Pick<Total, 'count' | 'kind'> | null | undefined }) {
  const { t } = useTranslation()
  if (!total) return <Skeleton className="w-20" />
  if (total.kind === 'EXACT') return <>{t('list.total', { total: formatCount(total.count, currentLanguage()) })}</>
  return <span title={t('list.estimatedHelp')}>{t('list.estimated', { total: formatEstimate(total.count, currentLanguage()) })}</span>
}

function useDensity() {
  const [compact, setCompact] = useState(() => readPreference('rows', ['compact', 'normal']) === 'compact')
  return [
    compact,
    (next: boolean) => {
      setCompact(next)
      writePreference('rows', next ? 'compact' : 'normal')
    },
  ] as const
}

/** After a reload the rows come later than the router puts the scroll position back, so that is done once more. */
function useScrollKept(complete: boolean) {
  const region = useRef<HTMLElement>(null)
  const before = useElementScrollRestoration({ id: SCROLLED })
  const wanted = useRef(before?.scrollY)
  useEffect(() => {
    if (!complete || wanted.current === undefined) return
    if (region.current?.scrollTop === 0) region.current.scrollTop = wanted.current
    wanted.current = undefined
  }, [complete])
  return region
}

/** Where the list leads to, for whoever may. */
function ListLinks({ search }: { search: DeclarationListSearch }) {
  const { t } = useTranslation()
  const session = useSession()
  return (
    <>
      <Link to="/bulk-changes" className="inline-flex min-h-8 items-center text-sm touch:min-h-11" data-print="hide">
        {t('list.choose.link')}
      </Link>
      <Link to="/imports" className="inline-flex min-h-8 items-center text-sm touch:min-h-11" data-print="hide">
        {t('list.choose.imports')}
      </Link>
      {(may(session, 'EXPORT_DECLARATIONS') || may(session, 'READ_AUDIT')) && (
        <Link to="/exports" search={{}} className="inline-flex min-h-8 items-center text-sm touch:min-h-11" data-print="hide">
          {t('list.exports')}
        </Link>
      )}
      {may(session, 'EXPORT_DECLARATIONS') && (
        <Link to="/exports/new" search={{ ...search, peek: undefined, shown: undefined }} className={buttonClass('secondary', false, 'sm')} data-print="hide">
          <Icon name="download" />
          {t('list.export')}
        </Link>
      )}
      {may(session, 'LOOK_UP_NUMBER') && (
        <Link to="/declarations/look-up" search={{}} className={buttonClass('secondary', false, 'sm')} data-print="hide">
          {t('list.lookUp')}
        </Link>
      )}
      {may(session, 'DECLARE') && (
        <Link to="/declarations/new" search={{}} className={buttonClass('primary', false, 'sm')} data-print="hide">
          <Icon name="plus" />
          {t('list.new')}
        </Link>
      )}
    </>
  )
}

export default function DeclarationListPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const { peek, shown = PAGE_SIZE, cols, rows: height, ...question } = search
  const ids = columnIds(cols)
  const more = needsMore(ids)
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(declarationsQuery(question, more, shown))
  const [likesCompact, setCompact] = useDensity()
  // A view may say how high rows are; what the person ticks goes before it.
  const compact = height === undefined ? likesCompact : height === 'compact'
  useWindowTitle(question.q && t('list.searchChip', { text: question.q }), t('list.title'))

  const pages = list.data?.pages
  const rows = pages?.flatMap((page) => page.nodes.map((node) => ({ ...readFragment(RowMoreFragmentDoc, node), ...readFragment(RowPartsFragmentDoc, node) })))
  const showPeek = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, peek: id }), replace: true, resetScroll: false })
  useRowKeys({ peek, showPeek })

  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  const mayChange = may(useSession(), 'CHANGE_MANY')
  const choosing = useChooseRows({ ...question, sort: undefined }, rows?.map(({ id }) => id) ?? [], mayChange)
  const region = useScrollKept(loaded >= shown || (loaded > 0 && !list.hasNextPage))

  if (list.error && !list.data) {
    if (list.error instanceof RefusedQuestion) return <RefusedList problems={list.error.problems} search={question} />
    return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  }
  const sort = question.sort ?? DEFAULT_SORT
  const setSort = (next: typeof sort) => void navigate({ search: (old) => ({ ...old, sort: next === DEFAULT_SORT ? undefined : next, shown: undefined }), replace: true })
  const changeDensity = (next: boolean) => {
    setCompact(next)
    if (height !== undefined) void navigate({ search: (old) => ({ ...old, rows: undefined }), replace: true, resetScroll: false })
  }
  return (
    <div className="flex min-w-0 flex-col md:h-[calc(100dvh-3.5rem)] [@media(max-height:480px)]:md:h-auto" data-print="plain">
      <LoadingBar busy={list.isFetching} />
      <ViewTabs search={search} compact={compact} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 print:px-0">
        <PageHeading>{t('list.title')}</PageHeading>
        <FilterBar search={question} />
        <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-1">
          <label className="flex items-center gap-1.5 text-sm" data-print="hide">
            {t('list.sort')}
            <select className="control min-h-8 py-0.5 text-sm" value={sort} onChange={(event) => setSort(event.target.value as typeof sort)}>
              {SORTS.map((value) => (
                <option key={value} value={value}>
                  {t(`sort.${value}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="flex min-h-8 items-center gap-1.5 text-sm max-md:hidden" data-print="hide">
            <input type="checkbox" className="size-4.5 accent-accent" checked={compact} onChange={(event) => changeDensity(event.target.checked)} />
            {t('list.density')}
          </label>
          <ColumnChooser shown={ids} onChange={(next) => void navigate({ search: (old) => ({ ...old, cols: askedColumns(next) }), replace: true, resetScroll: false })} />
          <ListLinks search={search} />
          <IconButton icon="print" label={t('list.print')} className="max-md:hidden" onClick={() => window.print()} data-print="hide" />
          <p role="status" className="num min-w-20 text-right font-bold">
            <TotalCount total={pages?.[0]?.total} />
          </p>
        </div>
      </div>
      <PrintHead search={question} sort={sort} printed={loaded} />
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      <div className="flex min-h-0 flex-1 border-t border-line" data-print="plain">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
        <section ref={region} aria-label={t('list.table')} tabIndex={0} data-scroll-restoration-id={SCROLLED} data-print="plain" className="relative min-w-0 flex-1 overflow-auto outline-offset-[-2px]">
          {rows?.length === 0 ? (
            <EmptyList search={question} />
          ) : (
            <>
              <DeclarationTable {...{ rows, sort, compact }} columns={columnsOf(ids)} search={question.q} stale={list.isPlaceholderData} current={peek} onSort={setSort} onPeek={showPeek} choosing={mayChange ? choosing : undefined} />
              <More list={list} loaded={loaded} onMore={onMore} className="sticky left-0 max-w-[100vw] px-4 py-3" />
            </>
          )}
        </section>
        {peek && <Peek id={peek} onClose={() => showPeek(undefined)} />}
      </div>
      {mayChange && <BulkBar choosing={choosing} question={question} total={pages?.[0]?.total} />}
    </div>
  )
}
