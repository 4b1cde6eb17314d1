// よくある質問: all of them, narrowed by what stands in the address.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ArticleLanguages, ArticleStateChip, ReviewDue, useArticleRights } from '../../components/articles/words'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { More } from '../../components/more'
import { useMoreRows } from '../../components/more-rows'
import { type RowColumn, RowTable } from '../../components/operations/row-table'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { SearchLine } from '../../components/search-line'
import { type ArticleRow, articlesQuery } from '../../graphql/articles'
import { RefusedQuestion } from '../../graphql/declarations'
import type { ArticleState } from '../../graphql/gql/graphql'
import { TAGS } from '../../lib/inquiries'
import { problemText } from '../../lib/problem-text'
import { PAGE_SIZE } from '../../lib/search-params'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/articles')
const STATES = ['PUBLISHED', 'DRAFT', 'RETIRED'] as const satisfies readonly ArticleState[]

const columnsOf = (t: TFunction): RowColumn<ArticleRow>[] => [
  {
    id: 'title',
    word: t('articles.column.title'),
    width: 'w-[37%]',
    cell: (row) => (
      <>
        <Link to="/articles/$id" params={{ id: row.id }} data-row-link={row.id} className="inline-flex min-h-6 items-center font-bold touch:min-h-11">
          <TypedText text={row.ja.title} />
        </Link>
        {row.en && (
          <span lang="en" className="block text-muted">
            <TypedText text={row.en.title} />
          </span>
        )}
      </>
    ),
  },
  { id: 'category', word: t('articles.column.category'), width: 'w-[15%]', cell: (row) => t(`inquiries.tag.${row.category}`) },
  { id: 'state', word: t('articles.column.state'), width: 'w-[17%]', cell: (row) => <ArticleStateChip article={row} /> },
  { id: 'languages', word: t('articles.column.languages'), width: 'w-[14%]', cell: (row) => <ArticleLanguages article={row} /> },
  { id: 'review', word: t('articles.column.review'), width: 'w-[17%]', cell: (row) => <ReviewDue article={row} /> },
]

function useFilter() {
  const { q, category, state, due } = route.useSearch()
  return { search: q, category: TAGS.find((tag) => tag === category), state: STATES.find((item) => item === state), reviewDue: due === 'yes' ? true : undefined }
}

function Filters() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { search, category, state, reviewDue } = useFilter()
  const ask = (change: { q?: string; category?: string; state?: string; due?: 'yes' }) => void navigate({ search: (old) => ({ ...old, ...change, shown: undefined }), replace: true, resetScroll: false })
  const select = 'control min-h-9 py-1 text-sm touch:min-h-11'
  return (
    <div role="group" aria-label={t('articles.filters')} className="flex flex-wrap items-end gap-x-4 gap-y-2" data-print="hide">
      <div className="w-80 max-w-full">
        <SearchLine asked={search ?? ''} label={t('articles.searchLabel')} help={t('articles.searchHelp')} clear={t('articles.clearSearch')} onAsk={(q) => ask({ q })} />
      </div>
      <label className="flex flex-col gap-1">
        <span className="text-xs text-muted">{t('articles.category')}</span>
        <select className={select} value={category ?? ''} onChange={(event) => ask({ category: event.target.value || undefined })}>
          <option value="">{t('articles.allCategories')}</option>
          {TAGS.map((tag) => (
            <option key={tag} value={tag}>
              {t(`inquiries.tag.${tag}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex flex-col gap-1">
        <span className="text-xs text-muted">{t('articles.stateLabel')}</span>
        <select className={select} value={state ?? ''} onChange={(event) => ask({ state: event.target.value || undefined })}>
          <option value="">{t('articles.allStates')}</option>
          {STATES.map((item) => (
            <option key={item} value={item}>
              {t(`articles.state.${item}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-h-9 items-center gap-2 text-sm touch:min-h-11">
        <input type="checkbox" className="size-5 accent-accent" checked={reviewDue ?? false} onChange={(event) => ask({ due: event.target.checked ? 'yes' : undefined })} />
        {t('articles.due')}
      </label>
    </div>
  )
}

function Empty({ isNarrowed }: { isNarrowed: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="rounded-md border border-line px-4 py-6">
      <h2 className="text-base">{t(isNarrowed ? 'articles.noneTitle' : 'articles.emptyTitle')}</h2>
      <p className="text-sm text-muted">{t(isNarrowed ? 'articles.none' : 'articles.empty')}</p>
    </div>
  )
}

export default function ArticlesPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { shown = PAGE_SIZE } = route.useSearch()
  const filter = useFilter()
  const { write } = useArticleRights()
  const list = useInfiniteQuery(articlesQuery(filter, shown))
  useWindowTitle(t('articles.title'))
  useRowKeys()
  const rows = list.data?.pages.flatMap((page) => page.rows)
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  const refused = list.error instanceof RefusedQuestion ? list.error.problems : undefined
  if (list.error && !list.data && !refused) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={list.isFetching} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('nav.inquiries'), link: { to: '/inquiries', search: {} } }, { label: t('articles.title') }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageHeading>{t('articles.title')}</PageHeading>
          {write === undefined && (
            <Link to="/articles/new" className={`${buttonClass('primary')} ml-auto`} data-print="hide">
              <Icon name="plus" />
              {t('articles.add')}
            </Link>
          )}
        </div>
        <p className="text-sm text-muted">{t('articles.lead')}</p>
      </div>
      <Filters />
      {refused && (
        <Band tone="warn" role="alert">
          <TypedText text={refused.map(problemText).join(' ')} />
        </Band>
      )}
      {list.error && !refused && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      {!refused && rows?.length === 0 && !list.isPlaceholderData && <Empty isNarrowed={Object.values(filter).some((value) => value !== undefined)} />}
      {!refused && rows?.length !== 0 && <RowTable label={t('articles.table')} columns={columnsOf(t)} rows={rows} stale={list.isPlaceholderData} onOpen={(id) => void navigate({ to: '/articles/$id', params: { id } })} />}
      <More list={list} loaded={loaded} onMore={onMore} />
    </div>
  )
}
