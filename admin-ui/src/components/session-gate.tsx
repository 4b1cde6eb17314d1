// Signing in again over the page, when the session has ended in the middle of work: what was typed stays.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import SignInForm from '../forms/sign-in'
import { type SessionInfo, sessionQuery } from '../graphql/session'
import { Box } from '../ui/modal'

export default function SessionGate({ session, onDone }: { session: SessionInfo; onDone: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  return (
    <Box title={t('signIn.expiredTitle')} open onClose={() => {}} firm>
      <div className="overflow-auto p-5">
        <p className="mb-4">{t('signIn.expired')}</p>
        <SignInForm
          login={session.staff.login}
          onSignedIn={async (staffId) => {
            // Somebody else on the same machine must not see what the one before had loaded.
            if (staffId !== session.staff.id) return window.location.reload()
            await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
            onDone()
            await client.invalidateQueries()
          }}
        />
      </div>
    </Box>
  )
}
