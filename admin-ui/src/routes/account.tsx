// アカウント: what is one's own, whoever one is: name, roles, and where one is signed in.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type OperationFact, OperationFacts } from '../components/operations/facts'
import { Breadcrumb, PageHeading, useWindowTitle } from '../components/page'
import { OwnMail } from '../components/credentials/own-mail'
import { OwnPassword } from '../components/credentials/own-password'
import { OwnSecondFactor } from '../components/credentials/own-second-factor'
import { useSession } from '../components/session'
import { OwnSessions } from '../components/staff/own-sessions'
import { Identity } from '../components/staff/identity'
import { Passkeys } from '../components/staff/passkeys'
import { TypedText } from '../ui/typed-text'

const route = getRouteApi('/shell/account')

export default function AccountPage() {
  const { t } = useTranslation()
  const { staff } = useSession()
  const { sso } = route.useSearch()
  useWindowTitle(t('account.title'))
  const facts: OperationFact[] = [
    { term: t('account.name'), value: <TypedText text={staff.name} /> },
    {
      term: t('account.login'),
      value: (
        <span className="break-all">
          <TypedText text={staff.login} />
        </span>
      ),
    },
    {
      term: t('account.roles'),
      value: (
        <>
          <ul className="flex flex-col gap-1">
            {staff.roles.map((role) => (
              <li key={role}>
                <span className="font-bold">{t(`role.${role}`)}</span>
                <span className="block text-muted">{t(`staffRoles.what.${role}`)}</span>
              </li>
            ))}
          </ul>
          <p className="mt-1 text-muted">{t('account.rolesHelp')}</p>
        </>
      ),
    },
  ]
  return (
    <div className="flex max-w-4xl flex-col gap-6 px-4 py-3 lg:px-6">
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('account.title') }]} />
        <PageHeading>{t('account.title')}</PageHeading>
      </div>
      <OperationFacts title={t('account.facts')} facts={facts} />
      <OwnMail />
      <OwnPassword />
      <Passkeys />
      <OwnSecondFactor />
      <Identity word={sso} />
      <OwnSessions />
    </div>
  )
}
