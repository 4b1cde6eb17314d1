// Whose reads: everybody who has or had an account, those who cannot sign in any more too.
import type { ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { StaffAccount } from '../../graphql/staff'
import { spelledOut } from '../../lib/typed-text'
import { SelectInput } from '../../ui/field'

interface Props {
  /** Undefined while they load. */
  accounts: readonly StaffAccount[] | undefined
  value: string
  onChange: (id: string) => void
  /** The word for no account. */
  none: string
  required?: boolean
  error?: string
}

const inOrder = (accounts: readonly StaffAccount[]) => accounts.toSorted((one, other) => one.name.localeCompare(other.name, 'ja'))

export function AccountInput({ accounts, value, onChange, none, required, error }: Props) {
  const { t } = useTranslation()
  const word = ({ name, login }: StaffAccount) => t('audit.accountNamed', { name: spelledOut(name), login })
  const options = (some: readonly StaffAccount[]) =>
    inOrder(some).map((account) => (
      <option key={account.id} value={account.id}>
        {word(account)}
      </option>
    ))
  const isStranger = value !== '' && !accounts?.some(({ id }) => id === value)
  const disabled = accounts?.filter(({ disabledAt }) => disabledAt) ?? []
  return (
    <SelectInput id="audit-staff" label={t('audit.account')} value={value} required={required} error={error} onChange={(event: ChangeEvent<HTMLSelectElement>) => onChange(event.target.value)}>
      <option value="">{none}</option>
      {/* One that an address brought, until the accounts have come, and one that there is not. */}
      {isStranger && <option value={value}>{accounts ? t('audit.unknownAccount') : t('app.loading')}</option>}
      {options(accounts?.filter(({ disabledAt }) => !disabledAt) ?? [])}
      {disabled.length > 0 && <optgroup label={t('audit.disabledAccounts')}>{options(disabled)}</optgroup>}
    </SelectInput>
  )
}
