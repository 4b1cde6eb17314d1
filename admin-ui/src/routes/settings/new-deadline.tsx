// A new deadline, in a sheet over the calendar.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNoCalendarRight } from '../../components/calendar/right'
import { FormSheet } from '../../components/form-sheet'
import { DeadlineForm } from '../../forms/deadline'

const route = getRouteApi('/shell/settings/calendar/deadlines/new')

export default function NewDeadlinePage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  return (
    <FormSheet title={t('deadline.addTitle')} onLeave={() => void navigate({ to: '/settings/calendar', search: true, resetScroll: false })}>
      {noRight === undefined ? <DeadlineForm /> : <p className="p-5">{noRight}</p>}
    </FormSheet>
  )
}
