// 設定 › スケジュール: what is done by itself, and when. A new one is made in a sheet over it.
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { useNoScheduleRight } from '../../components/operations/right'
import { ScheduleRows } from '../../components/operations/schedule-rows'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { SchedulePartsFragmentDoc } from '../../graphql/gql/graphql'
import { schedulesQuery } from '../../graphql/schedules'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { LoadingBar } from '../../ui/loading'

export default function SchedulesPage() {
  const { t } = useTranslation()
  const noRight = useNoScheduleRight()
  const { data, error, isPending, refetch } = useQuery(schedulesQuery)
  useWindowTitle(t('settings.schedules'), t('settings.title'))
  useRowKeys()
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const rows = data?.nodes.map((node) => ({ ...readFragment(SchedulePartsFragmentDoc, node), last: node.last }))
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.schedules') }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageHeading>{t('settings.schedules')}</PageHeading>
          <span role="status" className="num text-sm text-muted">
            {rows && t('schedules.total', { total: formatCount(rows.length, currentLanguage()) })}
          </span>
          {noRight === undefined && (
            <Link to="/settings/schedules/new" resetScroll={false} className={`${buttonClass('primary')} ml-auto`} data-print="hide">
              <Icon name="plus" />
              {t('schedules.add')}
            </Link>
          )}
        </div>
        <p className="text-sm text-muted">
          {t('schedules.lead')}
          <span className="max-md:hidden" data-print="hide">
            {t('app.gap')}
            {t('operations.keys')}
          </span>
        </p>
        {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('schedules.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t(noRight === undefined ? 'schedules.empty' : 'schedules.emptyReader')}</p>
        </div>
      ) : (
        <ScheduleRows rows={rows} />
      )}
      <Outlet />
    </div>
  )
}
