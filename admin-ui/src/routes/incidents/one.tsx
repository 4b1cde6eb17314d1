// One incident: both clocks, what is known, whose data may have been seen, what was reported, and what can be done next.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Affected } from '../../components/cases/affected'
import { Due } from '../../components/cases/due'
import { CaseHistory, type ShownEntry } from '../../components/cases/history'
import { categoriesWord, IncidentChip, incidentTitle } from '../../components/cases/incident-words'
import { StepLinks } from '../../components/cases/step-links'
import { CaseTextView } from '../../components/cases/text'
import { FaultBand, FaultPage } from '../../components/fault'
import { type OperationFact, OperationFacts } from '../../components/operations/facts'
import { OperationNotFound } from '../../components/operations/not-found'
import { whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { incidentStepsOf } from '../../forms/incident-fields'
import { incidentQuery, type IncidentRecord } from '../../graphql/cases'
import type { IncidentEntryKind } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDate } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import type { IconName } from '../../ui/icons'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/incidents/$id')

export default function IncidentPage() {
  const { id } = route.useParams()
  return <IncidentOf key={id} id={id} />
}

function IncidentOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { data, error, isPending, refetch } = useQuery(incidentQuery(id))
  const record = data ?? undefined
  const title = record && incidentTitle(record.summary, t)
  useWindowTitle(title, t('incidents.title'))
  useKeys({ u: () => void navigate({ to: '/incidents' }) })
  if (data === null) return <OperationNotFound title={t('incidents.notFoundTitle')} text={t('incidents.notFound')} to="/incidents" word={t('incidents.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('incidents.title'), link: { to: '/incidents' } }, { label: title ?? '…' }]} />
      <header className="flex min-w-0 flex-col gap-1">
        <PageHeading className="text-2xl">{title ?? <Skeleton className="w-72" />}</PageHeading>
        <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          {record ? <IncidentChip status={record.summary.status} /> : <Skeleton className="w-24" />}
        </p>
      </header>
      {record && (
        <Band tone={record.mustBeReported ? 'warn' : 'info'} role="note">
          {t(record.mustBeReported ? 'incidents.must' : 'incidents.mustNot', { threshold: formatCount(record.threshold, currentLanguage()) })}
        </Band>
      )}
      {record && <Deeds record={record} />}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <OperationFacts title={t('cases.facts')} facts={record ? factsOf(record, t) : FACTS.map((name) => ({ term: t(`incidents.fact.${name}`), value: <Skeleton className="w-2/3" /> }))} />
          {record && <Affected record={record} />}
        </div>
        <div className="min-w-0 border-line lg:border-l lg:pl-6">{record ? <CaseHistory entries={entriesOf(record, t)} /> : <Skeleton className="w-1/2" />}</div>
      </div>
      <Outlet />
    </article>
  )
}

function Deeds({ record }: { record: IncidentRecord }) {
  const { t } = useTranslation()
  const session = useSession()
  const { id } = record.summary
  const see = (
    <Link to="/incidents/$id/report" params={{ id }} className={buttonClass('secondary', false, 'sm')}>
      {t('incidents.reportOpen')}
    </Link>
  )
  if (!may(session, 'MANAGE_INCIDENTS'))
    return (
      <div className="flex flex-wrap items-center gap-4">
        <p className="text-sm text-muted">{t('cases.readOnly', { permission: t('permission.MANAGE_INCIDENTS') })}</p>
        {see}
      </div>
    )
  const steps = incidentStepsOf(record).map((step) => ({ step, word: t(`incidents.deed.${step}`), link: { to: '/incidents/$id/do/$deed', params: { id, deed: step } } }) as const)
  return (
    <StepLinks steps={steps}>
      <li>{see}</li>
    </StepLinks>
  )
}

const FACTS = ['aware', 'known', 'categories', 'persons', 'scope', 'first', 'final', 'notified'] as const

function factsOf(record: IncidentRecord, t: TFunction): OperationFact[] {
  const { summary, scope, today } = record
  const persons = (count: number) => <span className="num">{t('incidents.persons', { count })}</span>
  const due = (stage: 'FIRST' | 'FINAL', on: string) =>
    summary.nextDue?.stage === stage ? <Due on={on} today={today} /> : <time dateTime={on} className="num">{formatDate(on, currentLanguage(), 'dateWithDay')}</time>
  return [
    { term: t('incidents.fact.aware'), value: <span className="num">{whenWord(summary.awareAt)}</span> },
    { term: t('incidents.fact.known'), value: <CaseTextView text={record.known} /> },
    { term: t('incidents.fact.categories'), value: categoriesWord(summary.categories, t) },
    { term: t('incidents.fact.persons'), value: typeof summary.persons === 'number' ? persons(summary.persons) : t('incidents.unknown') },
    ...(scope ? [{ term: t('incidents.fact.scope'), value: <TypedText text={t('incidents.scope', { who: scope.accountName ?? scope.accountId, from: whenWord(scope.from), to: whenWord(scope.to) })} /> }] : []),
    { term: t('incidents.fact.first'), value: due('FIRST', summary.firstDueOn) },
    { term: t('incidents.fact.final'), value: due('FINAL', summary.finalDueOn) },
    { term: t('incidents.fact.notified'), value: persons(record.notified) },
  ]
}

const ICONS: Record<IncidentEntryKind, IconName> = { OPENED: 'flag', CLASSIFIED: 'filter', PERSONS_COUNTED: 'user', REPORT_WRITTEN: 'edit', REPORTED: 'mail', PERSONS_NOTIFIED: 'user', NOTED: 'edit', CLOSED: 'check' }

function entriesOf(record: IncidentRecord, t: TFunction): ShownEntry[] {
  return record.history.map((entry): ShownEntry => {
    const lines: ReactNode[] = []
    if (entry.stage) lines.push(t(`incidents.stage.${entry.stage}`))
    if (entry.on) lines.push(<span className="num">{formatDate(entry.on, currentLanguage(), 'dateWithDay')}</span>)
    if (typeof entry.persons === 'number') lines.push(<span className="num">{t('incidents.persons', { count: entry.persons })}</span>)
    if (entry.categories) lines.push(categoriesWord(entry.categories, t))
    return { at: entry.at, by: entry.by, icon: ICONS[entry.kind], word: t(`incidents.entry.${entry.kind}`), lines, text: entry.text }
  })
}
