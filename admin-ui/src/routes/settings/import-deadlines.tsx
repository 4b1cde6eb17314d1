// Deadlines from a file, in a sheet over the calendar.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNoCalendarRight } from '../../components/calendar/right'
import { FormSheet } from '../../components/form-sheet'
import { ImportDeadlinesForm } from '../../forms/import-deadlines'

const route = getRouteApi('/shell/settings/calendar/import')

export default function ImportDeadlinesPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  return (
    <FormSheet title={t('import.title')} onLeave={() => void navigate({ to: '/settings/calendar', search: true, resetScroll: false })}>
      {noRight === undefined ? <ImportDeadlinesForm /> : <p className="p-5">{noRight}</p>}
    </FormSheet>
  )
}
