// One suspicion: why it is one, the declarations beside each other, who works on it, and what is decided.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../components/fault'
import { useNameText } from '../../components/name'
import { OperationFacts } from '../../components/operations/facts'
import { actorWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { ReviewWork } from '../../components/reviews/decide'
import { ReviewedPage } from '../../components/reviews/page'
import { ReviewRecords } from '../../components/reviews/records'
import { kindOf, rulesWord, slugOf, weightWord } from '../../components/reviews/words'
import { reviewQuery, type ReviewRecord } from '../../graphql/reviews'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { relativeTo, useNow } from '../../lib/relative'
import { spelledOut } from '../../lib/typed-text'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/reviews/$kind/$id')

export default function ReviewPage() {
  const { id } = route.useParams()
  // One of its own: nothing that was typed for the one before stays, and the heading takes the focus anew.
  return <ReviewOf key={id} id={id} />
}

function useTitle(record: ReviewRecord | undefined) {
  const { t } = useTranslation()
  const nameText = useNameText()
  if (!record) return undefined
  const [first] = record.summary.declarations
  const name = first ? nameText(first) : t('reviews.noRecord')
  return t(record.summary.weight > 1 ? 'reviews.headingMany' : 'reviews.heading', { name, more: record.summary.weight - 1 })
}

function ReviewOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const { kind: slug } = route.useParams()
  const { data, error, isPending, refetch } = useQuery(reviewQuery(id))
  const record = data ?? undefined
  const title = useTitle(record)
  const kind = record?.summary.kind ?? kindOf(slug) ?? 'DUPLICATE'
  const queue = t(`reviews.kind.${kind}`)
  useWindowTitle(title ? spelledOut(title) : undefined, queue)
  if (data === null) return <NotFound />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('home.title'), link: { to: '/' } }, { label: queue, link: { to: '/reviews/$kind', params: { kind: slugOf(kind) }, search: {} } }, { label: title ?? '…' }]} />
      <div className="flex flex-col gap-1">
        <PageHeading className="text-2xl">{title ? <TypedText text={title} /> : <Skeleton className="w-72" />}</PageHeading>
        <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          {record ? <Chips record={record} /> : <Skeleton className="w-24" />}
        </p>
      </div>
      {record && <Lead record={record} />}
      <section aria-labelledby="records" className="flex min-w-0 flex-col gap-2">
        <h2 id="records" className="border-b border-line pb-1 text-base">
          {t('reviews.records')}
        </h2>
        {record && <MoreRecords record={record} />}
        <ReviewRecords kind={kind} rows={record?.summary.declarations} />
      </section>
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          {record?.page && <ReviewedPage id={id} page={record.page} />}
          <Facts record={record} />
        </div>
        {record && <ReviewWork record={record} />}
      </div>
    </article>
  )
}

/** Where a suspicion is about more than are kept with it: how many, and the way to the others, as far as the list can be narrowed to them. */
function MoreRecords({ record: { summary } }: { record: ReviewRecord }) {
  const { t } = useTranslation()
  const shown = summary.declarations.length
  if (summary.weight <= shown) return null
  const count = (of: number) => formatCount(of, currentLanguage())
  const q = searchFor(summary)
  return (
    <div className="flex flex-col items-start gap-1 text-sm text-muted">
      <p>{t(summary.kind === 'PROXY' ? 'reviews.recordsFirstOrganizations' : 'reviews.recordsFirst', { weight: count(summary.weight), total: count(shown) })}</p>
      <Link to="/declarations" search={{ q, state: ['ACTIVE'] }} className="flex min-h-6 items-center touch:min-h-11">
        {t(q === undefined ? 'reviews.toList' : 'reviews.toFound', { query: q })}
      </Link>
    </div>
  )
}

/** What all of them are found by. Contacts are sealed: no list is searched by them. */
function searchFor({ rules, declarations: [first] }: ReviewRecord['summary']): string | undefined {
  if (rules.includes('SAME_NUMBER')) return first?.corporateNumber ?? undefined
  if (!rules.includes('SAME_NAME_AND_PLACE') && !rules.includes('SAME_CONTACT')) return undefined
  return first && 'name' in first.name ? first.name.name : undefined
}

function Chips({ record: { summary, holds } }: { record: ReviewRecord }) {
  const { t } = useTranslation()
  const now = useNow()
  const gone = summary.state === 'GONE' || (summary.state === 'OPEN' && !holds)
  return (
    <>
      {summary.state === 'DECIDED' && (
        <Chip tone="good" icon="check">
          {t('reviews.state.DECIDED')}
        </Chip>
      )}
      {gone && (
        <Chip tone="quiet" icon="stop">
          {t('reviews.state.GONE')}
        </Chip>
      )}
      {summary.state === 'OPEN' && !gone && (
        <Chip tone="warn" icon="clock">
          {t('reviews.state.OPEN')}
        </Chip>
      )}
      {summary.claim && (
        <>
          <Chip tone="busy" icon="user">
            {summary.claim.mine ? t('reviews.byMe') : actorWord(summary.claim.by, t)}
          </Chip>
          <span className="num text-sm text-muted">{t('reviews.until', { when: relativeTo(summary.claim.until, now, currentLanguage()) })}</span>
        </>
      )}
    </>
  )
}

/** The first thing that whoever opens it wants to know. */
function Lead({ record }: { record: ReviewRecord }) {
  const { t } = useTranslation()
  const { summary, reason } = record
  if (summary.decision)
    return (
      <Band tone="info" role="note">
        <p className="font-bold">{t(`reviews.verdict.${summary.decision.verdict}`)}</p>
        {reason?.__typename === 'OpenText' && (
          <p className="whitespace-pre-wrap">
            <TypedText text={reason.text} />
          </p>
        )}
        {reason?.__typename === 'Withheld' && <p>{t('reviews.reasonWithheld')}</p>}
        {reason?.__typename === 'Forgotten' && <p>{t('reviews.reasonForgotten')}</p>}
        <p className="text-sm">
          <TypedText text={t('reviews.decidedBy', { name: actorWord(summary.decision.by, t), when: whenWord(summary.decision.at) })} />
        </p>
      </Band>
    )
  if (summary.state === 'GONE' || !record.holds)
    return (
      <Band tone="info" role="note">
        {t('reviews.over.GONE')}
      </Band>
    )
  return null
}

function Facts({ record }: { record: ReviewRecord | undefined }) {
  const { t } = useTranslation()
  const skeleton = <Skeleton className="w-2/3" />
  const facts = [
    { term: t('reviews.fact.why'), value: record ? rulesWord(record.summary, t) : skeleton },
    { term: t('reviews.fact.weight'), value: record ? <span className="num">{weightWord(record.summary, t)}</span> : skeleton },
    { term: t('reviews.fact.found'), value: record ? <time dateTime={record.summary.foundAt} className="num">{whenWord(record.summary.foundAt)}</time> : skeleton },
    ...(record?.endedAt ? [{ term: t('reviews.fact.ended'), value: <time dateTime={record.endedAt} className="num">{whenWord(record.endedAt)}</time> }] : []),
  ]
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <OperationFacts title={t('reviews.facts')} facts={facts} />
      {record && <p className="text-sm text-muted">{t(`reviews.lead.${record.summary.kind}`)}</p>}
    </div>
  )
}

function NotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('reviews.notFoundTitle'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('reviews.notFoundTitle')}</PageHeading>
      <p className="mt-2 mb-4">{t('reviews.notFound')}</p>
      <Link to="/" className={buttonClass()}>
        {t('reviews.toHome')}
      </Link>
    </section>
  )
}
