// The list of jobs: what each does, how it stands and how far it has come, when it was due, and who asked for it.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { JobPartsFragment } from '../../graphql/gql/graphql'
import { Chip } from '../../ui/chip'
import { TypedText } from '../../ui/typed-text'
import { JobStateChip } from './chips'
import { JobProgress } from './job-progress'
import { type RowColumn, RowTable } from './row-table'
import { actorWord, commandWord, whenWord } from './words'

const columnsOf = (t: TFunction): RowColumn<JobPartsFragment>[] => [
  {
    id: 'command',
    word: t('jobs.column.command'),
    width: 'w-[20%]',
    cell: (job) => (
      <>
        <Link to="/settings/jobs/$id" params={{ id: job.id }} data-row-link={job.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
          {commandWord(job.command, t)}
        </Link>
        {job.schedule && (
          <Link to="/settings/schedules/$id" params={{ id: job.schedule.id }} className="flex min-h-6 max-w-full items-center text-sm text-muted touch:min-h-11">
            <TypedText text={job.schedule.name} />
          </Link>
        )}
      </>
    ),
  },
  {
    id: 'state',
    word: t('jobs.column.state'),
    width: 'w-[10%]',
    cell: (job) => (
      <span className="flex flex-wrap gap-1">
        <JobStateChip state={job.state} />
        {job.state === 'RUNNING' && job.cancelRequested && <span className="text-muted">{t('jobs.cancelRequested')}</span>}
      </span>
    ),
  },
  { id: 'progress', word: t('jobs.column.progress'), width: 'w-[27%]', cell: (job) => <div className="md:min-h-11"><JobProgress job={job} /></div> },
  { id: 'due', word: t('jobs.column.due'), width: 'w-[18%]', cell: (job) => <Due job={job} /> },
  { id: 'attempt', word: t('jobs.column.attempt'), width: 'w-[8%]', cell: (job) => <span className="num">{job.attempt > 0 ? t('jobs.attempt', { count: job.attempt }) : t('jobs.attemptNone')}</span> },
  {
    id: 'finished',
    word: t('jobs.column.finished'),
    width: 'w-[17%]',
    cell: (job) =>
      job.finishedAt ? (
        <time dateTime={job.finishedAt} className="num">
          {whenWord(job.finishedAt)}
        </time>
      ) : (
        <span className="text-muted">—</span>
      ),
  },
]

function Due({ job }: { job: JobPartsFragment }) {
  const { t } = useTranslation()
  const when = job.dueAt ?? job.createdAt
  return (
    <>
      <time dateTime={when} className="num block">
        {whenWord(when)}
      </time>
      {job.late && (
        <Chip tone="warn" icon="clock">
          {t('jobs.late')}
        </Chip>
      )}
      {!job.dueAt && (
        <span className="block text-muted">
          <TypedText text={t('jobs.asked', { who: actorWord(job.requestedBy, t) })} />
        </span>
      )}
    </>
  )
}

export function JobRows({ rows, stale }: { rows: readonly JobPartsFragment[] | undefined; stale: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t('jobs.table')} columns={columnsOf(t)} rows={rows} stale={stale} onOpen={(id) => void navigate({ to: '/settings/jobs/$id', params: { id } })} />
}
