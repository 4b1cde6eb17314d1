// Reads a text of the history or of a conflict: open, closed to this reader, forgotten, or empty.
import { useTranslation } from 'react-i18next'
import type { DeclarationField, Permission } from '../../graphql/gql/graphql'
import { valueWord } from './fact-value'

export type TextShape =
  | { __typename: 'OpenText'; text: string }
  | { __typename: 'Withheld'; permission: Permission }
  | { __typename: 'Forgotten' }
  | null
  | undefined

export function useTextWord() {
  const { t } = useTranslation()
  return (text: TextShape, field?: DeclarationField): string => {
    if (!text) return t('history.empty')
    if (text.__typename === 'Withheld') return t('closed.withheld', { permission: t(`permission.${text.permission}`) })
    if (text.__typename === 'Forgotten') return t('closed.forgotten')
    if (text.text === '') return t('history.empty')
    return field ? valueWord(field, text.text, t) : text.text
  }
}
