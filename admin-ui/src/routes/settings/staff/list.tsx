// 設定 › 職員: who can sign in, and who is invited. Somebody new is invited in a sheet over it; whose accounts are shown stands in the address.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../../components/fault'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { AccountRows } from '../../../components/staff/account-rows'
import { AccountStates, isInState } from '../../../components/staff/account-states'
import { Invitations } from '../../../components/staff/invitations'
import { useNoStaffRight } from '../../../components/staff/right'
import { staffAccountsQuery } from '../../../graphql/staff'
import { buttonClass } from '../../../ui/button'
import { Icon } from '../../../ui/icons'
import { LoadingBar } from '../../../ui/loading'

const route = getRouteApi('/shell/settings/staff')

export default function StaffPage() {
  const { t } = useTranslation()
  const { state = 'ENABLED' } = route.useSearch()
  const noRight = useNoStaffRight()
  const { data, error, isPending, refetch } = useQuery(staffAccountsQuery)
  useWindowTitle(state === 'ENABLED' ? undefined : t(`staff.filter.${state}`), t('settings.staff'), t('settings.title'))
  useRowKeys()
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const rows = data?.accounts.filter((account) => isInState(state, account))
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.staff') }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageHeading>{t('settings.staff')}</PageHeading>
          <span role="status" className="num text-sm text-muted">
            {rows && t('staff.total', { count: rows.length })}
          </span>
          {noRight === undefined && (
            <Link to="/settings/staff/invite" search={true} resetScroll={false} className={`${buttonClass('primary')} ml-auto`} data-print="hide">
              <Icon name="plus" />
              {t('staff.invite')}
            </Link>
          )}
        </div>
        <p className="text-sm text-muted">
          {t('staff.lead')}
          <span className="max-md:hidden" data-print="hide">
            {t('app.gap')}
            {t('operations.keys')}
          </span>
        </p>
        {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <AccountStates chosen={state} accounts={data?.accounts} />
      {rows?.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t(`staff.emptyTitle.${state}`)}</h2>
          <p className="text-sm text-muted">{t(`staff.empty.${state}`)}</p>
        </div>
      ) : (
        <AccountRows rows={rows} />
      )}
      <Invitations invitations={data?.invitations} revocable={noRight === undefined} />
      <Outlet />
    </div>
  )
}
