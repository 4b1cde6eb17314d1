// Signing in by the office's identity provider, and what became of it. It leads away from the page, so it stands on the sign-in page
// only, not over a page with something typed.
import { useTranslation } from 'react-i18next'
import { execute } from '../graphql/execute'
import { BeginProviderSignInDocument } from '../graphql/gql/graphql'
import type { ProviderWord } from '../lib/search-params'
import { LeaveToProvider } from './leave-to-provider'

/** `word`: what became of it, when somebody comes back. */
export function SignInProvider({ word }: { word: ProviderWord | undefined }) {
  const { t } = useTranslation()
  return (
    <LeaveToProvider
      begin={async () => (await execute(BeginProviderSignInDocument, {})).beginProviderSignIn}
      word={(provider) => t('sso.signIn', { provider })}
      problemOf={() => t('sso.unreachable')}
      told={word && t(`sso.${word}`)}
      className="mt-3"
    />
  )
}
