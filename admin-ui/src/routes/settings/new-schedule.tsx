// A new schedule, in a sheet over the list.
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FormSheet } from '../../components/form-sheet'
import { useNoScheduleRight } from '../../components/operations/right'
import { ScheduleForm } from '../../forms/schedule'

const route = getRouteApi('/shell/settings/schedules/new')

export default function NewSchedulePage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const noRight = useNoScheduleRight()
  return (
    <FormSheet title={t('schedules.addTitle')} onLeave={() => void navigate({ to: '/settings/schedules', resetScroll: false })}>
      {noRight === undefined ? <ScheduleForm /> : <p className="p-5">{noRight}</p>}
    </FormSheet>
  )
}
