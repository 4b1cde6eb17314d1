// How a declarer is called on the screen, also when its name may not be shown.
import { useTranslation } from 'react-i18next'
import type { DeclarationRow, Permission } from '../graphql/gql/graphql'
import { Icon } from '../ui/icons'

export type NameShape =
  | { __typename: 'OrganizationName' | 'PersonName'; name: string; kana?: string | null }
  | { __typename: 'Withheld'; permission: Permission }
  | { __typename: 'Forgotten' }

interface Named {
  name: NameShape
  tradeName?: DeclarationRow['tradeName']
}

/** The name as plain text, for titles and labels: 屋号 stands in for a person's name that is closed. */
export function useNameText() {
  const { t } = useTranslation()
  return ({ name, tradeName }: Named): string => {
    if ('name' in name) return name.name
    if (tradeName) return tradeName
    return name.__typename === 'Withheld' ? t('closed.name') : t('closed.forgotten')
  }
}

/** Says beside a stand-in why the name itself is missing. */
export function NameNote({ name }: { name: NameShape }) {
  const { t } = useTranslation()
  if ('name' in name) return null
  const why =
    name.__typename === 'Withheld'
      ? t('closed.nameHelp', { permission: t(`permission.${name.permission}`) })
      : t('closed.forgottenHelp')
  return (
    <span title={why} className="text-muted">
      <Icon name="lock" className="size-3.5" />
      <span className="sr-only">{why}</span>
    </span>
  )
}
