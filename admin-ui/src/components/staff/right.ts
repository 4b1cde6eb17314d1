// Whether the reader may keep accounts.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { useSession } from '../session'

/** Why not; undefined when they may. */
export function useNoStaffRight(): string | undefined {
  const { t } = useTranslation()
  return may(useSession(), 'MANAGE_STAFF') ? undefined : t('sheet.noRight', { permission: t('permission.MANAGE_STAFF') })
}
