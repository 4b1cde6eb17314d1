// What people did to a schedule, newest first: who, what and when, and what it said then.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ScheduleChangeKind } from '../../graphql/gql/graphql'
import type { ScheduleRecord } from '../../graphql/schedules'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { actorWord, timesWord, whenWord } from './words'

const ICONS: Record<ScheduleChangeKind, IconName> = {
  DEFINED: 'plus',
  CHANGED: 'edit',
  PAUSED: 'pause',
  RESUMED: 'play',
  REMOVED: 'close',
  RUN_REQUESTED: 'play',
}

export function ScheduleChanges({ changes }: { changes: ScheduleRecord['changes'] }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="changes">
      <h2 id="changes" className="text-base">
        {t('schedules.changes')}
      </h2>
      <ol className="mt-1">
        {changes.map((change, place) => (
          // What was done to it never changes its order; the newest stands first, so it counts from the end.
          <li key={changes.length - place} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={ICONS[change.kind]} className="mt-0.5 size-4 text-muted" />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-bold">{t(`schedules.change.${change.kind}`)}</span>
                {change.expression && <span>{timesWord({ expression: change.expression, zone: change.zone ?? '' }, t)}</span>}
                {change.jobId && (
                  <Link to="/settings/jobs/$id" params={{ id: change.jobId }} aria-label={t('schedules.seeJob', { when: whenWord(change.at) })} className="inline-flex min-h-6 items-center touch:min-h-11">
                    {t('schedules.openJob')}
                  </Link>
                )}
              </p>
              <p className="text-muted">
                <time dateTime={change.at} className="num">
                  {whenWord(change.at)}
                </time>{' '}
                <TypedText text={actorWord(change.by, t)} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
