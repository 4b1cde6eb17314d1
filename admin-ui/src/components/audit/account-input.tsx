// Whose reads: found by typing a part of the name. Everybody who has or had an account, those who cannot sign in any more too, and the
// programs with a token, for those who may see them.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tokenReader } from '../../graphql/audit'
import type { StaffAccount } from '../../graphql/staff'
import type { ApiToken } from '../../graphql/tokens'
import { spelledOut } from '../../lib/typed-text'
import { TextInput } from '../../ui/field'

interface Props {
  /** Undefined while they load. */
  accounts: readonly StaffAccount[] | undefined
  tokens?: readonly Pick<ApiToken, 'id' | 'name'>[] | undefined
  value: string
  onChange: (id: string) => void
  required?: boolean
  error?: string
}

/** What was typed leads to nobody, or to several. */
export const NOBODY = '?'

interface Choice {
  id: string
  word: string
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')

/** Exactly that one, or the only one that has it in its name or login; undefined: nobody, or several. */
export function chosen(choices: readonly Choice[], text: string): string | undefined {
  const typed = plain(text)
  const exact = choices.filter(({ word }) => plain(word) === typed)
  const found = exact.length > 0 ? exact : choices.filter(({ word }) => plain(word).includes(typed))
  return found.length === 1 ? found[0]?.id : undefined
}

export function AccountInput({ accounts, tokens, value, onChange, required, error }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<{ id: string; text: string }>()
  const named = (account: StaffAccount) => t('audit.accountNamed', { name: spelledOut(account.name), login: account.login })
  const inOrder = (accounts ?? []).toSorted((one, other) => Number(Boolean(one.disabledAt)) - Number(Boolean(other.disabledAt)) || one.name.localeCompare(other.name, 'ja'))
  const choices: Choice[] = [
    ...inOrder.map((account) => ({ id: account.id, word: account.disabledAt ? t('audit.disabledAccount', { name: named(account) }) : named(account) })),
    ...(tokens ?? []).map(({ id, name }) => ({ id: tokenReader(id), word: t('audit.tokenNamed', { name: spelledOut(name) }) })),
  ]
  const known = choices.find(({ id }) => id === value)?.word
  // One that an address brought, until the accounts have come, and one that there is not.
  const stranger = accounts ? t(value.startsWith(tokenReader('')) ? 'audit.someToken' : 'audit.unknownAccount') : t('app.loading')
  const text = typed?.id === value ? typed.text : value === '' ? '' : (known ?? stranger)
  const change = (next: string) => {
    const id = next.trim() === '' ? '' : (chosen(choices, next) ?? NOBODY)
    setTyped({ id, text: next })
    onChange(id)
  }
  return (
    <>
      <TextInput
        id="audit-staff"
        label={t(required ? 'audit.account' : 'audit.accountOrAll')}
        list="audit-accounts"
        autoComplete="off"
        spellCheck={false}
        required={required}
        error={error}
        value={text}
        onChange={(event) => change(event.target.value)}
        onFocus={(event) => event.target.select()}
      />
      <datalist id="audit-accounts">
        {choices.map(({ id, word }) => (
          <option key={id} value={word}>
            {word}
          </option>
        ))}
      </datalist>
    </>
  )
}
