// Signing in by a passkey: one button, nothing typed. Where there are no passkeys there is no button.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { hasPasskeys, signInWaysQuery } from '../graphql/session'
import { Band } from '../ui/band'
import { Button } from '../ui/button'

interface Props {
  onSignedIn: (staffId: string) => void | Promise<void>
  /** The password was right, and only a passkey goes on from here. */
  needed?: boolean
  /** Back to the password. */
  onBack?: () => void
}

export function SignInPasskey({ onSignedIn, needed, onBack }: Props) {
  const { t } = useTranslation()
  // The password works whether this is answered or not.
  const { data: ways } = useQuery({ ...signInWaysQuery, enabled: hasPasskeys(), retry: false })
  const signIn = useMutation({
    mutationFn: async () => (await import('../graphql/passkeys')).signInByPasskey(),
    onSuccess: async (proof) => {
      if (proof.kind === 'entered') await onSignedIn(proof.staffId)
    },
  })
  const available = ways?.passkeys === 'AVAILABLE'
  if (!available && !needed) return null
  const proof = signIn.data
  return (
    <div className={needed ? 'flex flex-col gap-4' : 'mt-4 flex flex-col gap-3 border-t border-line pt-4'}>
      {needed && <p role="status">{t(hasPasskeys() ? 'signIn.passkeyStep' : 'signIn.passkeyNoBrowser')}</p>}
      {signIn.error && <FaultBand error={signIn.error} />}
      {proof?.kind === 'refused' && (
        <Band tone="bad" role="alert">
          {proof.retryAfterSeconds ? t('signIn.passkeyWait', { seconds: proof.retryAfterSeconds }) : t('signIn.passkeyRefused')}
        </Band>
      )}
      {proof?.kind === 'givenUp' && (
        <Band tone="info" role="status">
          {t('signIn.passkeyGivenUp')}
        </Band>
      )}
      {(proof?.kind === 'elsewhere' || proof?.kind === 'problem') && (
        <Band tone="warn" role="alert">
          {t('signIn.passkeyElsewhere')}
        </Band>
      )}
      {available && <Button icon="key" look={needed ? 'primary' : undefined} autoFocus={needed} reason={signIn.isPending ? t('signIn.passkeyWaiting') : undefined} onClick={() => signIn.mutate()}>
        {t('signIn.passkey')}
      </Button>}
      {onBack && <Button onClick={onBack}>{t('signIn.codeBack')}</Button>}
    </div>
  )
}
