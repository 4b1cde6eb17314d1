// What somebody was given to do and whether they can sign in, the same on every screen.
import { useTranslation } from 'react-i18next'
import type { Role } from '../../graphql/gql/graphql'
import { Chip } from '../../ui/chip'
import type { IconName } from '../../ui/icons'

const ICONS: Record<Role, IconName> = {
  ADMINISTRATOR: 'settings',
  REGISTRAR: 'edit',
  SUPPORT: 'mail',
  OPERATOR: 'clock',
  APPROVER: 'check',
  AUDITOR: 'search',
  VIEWER: 'declaration',
}

export function RoleChips({ roles }: { roles: readonly Role[] }) {
  const { t } = useTranslation()
  return (
    <ul className="flex min-w-0 flex-wrap gap-1" aria-label={t('staffRoles.legend')}>
      {roles.map((role) => (
        <li key={role} className="flex min-w-0">
          <Chip tone="quiet" icon={ICONS[role]}>
            {t(`role.${role}`)}
          </Chip>
        </li>
      ))}
    </ul>
  )
}

export function AccountStateChip({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation()
  return (
    <Chip tone={disabled ? 'warn' : 'good'} icon={disabled ? 'stop' : 'check'}>
      {t(`staff.state.${disabled ? 'DISABLED' : 'ENABLED'}`)}
    </Chip>
  )
}
