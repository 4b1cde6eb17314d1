// What became of a mail: every attempt with the relay's own words, and what people and other machines said of it.
import { useTranslation } from 'react-i18next'
import type { OneMail } from '../../graphql/mail'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { secondsBetween } from '../../lib/mail'
import { Icon, type IconName } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { SaidText } from '../said'
import { actorWord, outcomeWord, When } from './words'

const CELL = 'border-b border-line px-3 py-2 text-left align-top'

export function Attempts({ attempts }: { attempts: OneMail['attempts'] | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h2 id="attempts" className="flex items-baseline gap-2 text-base">
        {t('mailOne.attempts')}
        {attempts && attempts.length > 0 && <span className="num text-sm font-normal text-muted">{t('mailOne.attemptCount', { count: attempts.length })}</span>}
      </h2>
      {!attempts && <Skeleton className="h-16 w-full" />}
      {attempts?.length === 0 && <p className="text-sm text-muted">{t('mailOne.noAttempts')}</p>}
      {attempts && attempts.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        <div role="region" aria-labelledby="attempts" tabIndex={0} className="relative overflow-x-auto">
          <table className="w-full min-w-2xl border-collapse text-sm leading-normal">
            <thead>
              <tr>
                {(['attempt', 'began', 'ended', 'outcome', 'reply'] as const).map((column) => (
                  <th key={column} scope="col" className={`${CELL} bg-surface font-bold whitespace-nowrap`}>
                    {t(`mailOne.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {attempts.map((attempt) => (
                <tr key={`${attempt.attempt} ${attempt.beganAt}`}>
                  <th scope="row" className={`${CELL} num font-normal`}>
                    {attempt.attempt}
                  </th>
                  <td className={`${CELL} w-32`}>
                    <When at={attempt.beganAt} />
                  </td>
                  <td className={`${CELL} w-32`}>
                    <When at={attempt.endedAt} />
                    <span className="num block text-xs text-muted">{t('mailOne.took', { seconds: secondsBetween(attempt.beganAt, attempt.endedAt) })}</span>
                  </td>
                  <td className={`${CELL} w-32`}>{outcomeWord(attempt.outcome, t)}</td>
                  <td className={`${CELL} min-w-64`}>
                    {attempt.reply ? (
                      <SaidText said={attempt.reply} />
                    ) : (
                      <span className="text-muted">{t('mailOne.noReply')}</span>
                    )}
                    <span className="block text-xs text-muted">{t('mailOne.node', { node: attempt.node })}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

type Entry = OneMail['history'][number]

const ICONS: Record<Entry['kind'], IconName> = { QUEUED: 'list', TREATED_AS_SENT: 'check', SENT_AGAIN: 'swap', TRIED_NOW: 'clock', CANCELLED: 'close', CAME_BACK: 'left' }

export function MailHistory({ history }: { history: Entry[] | undefined }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="mail-history" className="flex flex-col gap-2">
      <h2 id="mail-history" className="text-base">
        {t('mailOne.history')}
      </h2>
      {!history && <Skeleton className="h-16 w-full" />}
      {history?.length === 0 && <p className="text-sm text-muted">{t('mailOne.noHistory')}</p>}
      <ol>
        {history?.map((entry) => (
          <li key={`${entry.kind} ${entry.at}`} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={ICONS[entry.kind]} className="mt-0.5 size-4 text-muted" />
            <div className="min-w-0 flex-1">
              <p className="font-bold">{t(`mailOne.event.${entry.kind}`)}</p>
              <p className="text-muted">
                <time dateTime={entry.at} className="num">
                  {formatInstant(entry.at, currentLanguage())}
                </time>{' '}
                <TypedText text={actorWord(entry.by, t)} />
              </p>
              {entry.returned && <p>{t(`mailOne.returned.${entry.returned}`)}</p>}
              {entry.status && (
                <p className="mono text-muted">
                  <TypedText text={t('mailOne.status', { status: entry.status })} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
