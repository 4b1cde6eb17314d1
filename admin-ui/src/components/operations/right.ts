// Whether the reader may keep schedules and touch jobs.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { useSession } from '../session'

/** Why not; undefined when they may. */
export function useNoScheduleRight(): string | undefined {
  const { t } = useTranslation()
  return may(useSession(), 'MANAGE_SCHEDULES') ? undefined : t('sheet.noRight', { permission: t('permission.MANAGE_SCHEDULES') })
}
