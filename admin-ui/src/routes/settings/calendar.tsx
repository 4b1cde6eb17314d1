// 設定 › 暦: what holds now, a month of days, and deadlines. What is opened from it lies over it in a sheet.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DeadlineList } from '../../components/calendar/deadline-list'
import { MonthGrid } from '../../components/calendar/month-grid'
import { MonthHead } from '../../components/calendar/month-head'
import { CalendarNow } from '../../components/calendar/now'
import { useNoCalendarRight } from '../../components/calendar/right'
import { monthWord } from '../../components/calendar/words'
import { FaultBand, FaultPage } from '../../components/fault'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { monthQuery } from '../../graphql/calendar'
import { Fault } from '../../graphql/execute'
import { today } from '../../lib/format'
import { monthOf } from '../../lib/months'
import { LoadingBar } from '../../ui/loading'

const route = getRouteApi('/shell/settings/calendar')

export default function CalendarPage() {
  const { t } = useTranslation()
  const { month = monthOf(today()), scope = 'UPCOMING' } = route.useSearch()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  const { data: days, error, isFetching, refetch } = useQuery(monthQuery(month))
  useWindowTitle(monthWord(month), t('settings.calendar'), t('settings.title'))
  if (error instanceof Fault && error.code === 'FORBIDDEN') return <FaultPage error={error} />
  const showMonth = (wanted: string) => void navigate({ search: (old) => ({ ...old, month: wanted }), replace: true, resetScroll: false })
  return (
    <div className="flex max-w-[100rem] flex-col gap-6 px-4 py-3 lg:px-6">
      <LoadingBar busy={isFetching} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.calendar') }]} />
        <PageHeading>{t('settings.calendar')}</PageHeading>
        <p className="text-sm text-muted">{t('calendar.lead')}</p>
      </div>
      <CalendarNow noRight={noRight} />
      <section aria-labelledby="month" className="flex flex-col gap-3">
        <MonthHead month={month} onMonth={showMonth} />
        <p id="month-keys" className="text-sm text-muted" data-print="hide">
          {t('calendar.keys')}
        </p>
        {error && <FaultBand error={error} onRetry={() => void refetch()} />}
        {days?.some((day) => day.source === 'COMPUTED') && <p className="text-sm">{t('calendar.computed')}</p>}
        <MonthGrid month={month} days={days} busy={!days && !error} onMonth={showMonth} onOpen={(date) => void navigate({ to: '/settings/calendar/days/$date', params: { date }, search: true, resetScroll: false })} />
      </section>
      <DeadlineList scope={scope} noRight={noRight} />
      <Outlet />
    </div>
  )
}
