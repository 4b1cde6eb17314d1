// How a job ended and what people did to it, newest first.
import { useTranslation } from 'react-i18next'
import type { JobHistoryKind } from '../../graphql/gql/graphql'
import type { JobRecord } from '../../graphql/jobs'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { saidWord } from '../said'
import { actorWord, whenWord } from './words'

const ICONS: Record<JobHistoryKind, IconName> = {
  DONE: 'check',
  GIVEN_UP: 'error',
  STOPPED: 'stop',
  CANCEL_REQUESTED: 'stop',
  RESUMED: 'play',
}

export function JobHistory({ history }: { history: JobRecord['history'] }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="text-base">
        {t('jobs.history')}
      </h2>
      {history.length === 0 && <p className="mt-1 text-sm text-muted">{t('jobs.historyEmpty')}</p>}
      <ol className="mt-1">
        {history.map((entry, place) => (
          // What has happened stays; the newest stands first, so it counts from the end.
          <li key={history.length - place} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={ICONS[entry.kind]} className={`mt-0.5 size-4 ${entry.kind === 'GIVEN_UP' ? 'text-bad' : 'text-muted'}`} />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-bold">{t(`jobs.kind.${entry.kind}`)}</span>
                {entry.attempt !== null && entry.attempt !== undefined && <span>{t('jobs.attempt', { count: entry.attempt })}</span>}
              </p>
              <p className="text-muted">
                <time dateTime={entry.at} className="num">
                  {whenWord(entry.at)}
                </time>{' '}
                <TypedText text={actorWord(entry.by, t)} />
              </p>
              {entry.result && (
                <p className="whitespace-pre-wrap" title={entry.result.text}>
                  <TypedText text={saidWord(entry.result, t)} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
