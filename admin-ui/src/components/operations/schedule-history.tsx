// What became of the firings of a schedule, newest first: when, how late, for how many, and with which job; and what was missed.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type ScheduleEntryPartsFragment, ScheduleEntryPartsFragmentDoc } from '../../graphql/gql/graphql'
import { scheduleHistoryQuery } from '../../graphql/schedules'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { FaultBand } from '../fault'
import { JobStateChip } from './chips'
import { whenWord } from './words'

type Firing = Extract<ScheduleEntryPartsFragment, { __typename: 'ScheduleFiring' }>
type Miss = Extract<ScheduleEntryPartsFragment, { __typename: 'ScheduleMiss' }>

export function ScheduleHistory({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(scheduleHistoryQuery(id))
  const entries = data?.pages.flatMap((page) => page.entries.map((entry) => readFragment(ScheduleEntryPartsFragmentDoc, entry)))
  return (
    <section aria-labelledby="runs" className="flex min-w-0 flex-col gap-2">
      <h2 id="runs" className="border-b border-line pb-1 text-base">
        {t('schedules.history')}
      </h2>
      {error && <FaultBand error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {!entries && !error && <HistorySkeleton />}
      {entries?.length === 0 && <p className="text-sm text-muted">{t('schedules.historyEmpty')}</p>}
      {entries && entries.length > 0 && (
        <ol className="text-sm leading-normal">
          {entries.map((entry) => (entry.__typename === 'ScheduleMiss' ? <MissItem key={`miss ${entry.firstDueAt}`} miss={entry} /> : <FiringItem key={`firing ${entry.dueAt}`} firing={entry} />))}
        </ol>
      )}
      {hasNextPage && !error && (
        <div data-print="hide">
          <Button onClick={() => void fetchNextPage()} reason={isFetchingNextPage ? t('app.loading') : undefined}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </section>
  )
}

const ITEM = 'flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line/60 py-1.5 min-h-10'

function FiringItem({ firing }: { firing: Firing }) {
  const { t } = useTranslation()
  const when = whenWord(firing.dueAt)
  return (
    <li className={ITEM}>
      {firing.job ? (
        <Link to="/settings/jobs/$id" params={{ id: firing.job.id }} aria-label={t('schedules.seeJob', { when })} className="num inline-flex min-h-6 items-center touch:min-h-11">
          {when}
        </Link>
      ) : (
        <span className="num">{when}</span>
      )}
      {firing.job && <JobStateChip state={firing.job.state} />}
      {firing.late && (
        <Chip tone="warn" icon="clock">
          {t('schedules.late')}
        </Chip>
      )}
      {(firing.late || firing.makesUpFor > 0) && (
        <span className="text-muted">
          {[firing.late && t('schedules.firedAt', { when: whenWord(firing.firedAt) }), firing.makesUpFor > 0 && t('schedules.makesUpFor', { count: firing.makesUpFor })].filter(Boolean).join(t('app.separator'))}
        </span>
      )}
    </li>
  )
}

function MissItem({ miss }: { miss: Miss }) {
  const { t } = useTranslation()
  const [from, to] = [whenWord(miss.firstDueAt), whenWord(miss.lastDueAt)]
  return (
    <li className={ITEM}>
      <span>{miss.count === 1 ? from : t('schedules.missedRange', { from, to })}</span>
      <Chip tone="warn" icon="warning">
        {t('schedules.missed', { count: miss.count })}
      </Chip>
      <span className="flex items-center gap-1 text-muted">
        <Icon name="info" />
        {t(`schedules.why.${miss.why}`)}
      </span>
    </li>
  )
}

function HistorySkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-3">
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} className="h-7 w-full" />
      ))}
    </div>
  )
}
