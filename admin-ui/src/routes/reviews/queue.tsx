// A queue of 要確認: what nobody has decided about, the oldest first; what the reader works on; and what was decided.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { DeedFault } from '../../components/operations/deed'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { ReviewRows } from '../../components/reviews/rows'
import { ReviewSearchLine } from '../../components/reviews/search'
import { kindOf, slugOf } from '../../components/reviews/words'
import type { ReviewKind, ReviewView } from '../../graphql/gql/graphql'
import { claimNextReview, reviewQueuesQuery, REVIEWS_KEY, reviewsQuery } from '../../graphql/reviews'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import { Button, buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/reviews/$kind')
const VIEWS = ['OPEN', 'MINE', 'DECIDED'] as const satisfies readonly ReviewView[]

export default function ReviewQueuePage() {
  const { kind: slug } = route.useParams()
  const kind = kindOf(slug)
  return kind ? <Queue key={kind} kind={kind} /> : <NoQueue />
}

function NoQueue() {
  const { t } = useTranslation()
  useWindowTitle(t('reviews.noQueueTitle'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('reviews.noQueueTitle')}</PageHeading>
      <p className="mt-2 mb-4">{t('reviews.noQueue')}</p>
      <Link to="/" className={buttonClass()}>
        {t('reviews.toHome')}
      </Link>
    </section>
  )
}

function Queue({ kind }: { kind: ReviewKind }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const { list: view = 'OPEN' } = route.useSearch()
  const list = useInfiniteQuery(reviewsQuery(kind, view))
  const queue = useQuery(reviewQueuesQuery).data?.find((item) => item.kind === kind)
  const title = t(`reviews.kind.${kind}`)
  useWindowTitle(title, t('reviews.title'))
  useRowKeys()
  const next = useMutation({
    mutationFn: () => claimNextReview(kind, undefined),
    onSuccess: async (id) => {
      await client.invalidateQueries({ queryKey: REVIEWS_KEY })
      if (id) return navigate({ to: '/reviews/$kind/$id', params: { kind: slugOf(kind), id } })
      return toast(t('reviews.noNext'))
    },
  })
  const noNext = queue?.mayDecide === false ? t('reviews.noRight') : next.isPending ? t('reviews.working') : queue?.open === 0 ? t('reviews.noNext') : undefined
  useKeys({ n: () => noNext === undefined && next.mutate(), u: () => void navigate({ to: '/' }) })
  const rows = list.data?.pages.flatMap((page) => page.rows)
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={list.isPending || list.isFetchingNextPage} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('home.title'), link: { to: '/' } }, { label: title }]} />
        <PageHeading>{title}</PageHeading>
        <p className="max-w-4xl text-sm text-muted">{t(`reviews.lead.${kind}`)}</p>
      </div>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3" data-print="hide">
        <Views kind={kind} chosen={view} open={queue?.open} mine={queue?.mine} />
        <Button look="primary" icon="right" reason={noNext} onClick={() => next.mutate()}>
          {t('reviews.takeNext')}
        </Button>
      </div>
      <DeedFault error={next.error} />
      <ReviewSearchLine kind={kind} />
      {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      {rows?.length === 0 && !list.isPlaceholderData ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t(`reviews.emptyTitle.${view}`)}</h2>
          <p className="text-sm text-muted">{t(`reviews.empty.${view}`)}</p>
        </div>
      ) : (
        <ReviewRows kind={kind} view={view} rows={rows} stale={list.isPlaceholderData} />
      )}
      {list.hasNextPage && (
        <p data-print="hide">
          <Button data-more onClick={() => void list.fetchNextPage()} reason={list.isFetchingNextPage ? t('app.loading') : undefined}>
            {t('action.more')}
          </Button>
        </p>
      )}
    </div>
  )
}

function Views({ kind, chosen, open, mine }: { kind: ReviewKind; chosen: ReviewView; open: number | undefined; mine: number | undefined }) {
  const { t } = useTranslation()
  const counts: Partial<Record<ReviewView, number | undefined>> = { OPEN: open, MINE: mine }
  return (
    <nav aria-label={t('reviews.views')}>
      <ul className="flex flex-wrap gap-1">
        {VIEWS.map((view) => {
          const mark = { 'aria-current': view === chosen ? ('page' as const) : undefined }
          const count = counts[view]
          return (
            <li key={view}>
              <Link
                to="/reviews/$kind"
                params={{ kind: slugOf(kind) }}
                search={{ list: view === 'OPEN' ? undefined : view }}
                resetScroll={false}
                activeOptions={{ exact: true }}
                activeProps={mark}
                inactiveProps={mark}
                className="flex min-h-8 items-center gap-1.5 rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent touch:min-h-11"
              >
                {t(`reviews.view.${view}`)}
                {view !== 'DECIDED' && <span className="num min-w-4 text-right text-muted">{count === undefined ? '' : formatCount(count, currentLanguage())}</span>}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
