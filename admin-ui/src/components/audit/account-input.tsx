// Whose reads: found by typing a part of the name. Everybody who has or had an account, those who cannot sign in any more too, and the
// programs with a token, for those who may see them.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { isTokenReader, tokenReader } from '../../graphql/audit'
import type { StaffAccount } from '../../graphql/staff'
import type { ApiToken } from '../../graphql/tokens'
import { spelledOut } from '../../lib/typed-text'
import { TextInput } from '../../ui/field'

interface Choice {
  id: string
  word: string
}

type Accounts = readonly StaffAccount[] | undefined
type Programs = readonly Pick<ApiToken, 'id' | 'name'>[] | undefined

/** Who can be chosen: first who can sign in. */
export function choicesOf(accounts: Accounts, tokens: Programs, t: TFunction): Choice[] {
  const named = (account: StaffAccount) => t('audit.accountNamed', { name: spelledOut(account.name), login: account.login })
  const inOrder = (accounts ?? []).toSorted((one, other) => Number(Boolean(one.disabledAt)) - Number(Boolean(other.disabledAt)) || one.name.localeCompare(other.name, 'ja'))
  return [
    ...inOrder.map((account) => ({ id: account.id, word: account.disabledAt ? t('audit.disabledAccount', { name: named(account) }) : named(account) })),
    ...(tokens ?? []).map(({ id, name }) => ({ id: tokenReader(id), word: t('audit.tokenNamed', { name: spelledOut(name) }) })),
  ]
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')

/** Exactly that one, or the only one that has it in its name or login; undefined: nobody, or several. */
export function chosen(choices: readonly Choice[], text: string): string | undefined {
  const typed = plain(text)
  const exact = choices.filter(({ word }) => plain(word) === typed)
  const found = exact.length > 0 ? exact : choices.filter(({ word }) => plain(word).includes(typed))
  return found.length === 1 ? found[0]?.id : undefined
}

interface Props {
  /** Undefined while they load. */
  accounts: Accounts
  /** Undefined where no program can be asked for. */
  tokens?: Programs
  /** Of the address. */
  asked: string | undefined
  /** Undefined until somebody types. */
  typed: string | undefined
  onType: (text: string) => void
  required?: boolean
  error?: string
}

export function AccountInput({ accounts, tokens, asked = '', typed, onType, required, error }: Props) {
  const { t } = useTranslation()
  const choices = choicesOf(accounts, tokens, t)
  // One that an address brought, until the accounts have come, and one that there is not.
  const stranger = accounts ? t(isTokenReader(asked) ? 'audit.someToken' : 'audit.unknownAccount') : t('app.loading')
  const known = asked === '' ? '' : (choices.find(({ id }) => id === asked)?.word ?? stranger)
  return (
    <>
      <TextInput
        id="audit-staff"
        label={t(required ? 'audit.account' : tokens ? 'audit.accountOrAll' : 'audit.accountOrEverybody')}
        list="audit-accounts"
        autoComplete="off"
        spellCheck={false}
        required={required}
        error={error}
        value={typed ?? known}
        onChange={(event) => onType(event.target.value)}
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
