// The roles as boxes to tick, each with one sentence of what it lets somebody do.
import { useTranslation } from 'react-i18next'
import type { Role } from '../../graphql/gql/graphql'
import { BY_APPROVAL, ROLES } from '../../graphql/staff'
import { FieldError, RequiredMark } from '../../ui/field'
import { Icon } from '../../ui/icons'

interface Props {
  chosen: readonly Role[]
  onChange: (roles: Role[]) => void
  error?: string
  /** What they have already; undefined for somebody who is to be invited, and gets what needs approval later. */
  had?: readonly Role[]
}

export function RoleChoice({ chosen, onChange, error, had }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={['roles-help', error && 'roles-error'].filter(Boolean).join(' ')}>
      <legend className="font-bold">
        <span className="inline-flex items-center gap-2">
          {t('staffRoles.legend')}
          <RequiredMark required />
        </span>
      </legend>
      <p id="roles-help" className="text-sm text-muted">
        {t('staffRoles.help')}
      </p>
      {ROLES.map((role) => (
        <RoleBox
          key={role}
          role={role}
          checked={chosen.includes(role)}
          off={had === undefined && BY_APPROVAL.includes(role)}
          note={BY_APPROVAL.includes(role) && !had?.includes(role) ? t(had ? 'staffRoles.byApproval' : 'staffRoles.afterJoining') : undefined}
          onChange={(on) => onChange(ROLES.filter((item) => (item === role ? on : chosen.includes(item))))}
        />
      ))}
      <FieldError id="roles-error" error={error} />
    </fieldset>
  )
}

interface BoxProps {
  role: Role
  checked: boolean
  /** It stays in reach of the keyboard, so that the note can be read. */
  off: boolean
  note?: string
  onChange: (on: boolean) => void
}

function RoleBox({ role, checked, off, note, onChange }: BoxProps) {
  const { t } = useTranslation()
  const id = `role-${role}`
  return (
    <label className={`flex gap-3 rounded-md border px-4 py-2.5 ${off ? 'border-line bg-quiet-bg' : 'cursor-pointer border-control has-checked:border-accent has-checked:bg-selected'}`}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-disabled={off || undefined}
        aria-labelledby={`${id}-word`}
        aria-describedby={`${id}-help${note ? ` ${id}-note` : ''}`}
        className={`mt-1 size-5 shrink-0 accent-accent ${off ? 'opacity-50' : ''}`}
        onChange={(event) => {
          if (!off) onChange(event.target.checked)
        }}
      />
      <span className="min-w-0">
        <span id={`${id}-word`} className={`block font-bold ${off ? 'text-quiet' : ''}`}>
          {t(`role.${role}`)}
        </span>
        <span id={`${id}-help`} className={`block text-sm ${off ? 'text-quiet' : 'text-muted'}`}>
          {t(`staffRoles.what.${role}`)}
        </span>
        {note && (
          <span id={`${id}-note`} className={`flex items-start gap-1 text-sm ${off ? 'text-quiet' : ''}`}>
            <Icon name={off ? 'lock' : 'info'} className="mt-1 size-4 shrink-0" />
            {note}
          </span>
        )}
      </span>
    </label>
  )
}
