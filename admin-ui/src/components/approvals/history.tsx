// What happened to a request, newest first: what, when, by whom, and why in their words.
import { useTranslation } from 'react-i18next'
import type { ApprovalEntry } from '../../graphql/approvals'
import type { ApprovalEntryKind } from '../../graphql/gql/graphql'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { GuardedWords } from '../guarded-words'
import { actorWord } from '../operations/words'
import { Moment } from './rows'
import { voidWord } from './words'

const ICONS: Record<ApprovalEntryKind, IconName> = {
  REQUESTED: 'flag',
  APPROVED: 'check',
  REJECTED: 'stop',
  WITHDRAWN: 'close',
  VOIDED: 'error',
  BYPASSED: 'warning',
  CARRIED_OUT: 'play',
}

/** `kind`: of the act. */
export function ApprovalHistory({ entries, kind }: { entries: readonly ApprovalEntry[]; kind: string }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="text-base">
        {t('approvals.history')}
      </h2>
      <ol className="mt-1">
        {entries.toReversed().map((entry, place) => (
          // What has happened stays; the newest stands first, so it counts from the end.
          <li key={entries.length - place} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={ICONS[entry.kind]} className={`mt-0.5 size-4 shrink-0 ${entry.kind === 'BYPASSED' ? 'text-bad' : 'text-muted'}`} />
            <div className="min-w-0 flex-1">
              <p className={`font-bold ${entry.kind === 'BYPASSED' ? 'text-bad' : ''}`}>{t(`approvals.kind.${entry.kind}`)}</p>
              {entry.reason && (
                <p className="break-words whitespace-pre-wrap">
                  {t('approvals.historyReason')} <GuardedWords text={entry.reason} />
                </p>
              )}
              {entry.void && <p>{voidWord(entry.void, kind, t)}</p>}
              <p className="text-muted">
                <Moment at={entry.at} /> <TypedText text={actorWord(entry.by, t)} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
