// What happened to an account, newest first: what, when, by whom, with which roles or for which reason.
import { useTranslation } from 'react-i18next'
import type { StaffEntryKind } from '../../graphql/gql/graphql'
import type { StaffEntry } from '../../graphql/staff'
import { Button } from '../../ui/button'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { actorWord, whenWord } from '../operations/words'
import { rolesWord } from './words'

const ICONS: Record<StaffEntryKind, IconName> = {
  INVITED: 'mail',
  INVITATION_REVOKED: 'close',
  JOINED: 'plus',
  ROLES_CHANGED: 'edit',
  MAIL_CHANGED: 'mail',
  PERSON_LINKED: 'edit',
  DISABLED: 'stop',
  ENABLED: 'play',
  SIGNED_IN: 'user',
  CREDENTIAL_CHANGED: 'lock',
}

/** `onMore`: left out where there is no more. */
export function StaffHistory({ entries, loading, onMore }: { entries: readonly StaffEntry[]; loading: boolean; onMore?: () => void }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="text-base">
        {t('staff.history')}
      </h2>
      <ol className="mt-1">
        {entries.map((entry) => (
          <li key={entry.position} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={ICONS[entry.kind]} className="mt-0.5 size-4 shrink-0 text-muted" />
            <div className="min-w-0 flex-1">
              <p className="font-bold">{t(`staff.kind.${entry.kind}`)}</p>
              {entry.roles && <p>{t('staff.historyRoles', { roles: rolesWord(entry.roles, t) })}</p>}
              {entry.reason && <p>{t('staff.historyReason', { reason: t(`staff.reason.${entry.reason}`) })}</p>}
              {entry.credential && <p>{t(`staff.credential.${entry.credential}`)}</p>}
              <p className="text-muted">
                <time dateTime={entry.at} className="num">
                  {whenWord(entry.at)}
                </time>{' '}
                <TypedText text={actorWord(entry.by, t)} />
              </p>
            </div>
          </li>
        ))}
      </ol>
      {onMore && (
        <Button size="sm" className="mt-2" reason={loading ? t('app.loading') : undefined} onClick={onMore}>
          {t('staff.historyMore')}
        </Button>
      )}
    </section>
  )
}
