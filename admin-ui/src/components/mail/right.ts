// Whether the reader may decide about mail.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { useSession } from '../session'

/** Why not; undefined when they may. */
export function useNoMailRight(): string | undefined {
  const { t } = useTranslation()
  return may(useSession(), 'MANAGE_MAIL') ? undefined : t('mail.noRight', { permission: t('permission.MANAGE_MAIL') })
}
