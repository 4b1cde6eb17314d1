// A schedule that is changed, in a sheet over its page.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton } from '../../components/form-sheet'
import { useNoScheduleRight } from '../../components/operations/right'
import { ScheduleForm } from '../../forms/schedule'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { SchedulePartsFragmentDoc } from '../../graphql/gql/graphql'
import { scheduleQuery } from '../../graphql/schedules'

const route = getRouteApi('/shell/settings/schedules/$id/change')

export default function ChangeSchedulePage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const noRight = useNoScheduleRight()
  const { data, error, refetch } = useQuery(scheduleQuery(id))
  const schedule = readFragment(SchedulePartsFragmentDoc, data)
  const gone = data === null || schedule?.state === 'REMOVED'
  return (
    <FormSheet title={t('schedules.editTitle')} onLeave={() => void navigate({ to: '/settings/schedules/$id', params: { id }, resetScroll: false })}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && gone && <p className="p-5">{t('schedules.gone')}</p>}
      {noRight === undefined && schedule && !gone && <ScheduleForm key={id} schedule={schedule} />}
      {noRight === undefined && data === undefined && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}
