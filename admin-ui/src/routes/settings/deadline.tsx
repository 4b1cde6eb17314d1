// One deadline, in a sheet over the calendar.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNoCalendarRight } from '../../components/calendar/right'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton } from '../../components/form-sheet'
import { DeadlineForm } from '../../forms/deadline'
import { deadlineQuery } from '../../graphql/calendar'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { DeadlinePartsFragmentDoc } from '../../graphql/gql/graphql'

const route = getRouteApi('/shell/settings/calendar/deadlines/$id')

export default function DeadlinePage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const noRight = useNoCalendarRight()
  const { data, error, refetch } = useQuery(deadlineQuery(id))
  const leave = () => void navigate({ to: '/settings/calendar', search: true, resetScroll: false })
  return (
    <FormSheet title={t('deadline.changeTitle')} onLeave={leave}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && data && <DeadlineForm key={id} deadline={readFragment(DeadlinePartsFragmentDoc, data)} />}
      {noRight === undefined && data === null && <p className="p-5">{t('deadline.gone')}</p>}
      {noRight === undefined && data === undefined && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
