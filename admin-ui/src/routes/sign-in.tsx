// The sign-in page. Afterwards it returns to the address that was asked for.
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { OutsideFrame } from '../components/outside-frame'
import SignInForm from '../forms/sign-in'
import { sessionQuery } from '../graphql/session'
import { paths } from '../lib/paths'

const route = getRouteApi('/sign-in')

export default function SignInPage() {
  const { t } = useTranslation()
  const { to } = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  return (
    <OutsideFrame title={t('signIn.title')}>
      {to && <p className="mb-4 text-sm text-muted">{t('signIn.back')}</p>}
      <SignInForm
        onForgotten={() => router.history.push(paths.forgotPassword())}
        onSignedIn={async () => {
          client.removeQueries({ queryKey: sessionQuery.queryKey })
          router.history.replace(to ?? paths.declarations())
        }}
      />
    </OutsideFrame>
  )
}
