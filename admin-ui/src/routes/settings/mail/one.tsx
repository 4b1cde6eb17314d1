// One mail of the ledger: where it stands and what that means, what can be done, every attempt, and its words when asked for.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../../components/fault'
import { MailActions } from '../../../components/mail/actions'
import { MailFacts } from '../../../components/mail/facts'
import { MailWords } from '../../../components/mail/mail-words'
import { Attempts, MailHistory } from '../../../components/mail/records'
import { MailStateChip } from '../../../components/mail/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { MAIL_KEY, mailQuery, type OneMail, standingQuery } from '../../../graphql/mail'
import { useKeys } from '../../../lib/keys'
import { isNewer } from '../../../lib/mail'
import { spelledOut } from '../../../lib/typed-text'
import { buttonClass } from '../../../ui/button'
import { LoadingBar, Skeleton } from '../../../ui/loading'
import { TypedText } from '../../../ui/typed-text'

const route = getRouteApi('/shell/settings/mail/$id')

export default function MailPage() {
  const { id } = route.useParams()
  // A mail of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <MailOf key={id} id={id} />
}

function MailOf({ id }: { id: string }) {
  const client = useQueryClient()
  const { data: mail, error, isFetching, refetch } = useQuery(mailQuery(id))
  // Where it stands is asked often, all of it only when that has changed.
  const { data: standing } = useQuery({ ...standingQuery(id), enabled: Boolean(mail) })
  // What it has come to, not only that it has: it may move on while all of it is being read.
  const moved = mail && standing && isNewer(standing, mail) ? `${standing.changedAt} ${standing.state}` : undefined
  useEffect(() => {
    if (moved) void client.invalidateQueries({ queryKey: [...MAIL_KEY, 'one', id] })
  }, [moved, client, id])
  if (mail === null) return <MailNotFound />
  if (error && mail === undefined) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <>
      <LoadingBar busy={isFetching && !mail} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Content id={id} mail={mail} />
    </>
  )
}

function MailNotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('mailOne.notFoundTitle'), t('mail.title'), t('settings.title'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('mailOne.notFoundTitle')}</PageHeading>
      <p className="mt-2 mb-4">{t('mailOne.notFound')}</p>
      <Link to="/settings/mail" className={buttonClass()}>
        {t('mailOne.toList')}
      </Link>
    </section>
  )
}

/** `mail`: undefined while it loads. */
function Content({ id, mail }: { id: string; mail: OneMail | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const subject = mail?.heading.__typename === 'MailHeading' ? mail.heading.subject : undefined
  const title = subject ?? t('mail.unknownMail')
  useWindowTitle(mail && spelledOut(title), t('mail.title'), t('settings.title'))
  useKeys({ u: () => void navigate({ to: '/settings/mail' }) })
  return (
    <article className="flex max-w-[100rem] flex-col gap-5 px-4 py-3 lg:px-6" data-print="plain">
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('mail.title'), link: { to: '/settings/mail' } }, { label: mail ? title : '…' }]} />
        {mail ? (
          <PageHeading className="text-2xl">
            <TypedText text={title} />
          </PageHeading>
        ) : (
          <p className="text-2xl leading-[1.4]">
            <Skeleton className="w-80 max-w-full" />
          </p>
        )}
        <div role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          {mail ? (
            <>
              <MailStateChip state={mail.state} />
              <span>{t(`mailStateHelp.${mail.state}`)}</span>
            </>
          ) : (
            <Skeleton className="w-96 max-w-full" />
          )}
        </div>
      </div>
      {mail && <MailActions id={id} state={mail.state} />}
      {/* What stands above it is not known before: nothing is moved, all of it is there at once. */}
      <div key={mail ? 'mail' : 'loading'} className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]" data-print="plain">
        <div className="flex min-w-0 flex-col gap-6">
          <MailFacts mail={mail} />
          <Attempts attempts={mail?.attempts} />
          {mail && <MailWords id={id} forgotten={mail.heading.__typename === 'Forgotten'} />}
        </div>
        <div className="min-w-0 border-line lg:border-l lg:pl-6">
          <MailHistory history={mail?.history} />
        </div>
      </div>
    </article>
  )
}
