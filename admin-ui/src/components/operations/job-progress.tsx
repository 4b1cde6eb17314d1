// What a job is at: how far it has come, when it begins, why it failed, or what came out of it.
import { useTranslation } from 'react-i18next'
import type { JobPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { relativeTo, useNow } from '../../lib/relative'
import { ProgressBar } from '../../ui/progress'
import { SaidLine } from '../said'
import { isAlarming, progressWord, whenWord } from './words'

type Waiting = Pick<JobPartsFragment, 'runAt' | 'attempt'>

export function JobBar({ job }: { job: Pick<JobPartsFragment, 'progressDone' | 'progressTotal'> }) {
  const { t } = useTranslation()
  return <ProgressBar label={t('jobs.progress')} done={job.progressDone} total={job.progressTotal ?? undefined} text={progressWord(job, t)} />
}

/** When a job that waits begins. */
export function WaitingWord({ runAt, attempt, short = false }: Waiting & { short?: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  if (Date.parse(runAt) <= now) return <>{t('jobs.waitsNow')}</>
  const word = t(attempt > 0 ? 'jobs.retries' : 'jobs.waits', { when: whenWord(runAt) })
  if (short) return <>{word}</>
  return (
    <>
      {word} <span className="num text-muted">{relativeTo(runAt, now, currentLanguage())}</span>
    </>
  )
}

/** In a row of the list: two lines at most. */
export function JobProgress({ job }: { job: JobPartsFragment }) {
  switch (job.state) {
    case 'RUNNING':
      return (
        <div className="pt-1.5">
          <JobBar job={job} />
        </div>
      )
    case 'READY':
      return (
        <>
          <span className="block">
            <WaitingWord runAt={job.runAt} attempt={job.attempt} short={Boolean(job.error)} />
          </span>
          {job.error && <SaidLine said={job.error} className="line-clamp-1 text-muted" />}
        </>
      )
    case 'DEAD':
      return job.error && <SaidLine said={job.error} className="line-clamp-2 font-bold text-bad" />
    case 'DONE':
      return job.result && <SaidLine said={job.result} className={`line-clamp-2 ${isAlarming(job) ? 'font-bold text-bad' : ''}`} />
    default:
      return <span className="text-muted">—</span>
  }
}
