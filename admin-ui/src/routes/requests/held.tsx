// What we hold about the records of a request, on one page to print. Showing it is recorded as a read for this request.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { kindWord } from '../../components/approvals/words'
import { CaseTextView } from '../../components/cases/text'
import { ExportButton } from '../../components/export-button'
import { FaultPage } from '../../components/fault'
import { OperationNotFound } from '../../components/operations/not-found'
import { whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { PrintedBy } from '../../components/printed-by'
import { roleWord } from '../../components/staff/words'
import { holdingsQuery } from '../../graphql/cases'
import type { PrivacyRequestHoldingsQuery } from '../../graphql/gql/graphql'
import { FIELDS } from '../../lib/declaration-fields'
import { Button } from '../../ui/button'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/requests/$id/held')

type Held = NonNullable<PrivacyRequestHoldingsQuery['privacyRequestHoldings']>['records'][number]

const EVENTS = ['registered', 'made', 'corrected', 'contact_changed', 'diagnosis_recorded', 'policy_recorded', 'stepped_up', 'stopped', 'reinstated', 'published', 'unpublished', 'person_forgotten', 'flag_raised', 'flag_cleared', 'note_added'] as const

function fieldWord(code: string, t: TFunction): string {
  const known = FIELDS.find((field) => field.toLowerCase() === code)
  return known ? t(`field.${known}`) : code
}

const eventWord = (type: string, t: TFunction) => t(`requests.event.${EVENTS.find((name) => `declaration.${name}` === type) ?? 'other'}`)

function sourceWord(source: string, t: TFunction): string {
  return t(`requests.source.${source === 'office' || source === 'declarer' ? source : 'system'}`)
}

export default function HeldPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  useWindowTitle(t('requests.heldTitle'), t('requests.title'))
  const { data, error, isPending, refetch } = useQuery(holdingsQuery(id))
  if (data === null) return <OperationNotFound title={t('requests.notFoundTitle')} text={t('requests.notFound')} to="/requests" word={t('requests.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-4xl flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={isPending} />
      <Breadcrumb crumbs={[{ label: t('requests.title'), link: { to: '/requests' } }, { label: t('cases.facts'), link: { to: '/requests/$id', params: { id } } }, { label: t('requests.heldTitle') }]} />
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
          <PageHeading className="text-2xl">{t('requests.heldTitle')}</PageHeading>
          <p className="text-sm text-muted" data-print="hide">
            {t('requests.heldLead')}
          </p>
          {data && <p className="num text-sm">{t('requests.heldGathered', { when: whenWord(data.gatheredAt) })}</p>}
        </div>
        <div className="flex flex-wrap gap-2" data-print="hide">
          <Button icon="print" onClick={() => window.print()}>
            {t('cases.print')}
          </Button>
          <ExportButton file="holdings.json" question={{ id }} saveAs={() => `privacy-request-${id}.json`} word={t('cases.download')} reason={data ? undefined : t('app.loading')} />
        </div>
      </div>
      <PrintedBy />
      {!data && <Skeleton className="h-40 w-full" />}
      {data?.records.length === 0 && <p className="rounded-md border border-line px-4 py-5">{t('requests.heldEmpty')}</p>}
      {data?.records.map((record) => (
        <HeldRecord key={record.declarationId} record={record} />
      ))}
      {data && <Elsewhere held={data} />}
    </article>
  )
}

const Value = ({ text }: { text: string | null | undefined }) => {
  const { t } = useTranslation()
  return text ? (
    <span className="break-words whitespace-pre-wrap">
      <TypedText text={text} />
    </span>
  ) : (
    <span className="text-muted">{t('requests.emptyValue')}</span>
  )
}

function HeldRecord({ record }: { record: Held }) {
  const { t } = useTranslation()
  return (
    <section className="flex flex-col gap-3">
      <h2 className="num text-lg">{t('requests.heldRecord', { number: record.number ?? record.declarationId })}</h2>
      <h3 className="text-base">{t('requests.heldNow')}</h3>
      <dl className="text-sm leading-normal">
        {record.facts.map(({ field, value }) => (
          <div key={field} className="grid gap-x-4 border-b border-line/60 py-1 sm:grid-cols-[11rem_minmax(0,1fr)] print:grid-cols-[11rem_minmax(0,1fr)]" data-print="keep">
            <dt className="text-muted">{fieldWord(field, t)}</dt>
            <dd>
              <Value text={value} />
            </dd>
          </div>
        ))}
        <div className="grid gap-x-4 border-b border-line/60 py-1 sm:grid-cols-[11rem_minmax(0,1fr)]" data-print="keep">
          <dt className="text-muted">{t('requests.heldReads')}</dt>
          <dd className="num">{t('requests.heldReadsCount', { count: record.reads })}</dd>
        </div>
      </dl>
      <h3 className="text-base">{t('requests.heldHistory')}</h3>
      <ol className="flex flex-col gap-2 text-sm leading-normal">
        {record.history.map((entry, index) => (
          <li key={index} className="border-l-2 border-line pl-2.5" data-print="keep">
            <p className="font-bold">{eventWord(entry.what, t)}</p>
            <p className="num text-muted">{t('requests.heldSource', { when: whenWord(entry.at), source: sourceWord(entry.source, t) })}</p>
            {entry.changes.length > 0 && (
              <ul>
                {entry.changes.map((change) => (
                  <li key={change.field}>
                    {fieldWord(change.field, t)}: {change.old && <><Value text={change.old} /> → </>}
                    <Value text={change.new} />
                  </li>
                ))}
              </ul>
            )}
            {entry.note && <p><TypedText text={t('requests.heldNote', { text: entry.note })} /></p>}
            {entry.reason && <p><TypedText text={t('requests.heldReason', { text: entry.reason })} /></p>}
          </li>
        ))}
      </ol>
      <h3 className="text-base">{t('requests.heldMails')}</h3>
      <Mails mails={record.mails} />
    </section>
  )
}

function Mails({ mails }: { mails: Held['mails'] }) {
  const { t } = useTranslation()
  if (mails.length === 0) return <p className="text-sm text-muted">{t('cases.none')}</p>
  return (
    <ul className="flex flex-col gap-2 text-sm leading-normal">
      {mails.map((mail, index) => (
        <li key={index} className="border-l-2 border-line pl-2.5" data-print="keep">
          <p className="font-bold">
            <Value text={mail.subject} />
          </p>
          <p className="num text-muted">{whenWord(mail.at)}</p>
          {mail.to && <p><TypedText text={t('requests.heldTo', { to: mail.to })} /></p>}
          {mail.text && <p><Value text={mail.text} /></p>}
        </li>
      ))}
    </ul>
  )
}

type Whole = NonNullable<PrivacyRequestHoldingsQuery['privacyRequestHoldings']>
type HeldAccount = Extract<Whole['accounts'], { __typename: 'HeldAccounts' }>['nodes'][number]
type HeldApproval = Extract<Whole['approvals'], { __typename: 'HeldApprovals' }>['nodes'][number]

const STATUSES = ['open', 'lapsed', 'approved', 'bypassed', 'carried_out', 'rejected', 'withdrawn', 'voided'] as const
const upper = (code: (typeof STATUSES)[number]) => code.toUpperCase() as Uppercase<typeof code>

function approvalWord({ kind, status }: HeldApproval, t: TFunction): string {
  const known = STATUSES.find((code) => code === status)
  const what = kindWord(kind, t)
  return known ? t('requests.heldApproval', { what, state: t(`approvals.state.${upper(known)}`) }) : what
}

/** What is kept of the person outside the records: mails to their own addresses, an account here, and what a second person decides about. */
function Elsewhere({ held: { mails, accounts, approvals } }: { held: Whole }) {
  const { t } = useTranslation()
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">{t('requests.heldElsewhere')}</h2>
      <h3 className="text-base">{t('requests.heldOwnMails')}</h3>
      <Mails mails={mails} />
      <h3 className="text-base">{t('requests.heldAccounts')}</h3>
      {accounts.__typename === 'Withheld' ? <NotShown part={accounts} /> : <Accounts accounts={accounts.nodes} />}
      <h3 className="text-base">{t('requests.heldApprovals')}</h3>
      {approvals.__typename === 'Withheld' ? <NotShown part={approvals} /> : <Approvals approvals={approvals.nodes} />}
    </section>
  )
}

/** What whoever looks has no right to: nobody has looked whether there is any. */
const NotShown = ({ part }: { part: Parameters<typeof CaseTextView>[0]['text'] }) => (
  <p className="text-sm">
    <CaseTextView text={part} />
  </p>
)

function Accounts({ accounts }: { accounts: readonly HeldAccount[] }) {
  const { t } = useTranslation()
  if (accounts.length === 0) return <p className="text-sm text-muted">{t('cases.none')}</p>
  return (
    <ul className="flex flex-col gap-2 text-sm leading-normal">
      {accounts.map(({ login, name, mail, roles, isDisabled }) => (
        <li key={login} className="border-l-2 border-line pl-2.5" data-print="keep">
          <p className="font-bold">
            <TypedText text={t('requests.heldAccount', { name, login })} />
          </p>
          {mail && <p><TypedText text={mail} /></p>}
          <p>{[...roles.map((role) => roleWord(role, t)), ...(isDisabled ? [t('requests.heldDisabled')] : [])].join(t('app.separator'))}</p>
        </li>
      ))}
    </ul>
  )
}

function Approvals({ approvals }: { approvals: readonly HeldApproval[] }) {
  const { t } = useTranslation()
  if (approvals.length === 0) return <p className="text-sm text-muted">{t('cases.none')}</p>
  return (
    <ul className="flex flex-col gap-2 text-sm leading-normal">
      {approvals.map((approval, index) => (
        <li key={index} className="border-l-2 border-line pl-2.5" data-print="keep">
          <p className="font-bold">{approvalWord(approval, t)}</p>
          <p className="num text-muted">{whenWord(approval.at)}</p>
          {approval.reason && <p><TypedText text={t('requests.heldReason', { text: approval.reason })} /></p>}
        </li>
      ))}
    </ul>
  )
}
