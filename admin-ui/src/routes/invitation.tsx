// Where a one-time link leads. The token normally comes after `#`, so that it never reaches a server's log.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { OutsideFrame } from '../components/outside-frame'
import { rolesWord } from '../components/staff/words'
import AcceptInvitationForm from '../forms/accept-invitation'
import { InvitationProvider } from '../forms/invitation-provider'
import { invitationQuery, sessionQuery } from '../graphql/session'
import { vouchedInvitationQuery } from '../graphql/vouched'
import { currentLanguage } from '../i18n'
import { formatInstant } from '../lib/format'
import { paths } from '../lib/paths'
import { Band } from '../ui/band'
import { buttonClass } from '../ui/button'
import { LoadingBar, Skeleton } from '../ui/loading'

const route = getRouteApi('/invitation')

export default function InvitationPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const [token] = useState(() => decodeURIComponent(window.location.hash.replace(/^#(token=)?/, '')) || search.token || '')
  // Back from the identity provider the link is gone from the address; a cookie of this browser stands for it.
  const vouched = token === '' && search.sso === 'vouched'
  const byLink = useQuery({ ...invitationQuery(token), enabled: token !== '' })
  const byProvider = useQuery({ ...vouchedInvitationQuery, enabled: vouched })
  const invitation = vouched ? byProvider : byLink

  if ((token !== '' || vouched) && invitation.isPending) {
    return (
      <OutsideFrame title={t('invitation.title')}>
        <LoadingBar busy />
        <Skeleton className="w-full" />
        <Skeleton className="w-2/3" />
      </OutsideFrame>
    )
  }
  if (invitation.error) {
    return (
      <OutsideFrame title={t('invitation.title')}>
        <FaultBand error={invitation.error} onRetry={() => void invitation.refetch()} />
      </OutsideFrame>
    )
  }
  if (!invitation.data) {
    return (
      <OutsideFrame title={t('invitation.unusableTitle')}>
        {search.sso && <p className="mb-4">{t('invitationSso.failed')}</p>}
        <p className="mb-4">{t('invitation.unusable')}</p>
        <Link to="/sign-in" className={buttonClass()}>
          {t('invitation.toSignIn')}
        </Link>
      </OutsideFrame>
    )
  }
  return (
    <OutsideFrame title={t('invitation.title')}>
      <p>{t(vouched ? 'invitationSso.intro' : 'invitation.intro', { role: rolesWord(invitation.data.roles, t) })}</p>
      <p className="mb-5 text-sm text-muted">{t('invitation.until', { when: formatInstant(invitation.data.expiresAt, currentLanguage()) })}</p>
      {vouched ? (
        <div className="mb-5">
          <Band tone="info" role="status">
            {t('invitationSso.vouched')}
          </Band>
        </div>
      ) : (
        <InvitationProvider token={token} />
      )}
      <AcceptInvitationForm
        token={vouched ? undefined : token}
        onAccepted={() => {
          client.removeQueries({ queryKey: sessionQuery.queryKey })
          router.history.replace(paths.declarations())
        }}
      />
    </OutsideFrame>
  )
}
