// One job: how it stands, how far it has come, why it failed or what came out of it, and what people did to it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../components/fault'
import { JobStateChip } from '../../components/operations/chips'
import { type OperationFact, OperationFacts } from '../../components/operations/facts'
import { JobDeeds } from '../../components/operations/job-deeds'
import { JobHistory } from '../../components/operations/job-history'
import { JobBar, WaitingWord } from '../../components/operations/job-progress'
import { OperationNotFound } from '../../components/operations/not-found'
import { useNoScheduleRight } from '../../components/operations/right'
import { actorWord, commandWord, isAlarming, progressWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { SaidText, saidWord } from '../../components/said'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type JobPartsFragment, JobPartsFragmentDoc } from '../../graphql/gql/graphql'
import { jobQuery } from '../../graphql/jobs'
import { useKeys } from '../../lib/keys'
import { Band } from '../../ui/band'
import { Chip } from '../../ui/chip'
import { CopyButton } from '../../ui/copy-button'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/settings/jobs/$id')

export default function JobPage() {
  const { id } = route.useParams()
  // A record of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <JobOf key={id} id={id} />
}

function JobOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoScheduleRight()
  const { data, error, isPending, refetch } = useQuery(jobQuery(id))
  const job = readFragment(JobPartsFragmentDoc, data)
  const name = job ? commandWord(job.command, t) : undefined
  useWindowTitle(job && name ? `${name} ${whenWord(job.dueAt ?? job.createdAt)}` : undefined, t('settings.jobs'), t('settings.title'))
  useKeys({ u: () => void navigate({ to: '/settings/jobs' }) })
  if (data === null) return <OperationNotFound title={t('jobs.notFoundTitle')} text={t('jobs.notFound')} to="/settings/jobs" word={t('jobs.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.jobs'), link: { to: '/settings/jobs' } }, { label: name ?? '…' }]} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
          <PageHeading className="text-2xl">{name ?? <Skeleton className="w-56" />}</PageHeading>
          {/* Said when it changes: whoever waits for the end hears of it. */}
          <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            {job && <JobStateChip state={job.state} />}
            {job?.late && (
              <Chip tone="warn" icon="clock">
                {t('jobs.late')}
              </Chip>
            )}
          </p>
        </div>
        {job && noRight === undefined && <JobDeeds job={job} />}
      </header>
      {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      {job && <JobOutcome job={job} />}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <OperationFacts title={t('jobs.facts')} facts={factsOf(job, t)} />
        <div className="min-w-0 border-line lg:border-l lg:pl-6">{data && job ? <JobHistory history={data.history} /> : <Skeleton className="w-1/2" />}</div>
      </div>
    </article>
  )
}

/** What somebody who opens the page wants to know first. */
function JobOutcome({ job }: { job: JobPartsFragment }) {
  const { t } = useTranslation()
  const failure = job.error && <SaidText said={job.error} />
  switch (job.state) {
    case 'DEAD':
      return (
        <Band tone="bad" role="note">
          <p className="font-bold">{t('jobs.deadTitle')}</p>
          {failure}
          <p>{job.attempt > 1 ? t('jobs.deadLead', { count: job.attempt }) : t('jobs.deadLeadPlain')}</p>
        </Band>
      )
    case 'RUNNING':
      return (
        <div className="flex flex-col gap-2">
          <JobBar job={job} />
          {job.cancelRequested && (
            <Band tone="warn" role="note">
              {t('jobs.stopping')}
            </Band>
          )}
        </div>
      )
    case 'READY':
      return failure ? (
        <Band tone="warn" role="note">
          <p className="font-bold">{t('jobs.failedTitle')}</p>
          {failure}
          <p>
            <WaitingWord runAt={job.runAt} attempt={job.attempt} />
          </p>
        </Band>
      ) : (
        <p>
          <WaitingWord runAt={job.runAt} attempt={job.attempt} />
        </p>
      )
    case 'CANCELLED':
      return (
        <Band tone="info" role="note">
          <p className="font-bold">{t('jobs.cancelledTitle')}</p>
          <p>{t('jobs.cancelledLead')}</p>
        </Band>
      )
    default:
      if (!job.result) return null
      return isAlarming(job) ? (
        <Band tone="bad" role="note">
          <p className="font-bold">{t('jobs.result')}</p>
          <p className="whitespace-pre-wrap" title={job.result.text}>
            <TypedText text={saidWord(job.result, t)} />
          </p>
        </Band>
      ) : (
        <section aria-labelledby="result" className="rounded-md border border-line bg-surface px-4 py-3">
          <h2 id="result" className="text-sm text-muted">
            {t('jobs.result')}
          </h2>
          <p className="whitespace-pre-wrap" title={job.result.text}>
            <TypedText text={saidWord(job.result, t)} />
          </p>
        </section>
      )
  }
}

const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)

function factsOf(job: JobPartsFragment | null | undefined, t: TFunction): OperationFact[] {
  const none = <span className="text-muted">—</span>
  const fact = (name: 'schedule' | 'due' | 'requestedBy' | 'createdAt' | 'runAt' | 'attempt' | 'progress' | 'finished' | 'node' | 'id', value: (given: JobPartsFragment) => OperationFact['value']): OperationFact => ({
    term: t(`jobs.fact.${name}`),
    value: job ? value(job) : <Skeleton className="w-2/3" />,
  })
  return [
    fact('schedule', ({ schedule }) =>
      schedule ? (
        <Link to="/settings/schedules/$id" params={{ id: schedule.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
          <TypedText text={schedule.name} />
        </Link>
      ) : (
        t('jobs.noSchedule')
      ),
    ),
    fact('due', ({ dueAt }) => (dueAt ? <Moment at={dueAt} /> : t('jobs.dueNone'))),
    fact('requestedBy', ({ requestedBy }) => <TypedText text={actorWord(requestedBy, t)} />),
    fact('createdAt', ({ createdAt }) => <Moment at={createdAt} />),
    // Only of what waits; of what may begin at once there is nothing to tell.
    ...(job?.state === 'READY' && Date.parse(job.runAt) > Date.parse(job.createdAt) ? [fact('runAt', ({ runAt }) => <Moment at={runAt} />)] : []),
    fact('attempt', ({ attempt }) => (attempt > 0 ? t('jobs.attempt', { count: attempt }) : t('jobs.attemptNone'))),
    fact('progress', (given) => (given.progressTotal || given.progressDone ? <span className="num">{progressWord(given, t)}</span> : none)),
    fact('finished', ({ finishedAt }) => (finishedAt ? <Moment at={finishedAt} /> : none)),
    fact('node', ({ node }) => (node ? <code className="break-all">{node}</code> : none)),
    fact('id', ({ id }) => (
      <span className="-my-1 flex flex-wrap items-center gap-x-1">
        <code className="break-all">{id}</code>
        <CopyButton text={id} label={t('jobs.copyId')} />
      </span>
    )),
  ]
}
