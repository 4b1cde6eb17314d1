// Those who were sent a link and have not come in yet, with a way to take it back.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { RevokeStaffInvitationDocument } from '../../graphql/gql/graphql'
import { type OpenInvitation, STAFF_KEY } from '../../graphql/staff'
import { currentLanguage } from '../../i18n'
import { useCommandId } from '../../lib/command-id'
import { relativeTo, useNow } from '../../lib/relative'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { actorWord, whenWord } from '../operations/words'
import { RoleChips } from './chips'

function useRevoke(onDone: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  return useMutation({
    mutationFn: async ({ staffId }: OpenInvitation) => (await execute(RevokeStaffInvitationDocument, { commandId: commandId(staffId), staffId })).revokeStaffInvitation,
    onSuccess: async (revoked, { mail }) => {
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      if (revoked) toast(t('staffInvitations.revoked', { mail: mail ?? t('staffInvitations.noMail') }))
      onDone()
    },
  })
}

/** `invitations`: undefined while they load; `revocable`: whether the reader may take them back. */
export function Invitations({ invitations, revocable }: { invitations: readonly OpenInvitation[] | undefined; revocable: boolean }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const [asking, setAsking] = useState<OpenInvitation>()
  // The button that was pressed is gone with its row, so the focus goes to where the row was.
  const revoke = useRevoke(() => heading.current?.focus())
  const nameOf = ({ mail }: OpenInvitation) => mail ?? t('staffInvitations.noMail')
  return (
    <section aria-labelledby="invitations" className="flex flex-col gap-2">
      <h2 id="invitations" ref={heading} tabIndex={-1} className="w-fit text-base">
        {t('staffInvitations.title')}
      </h2>
      <p className="text-sm text-muted">{t('staffInvitations.lead')}</p>
      <DeedFault error={revoke.error} />
      {revoke.data === false && (
        <Band tone="warn" role="alert">
          {t('staffInvitations.over')}
        </Band>
      )}
      {!invitations && <Skeleton className="h-16 w-full" />}
      {invitations?.length === 0 && <p className="rounded-md border border-line px-4 py-3 text-sm text-muted">{t('staffInvitations.none')}</p>}
      {invitations && invitations.length > 0 && (
        <ul className="border-t border-line text-sm">
          {invitations.map((invitation) => (
            <InvitationItem key={invitation.staffId} invitation={invitation}>
              {revocable && (
                <Button
                  size="sm"
                  aria-label={t('staffInvitations.revokeFor', { mail: nameOf(invitation) })}
                  reason={revoke.isPending ? t('staff.working') : undefined}
                  onClick={() => setAsking(invitation)}
                >
                  {t('staffInvitations.revoke')}
                </Button>
              )}
            </InvitationItem>
          ))}
        </ul>
      )}
      <DeedQuestion
        danger
        title={t('staffInvitations.revokeTitle')}
        text={asking ? t('staffInvitations.revokeText', { mail: nameOf(asking) }) : ''}
        yes={t('staffInvitations.revokeYes')}
        no={t('staffInvitations.revokeNo')}
        open={asking !== undefined}
        onNo={() => setAsking(undefined)}
        onYes={() => {
          setAsking(undefined)
          if (asking && !revoke.isPending) revoke.mutate(asking)
        }}
      />
    </section>
  )
}

function InvitationItem({ invitation, children }: { invitation: OpenInvitation; children: ReactNode }) {
  const { t } = useTranslation()
  const now = useNow()
  const { mail, roles, by, createdAt, expiresAt } = invitation
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1.5 border-b border-line px-2 py-2.5">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
        <span className={mail ? 'font-bold break-all' : 'text-muted'}>{mail ? <TypedText text={mail} /> : t('staffInvitations.noMail')}</span>
        <RoleChips roles={roles} />
      </div>
      <div className="min-w-0 flex-1 basis-56 text-muted">
        <p>
          <TypedText text={t('staffInvitations.by', { when: whenWord(createdAt), who: actorWord(by, t) })} />
        </p>
        <p>
          <time dateTime={expiresAt}>{t('staffInvitations.until', { when: whenWord(expiresAt), ago: relativeTo(expiresAt, now, currentLanguage()) })}</time>
        </p>
      </div>
      {children}
    </li>
  )
}
