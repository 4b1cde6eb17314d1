// One declaration: facts, history, and how it was at another time.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordAuditEntry } from '../../components/audit/record-entry'
import { AsOfBand, AsOfControl } from '../../components/declarations/as-of'
import { Facts } from '../../components/declarations/facts'
import { ForgetEntry } from '../../components/declarations/forget-entry'
import { Others } from '../../components/declarations/others'
import { RecordHead, useNoCommand, useNoCorrection } from '../../components/declarations/record-head'
import { ReplacedBand, Replaces } from '../../components/declarations/replaced'
import { Suspicions } from '../../components/declarations/suspicions'
import { Timeline } from '../../components/declarations/timeline'
import { FaultBand, FaultPage } from '../../components/fault'
import { useNameText } from '../../components/name'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { PrintedBy } from '../../components/printed-by'
import { declarationQuery, type DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type FactPartsFragment, FactPartsFragmentDoc } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate, formatDeclarationNumber } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import type { DeclarationSearch } from '../../lib/search-params'
import { spelledOut } from '../../lib/typed-text'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { LoadingBar, Skeleton } from '../../ui/loading'

const route = getRouteApi('/shell/declarations/$id')

// Nothing depends on it: without it the page is read again from time to time.
const Watching = lazy(async () => {
  const { Watching: Shown } = await import('../../components/declarations/watching').catch(() => ({ Watching: () => null }))
  return { default: Shown as ComponentType<{ record: DeclarationRecord }> }
})

export default function DeclarationPage() {
  const { id } = route.useParams()
  // A record of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <DeclarationOf key={id} id={id} />
}

function DeclarationOf({ id }: { id: string }) {
  const search = route.useSearch()
  const moment = { asOf: search.asOf, recordedUpTo: search.recordedUpTo }
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery(declarationQuery(id, moment))
  if (data?.__typename === 'NotFound') return <RecordNotFound />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <>
      <LoadingBar busy={isFetching} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <RecordPage id={id} record={data} stale={isPlaceholderData} search={search} />
      <Outlet />
    </>
  )
}

function RecordNotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('fault.recordNotFoundTitle'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('fault.recordNotFoundTitle')}</PageHeading>
      <p className="mt-2 mb-4">{t('fault.recordNotFound')}</p>
      <Link to="/declarations" className={buttonClass()}>
        {t('fault.toList')}
      </Link>
    </section>
  )
}

interface PageProps {
  id: string
  record: DeclarationRecord | undefined
  /** The record of another moment, shown until the one that is asked for comes. */
  stale: boolean
  search: DeclarationSearch
}

function RecordPage({ id, record, stale, search }: PageProps) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const nameText = useNameText()
  const facts = record && readFragment(FactPartsFragmentDoc, record)
  const name = facts && nameText({ name: facts.name, tradeName: facts.tradeName?.typed })
  const past = Boolean(search.asOf ?? search.recordedUpTo)
  const noCorrection = useNoCorrection(!past)
  const noCommand = useNoCommand(!past)
  const noNote = useNoCommand(!past, 'note')
  const noCancelling = useNoCommand(!past, 'cancelStop')
  useWindowTitle(name && `${spelledOut(name)} ${formatDeclarationNumber(facts.number)}`, t('nav.declarations'))
  useKeys({
    e: () => {
      if (noCorrection === undefined) void navigate({ to: '/declarations/$id/correct', params: { id }, search: {}, resetScroll: false })
    },
    a: () => {
      if (noCommand === undefined) void navigate({ to: '/declarations/$id/do', params: { id }, search: {}, resetScroll: false })
    },
    n: () => {
      if (noNote === undefined) void navigate({ to: '/declarations/$id/do/$command', params: { id, command: 'note' }, search: {}, resetScroll: false })
    },
    u: () => void navigate({ to: '/declarations' }),
  })
  return (
    <article data-print="plain">
      {past && <AsOfBand id={id} record={stale ? undefined : record} moment={search} />}
      <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <Breadcrumb crumbs={[{ label: t('nav.declarations'), link: { to: '/declarations' } }, { label: name ?? '…' }]} />
          {record && !past && (
            <Suspense>
              <Watching record={record} />
            </Suspense>
          )}
          <AsOfControl key={search.asOf} asOf={search.asOf} onChange={(asOf) => void navigate({ search: (old) => ({ ...old, asOf, event: undefined }), resetScroll: false })} />
        </div>
        {facts?.plannedStop && <PlannedStop id={id} stop={facts.plannedStop} mayCancel={noCancelling === undefined} />}
        {record && <ReplacedBand record={record} />}
        <RecordHead id={id} facts={facts} flags={record?.flags ?? []} now={!past} />
        <div aria-busy={stale} className={`grid items-start gap-x-8 gap-y-6 ${stale ? 'opacity-60' : ''} lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr] 2xl:grid-cols-[minmax(0,1fr)_26rem]`} data-print="plain">
          <div className="flex min-w-0 flex-col gap-6">
            <Facts id={id} facts={facts} differing={record?.differsFromToday ?? []} editable={noCorrection === undefined} />
            {record && !past && <Suspicions rows={record.suspicions ?? []} />}
            {record && <Replaces record={record} />}
            {record && <Others others={record.others} />}
          </div>
          <div className="min-w-0 border-line lg:row-span-2 lg:border-l lg:pl-6">
            {record ? <Timeline id={id} history={record.history} event={search.event} recordedUpTo={search.recordedUpTo} /> : <TimelineSkeleton />}
          </div>
          {record && (
            <div className="flex min-w-0 flex-col gap-4">
              <RecordAuditEntry number={facts?.number} />
              <ForgetEntry id={id} now={!past} />
            </div>
          )}
        </div>
        <PrintedBy />
      </div>
    </article>
  )
}

/** What will come to pass without anybody doing anything. */
function PlannedStop({ id, stop, mayCancel }: { id: string; stop: NonNullable<FactPartsFragment['plannedStop']>; mayCancel: boolean }) {
  const { t } = useTranslation()
  return (
    <Band
      tone="warn"
      role="note"
      icon="calendar"
      actions={
        mayCancel && (
          <Link to="/declarations/$id/do/$command" params={{ id, command: 'cancelStop' }} search={{}} resetScroll={false} className={`${buttonClass('secondary', false, 'sm')} text-text!`}>
            {t('record.cancelPlan')}
          </Link>
        )
      }
    >
      {t('record.plannedStop', { date: formatDate(stop.on ?? '', currentLanguage()), kind: t(`stop.${stop.kind}`) })}
    </Band>
  )
}

function TimelineSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="w-16" />
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className="flex flex-col gap-1.5 border-l-2 border-line pl-3">
          <Skeleton className="w-1/2" />
          <Skeleton className="w-3/4" />
        </div>
      ))}
    </div>
  )
}
