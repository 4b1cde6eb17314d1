// Where the link to another address leads. The token comes after `#`, so that it never reaches a server's log; it counts for the account
// that asked for it only.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OWN_MAIL_KEY } from '../components/credentials/own-mail'
import { FaultBand } from '../components/fault'
import { Breadcrumb, PageHeading, useWindowTitle } from '../components/page'
import { execute } from '../graphql/execute'
import { ConfirmMailChangeDocument } from '../graphql/gql/graphql'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button, buttonClass } from '../ui/button'
import { TypedText } from '../ui/typed-text'

export default function AccountMailPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  useWindowTitle(t('ownMail.confirmTitle'))
  const [token] = useState(() => decodeURIComponent(window.location.hash.slice(1)))
  const confirm = useMutation({
    mutationFn: () => execute(ConfirmMailChangeDocument, { token }),
    onSuccess: () => client.invalidateQueries({ queryKey: OWN_MAIL_KEY }),
  })
  const result = confirm.data?.confirmMailChange
  const done = result !== undefined
  return (
    <div className="flex max-w-3xl flex-col gap-4 px-4 py-3 lg:px-6">
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('account.title'), link: { to: '/account' } }, { label: t('ownMail.confirmTitle') }]} />
        <PageHeading>{t('ownMail.confirmTitle')}</PageHeading>
      </div>
      {!done && <p>{t('ownMail.confirmLead')}</p>}
      {confirm.error && <FaultBand error={confirm.error} />}
      {result?.__typename === 'MailChanged' && (
        <Band tone="info" role="status">
          <TypedText text={t('ownMail.confirmed', { mail: result.mail })} />
        </Band>
      )}
      {result?.__typename === 'InvalidInput' && (
        <Band tone="bad" role="alert">
          {result.problems.map(problemText).join(' ')}
        </Band>
      )}
      <div className="flex flex-wrap gap-2">
        {!done && (
          <Button look="primary" reason={confirm.isPending ? t('secondFactor.working') : undefined} onClick={() => confirm.mutate()}>
            {t('ownMail.confirm')}
          </Button>
        )}
        <Link to="/account" className={buttonClass()}>
          {t('ownMail.toAccount')}
        </Link>
      </div>
    </div>
  )
}
