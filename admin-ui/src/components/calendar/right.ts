// Whether the reader may change the calendar.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { useSession } from '../session'

/** Why not; undefined when they may. */
export function useNoCalendarRight(): string | undefined {
  const { t } = useTranslation()
  return may(useSession(), 'MANAGE_CALENDAR') ? undefined : t('sheet.noRight', { permission: t('permission.MANAGE_CALENDAR') })
}
