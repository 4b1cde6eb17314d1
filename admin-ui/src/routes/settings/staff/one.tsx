// One account: whose it is, what they may do, whether they can sign in, and what happened to it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AccountAuditEntry } from '../../../components/audit/account-entry'
import { FaultBand, FaultPage } from '../../../components/fault'
import { type OperationFact, OperationFacts } from '../../../components/operations/facts'
import { OperationNotFound } from '../../../components/operations/not-found'
import { whenWord } from '../../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { useSession } from '../../../components/session'
import { AccountStateChip } from '../../../components/staff/chips'
import { CredentialDeeds } from '../../../components/staff/credential-deeds'
import { StaffDeeds } from '../../../components/staff/deeds'
import { StaffHistory } from '../../../components/staff/history'
import { SamePerson } from '../../../components/staff/same-person'
import { useNoStaffRight } from '../../../components/staff/right'
import { HISTORY_FIRST, HISTORY_MOST, staffAccountQuery, type StaffRecord } from '../../../graphql/staff'
import { useKeys } from '../../../lib/keys'
import { spelledOut } from '../../../lib/typed-text'
import { Band } from '../../../ui/band'
import { LoadingBar, Skeleton } from '../../../ui/loading'
import { TypedText } from '../../../ui/typed-text'

const route = getRouteApi('/shell/settings/staff/$id')

export default function StaffAccountPage() {
  const { id } = route.useParams()
  // A record of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <AccountOf key={id} id={id} />
}

function AccountOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoStaffRight()
  const own = useSession().staff.id === id
  const [first, setFirst] = useState(HISTORY_FIRST)
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(staffAccountQuery(id, first))
  const record = data?.record
  const history = data?.history
  useWindowTitle(record ? spelledOut(record.name) : undefined, t('settings.staff'), t('settings.title'))
  useKeys({
    e: () => {
      if (noRight === undefined && !own && record) void navigate({ to: '/settings/staff/$id/roles', params: { id }, resetScroll: false })
    },
    u: () => void navigate({ to: '/settings/staff' }),
  })
  if (data === null) return <OperationNotFound title={t('staff.notFoundTitle')} text={t('staff.notFound')} to="/settings/staff" word={t('staff.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const more = first < HISTORY_MOST && (isPlaceholderData || history?.length === first)
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending || isPlaceholderData} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.staff'), link: { to: '/settings/staff' } }, { label: record?.name ?? '…' }]} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
          <PageHeading className="text-2xl">{record ? <TypedText text={record.name} /> : <Skeleton className="w-72" />}</PageHeading>
          <p className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            {record ? <AccountStateChip disabled={Boolean(record.disabledAt)} /> : <Skeleton className="w-24" />}
            {own && <span className="text-sm text-muted">{t('staff.yourself')}</span>}
          </p>
        </div>
        {noRight === undefined && record && <StaffDeeds record={record} />}
      </header>
      {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      {record?.disabledAt && record.disabledBecause && (
        <Band tone="warn" role="note">
          {t('staff.disabledText', { when: whenWord(record.disabledAt), reason: t(`staff.reason.${record.disabledBecause}`) })}
        </Band>
      )}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <div className="min-w-0">
            <OperationFacts title={t('staff.facts')} facts={factsOf(record, t)} />
            {noRight === undefined && record && <CredentialDeeds record={record} />}
          </div>
          {record && <SamePerson record={record} noRight={noRight} />}
          <AccountAuditEntry id={id} />
        </div>
        {history ? <StaffHistory entries={history} loading={isPlaceholderData} onMore={more ? () => setFirst(HISTORY_MOST) : undefined} /> : <Lines />}
      </div>
      <Outlet />
    </article>
  )
}

const Lines = () => (
  <div className="flex flex-col gap-2">
    {Array.from({ length: 5 }, (_, index) => (
      <Skeleton key={index} className="w-3/4" />
    ))}
  </div>
)

function factsOf(record: StaffRecord | undefined, t: TFunction): OperationFact[] {
  const fact = (name: 'login' | 'mail' | 'roles', value: (given: StaffRecord) => OperationFact['value']): OperationFact => ({
    term: t(`staff.column.${name}`),
    value: record ? value(record) : <Skeleton className="w-2/3" />,
  })
  return [
    fact('login', ({ login }) => (
      <span className="break-all">
        <TypedText text={login} />
      </span>
    )),
    fact('mail', ({ mail }) =>
      mail ? (
        <span className="break-all">
          <TypedText text={mail} />
        </span>
      ) : (
        <span className="text-muted">{t('staff.noMailNote')}</span>
      ),
    ),
    fact('roles', ({ roles }) => (
      <ul className="flex flex-col gap-1">
        {roles.map((role) => (
          <li key={role}>
            <span className="font-bold">{t(`role.${role}`)}</span>
            <span className="block text-muted">{t(`staffRoles.what.${role}`)}</span>
          </li>
        ))}
      </ul>
    )),
    {
      term: t('staff.secondFactor'),
      value: record ? t(record.hasSecondFactor ? 'staff.secondFactorOn' : 'staff.secondFactorOff') : <Skeleton className="w-2/3" />,
    },
    { term: t('staff.passkeys'), value: record ? t(record.hasPasskey ? 'staff.passkeysOn' : 'staff.passkeysOff') : <Skeleton className="w-2/3" /> },
  ]
}
