// One schedule: what it says, when it fires next, what became of its firings, and what people did to it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../components/fault'
import { ScheduleStateChip } from '../../components/operations/chips'
import { type OperationFact, OperationFacts } from '../../components/operations/facts'
import { OperationNotFound } from '../../components/operations/not-found'
import { useNoScheduleRight } from '../../components/operations/right'
import { ScheduleChanges } from '../../components/operations/schedule-changes'
import { ScheduleDeeds } from '../../components/operations/schedule-deeds'
import { ScheduleHistory } from '../../components/operations/schedule-history'
import { NextFirings } from '../../components/operations/schedule-next'
import { commandWord, endWord, misfireWord, timesWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type SchedulePartsFragment, SchedulePartsFragmentDoc } from '../../graphql/gql/graphql'
import { scheduleQuery } from '../../graphql/schedules'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import { spelledOut } from '../../lib/typed-text'
import { Band } from '../../ui/band'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/settings/schedules/$id')

export default function SchedulePage() {
  const { id } = route.useParams()
  // A record of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <ScheduleOf key={id} id={id} />
}

function ScheduleOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoScheduleRight()
  const { data, error, isPending, refetch } = useQuery(scheduleQuery(id))
  const schedule = readFragment(SchedulePartsFragmentDoc, data)
  const touchable = noRight === undefined && schedule !== undefined && schedule !== null && schedule.state !== 'REMOVED'
  useWindowTitle(schedule ? spelledOut(schedule.name) : undefined, t('settings.schedules'), t('settings.title'))
  useKeys({
    e: () => {
      if (touchable) void navigate({ to: '/settings/schedules/$id/change', params: { id }, resetScroll: false })
    },
    u: () => void navigate({ to: '/settings/schedules' }),
  })
  if (data === null) return <OperationNotFound title={t('schedules.notFoundTitle')} text={t('schedules.notFound')} to="/settings/schedules" word={t('schedules.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.schedules'), link: { to: '/settings/schedules' } }, { label: schedule?.name ?? '…' }]} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
          <PageHeading className="text-2xl">{schedule ? <TypedText text={schedule.name} /> : <Skeleton className="w-72" />}</PageHeading>
          <p className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            {schedule ? (
              <>
                <ScheduleStateChip state={schedule.state} />
                {timesWord(schedule, t)}
              </>
            ) : (
              <Skeleton className="w-48" />
            )}
          </p>
        </div>
        {touchable && <ScheduleDeeds schedule={schedule} />}
      </header>
      {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      {schedule && schedule.state !== 'ACTIVE' && (
        <Band tone={schedule.state === 'PAUSED' ? 'warn' : 'info'} role="note">
          {t(`schedules.stateHelp.${schedule.state}`)}
        </Band>
      )}
      {/* In the order of reading where it is narrow: what comes next, what it says, what it did, who changed it. */}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <section aria-labelledby="next" className="flex min-w-0 flex-col gap-2 lg:col-start-2 lg:row-start-1">
          <h2 id="next" className="text-base">
            {t('schedules.next')}
          </h2>
          {!schedule && <Lines />}
          {schedule && schedule.next.length === 0 && <p className="text-sm text-muted">{t('schedules.noNext')}</p>}
          {schedule && schedule.next.length > 0 && <NextFirings next={schedule.next} zone={schedule.zone} />}
        </section>
        <div className="min-w-0 lg:col-start-1 lg:row-start-1">
          <OperationFacts title={t('schedules.definition')} facts={factsOf(schedule, t)} />
        </div>
        <div className="min-w-0 lg:col-start-1 lg:row-start-2">
          <ScheduleHistory id={id} />
        </div>
        <div className="min-w-0 lg:col-start-2 lg:row-start-2">{data ? <ScheduleChanges changes={data.changes} /> : <Lines />}</div>
      </div>
      <Outlet />
    </article>
  )
}

const Lines = () => (
  <div className="flex flex-col gap-2">
    {Array.from({ length: 5 }, (_, index) => (
      <Skeleton key={index} className="w-3/4" />
    ))}
  </div>
)

function factsOf(schedule: SchedulePartsFragment | null | undefined, t: TFunction): OperationFact[] {
  const fact = (name: 'expression' | 'zone' | 'command' | 'misfire' | 'notAfter' | 'jitter' | 'enabled', value: (given: SchedulePartsFragment) => OperationFact['value']): OperationFact => ({
    term: t(`schedules.fact.${name}`),
    // Of two lines in its place, too.
    value: schedule ? value(schedule) : <Skeleton className={name === 'expression' ? 'h-10 w-2/3' : 'w-2/3'} />,
  })
  return [
    fact('expression', (given) => (
      <>
        {timesWord(given, t)} <span className="block text-muted [word-spacing:0.35em]">{t('schedules.expressionText', { expression: given.expression })}</span>
      </>
    )),
    fact('zone', (given) => given.zone),
    fact('command', (given) => (
      <>
        {commandWord(given.command, t)} {commandWord(given.command, t) !== given.command && <code className="text-muted">{given.command}</code>}
      </>
    )),
    fact('misfire', (given) => misfireWord(given, t)),
    fact('notAfter', (given) => endWord(given, t)),
    fact('jitter', (given) => (given.jitter > 0 ? t('schedules.jitterText', { seconds: formatCount(given.jitter, currentLanguage()) }) : t('schedules.noJitter'))),
    fact('enabled', (given) => t(given.enabled ? 'schedules.enabledYes' : 'schedules.enabledNo')),
  ]
}
