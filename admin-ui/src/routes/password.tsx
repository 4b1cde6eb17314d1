// Where a one-time link to another password leads. The token comes after `#`, so that it never reaches a server's log.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { OutsideFrame } from '../components/outside-frame'
import { NewPasswordForm } from '../forms/new-password'
import { passwordLinkQuery } from '../graphql/credentials'
import { currentLanguage } from '../i18n'
import { formatInstant } from '../lib/format'
import { Band } from '../ui/band'
import { buttonClass } from '../ui/button'
import { LoadingBar, Skeleton } from '../ui/loading'

export default function PasswordPage() {
  const { t } = useTranslation()
  const [token] = useState(() => decodeURIComponent(window.location.hash.slice(1)))
  const [isSet, setIsSet] = useState(false)
  const link = useQuery({ ...passwordLinkQuery(token), enabled: token !== '' })
  if (isSet) {
    return (
      <OutsideFrame title={t('newPassword.setTitle')}>
        <Band tone="info" role="status">
          {t('newPassword.set')}
        </Band>
        <Link to="/sign-in" className={`${buttonClass('primary')} mt-4`}>
          {t('newPassword.toSignIn')}
        </Link>
      </OutsideFrame>
    )
  }
  if (token !== '' && link.isPending) {
    return (
      <OutsideFrame title={t('newPassword.title')}>
        <LoadingBar busy />
        <Skeleton className="w-full" />
        <Skeleton className="w-2/3" />
      </OutsideFrame>
    )
  }
  if (link.error) {
    return (
      <OutsideFrame title={t('newPassword.title')}>
        <FaultBand error={link.error} onRetry={() => void link.refetch()} />
      </OutsideFrame>
    )
  }
  if (!link.data) {
    return (
      <OutsideFrame title={t('newPassword.unusableTitle')}>
        <p className="mb-4">{t('newPassword.unusable')}</p>
        <Link to="/forgot-password" className={buttonClass()}>
          {t('newPassword.askAgain')}
        </Link>
      </OutsideFrame>
    )
  }
  const { login, expiresAt } = link.data
  return (
    <OutsideFrame title={t('newPassword.title')}>
      <p>{t('newPassword.intro', { login })}</p>
      <p className="mb-5 text-sm text-muted">{t('invitation.until', { when: formatInstant(expiresAt, currentLanguage()) })}</p>
      <NewPasswordForm token={token} login={login} onSet={() => setIsSet(true)} />
    </OutsideFrame>
  )
}
