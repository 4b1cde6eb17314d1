// One day of the calendar, in a sheet over its month.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNoCalendarRight } from '../../components/calendar/right'
import { dayWord } from '../../components/calendar/words'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton } from '../../components/form-sheet'
import { CalendarDayForm, DayFacts } from '../../forms/calendar-day'
import { monthQuery } from '../../graphql/calendar'
import { readDay } from '../../lib/date-text'
import { isKnownMonth, monthOf } from '../../lib/months'

const route = getRouteApi('/shell/settings/calendar/days/$date')

export default function CalendarDayPage() {
  const { t } = useTranslation()
  const { date } = route.useParams()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  const known = readDay(date) === date && isKnownMonth(monthOf(date))
  const { data: days, error, refetch } = useQuery({ ...monthQuery(monthOf(date)), enabled: known })
  const day = days?.find((item) => item.date === date)
  const leave = () => void navigate({ to: '/settings/calendar', search: true, resetScroll: false })
  return (
    <FormSheet title={t('officeDay.title', { date: known ? dayWord(date) : date })} onLeave={leave}>
      {!known && <p className="p-5">{t('officeDay.notFound')}</p>}
      {known && !day && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
      {day && noRight === undefined && <CalendarDayForm key={date} day={day} />}
      {day && noRight !== undefined && (
        <div className="flex flex-col gap-4 p-5">
          <DayFacts day={day} />
          <p className="text-sm text-muted">{noRight}</p>
        </div>
      )}
    </FormSheet>
  )
}
