// The office's hours, in a sheet over the calendar.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNoCalendarRight } from '../../components/calendar/right'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton } from '../../components/form-sheet'
import { OfficeHoursForm } from '../../forms/office-hours'
import { calendarNowQuery } from '../../graphql/calendar'

const route = getRouteApi('/shell/settings/calendar/hours')

export default function OfficeHoursPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  const { data, error, refetch } = useQuery(calendarNowQuery)
  const leave = () => void navigate({ to: '/settings/calendar', search: true, resetScroll: false })
  return (
    <FormSheet title={t('hours.title')} onLeave={leave}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && data && <OfficeHoursForm hours={data.hours} />}
      {noRight === undefined && !data && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
