// A text of a case: as it was written, or why it is not shown.
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../graphql/gql/graphql'
import { TypedText } from '../../ui/typed-text'

type Shown = { __typename: string } & Partial<{ text: string; permission: Permission }>

export function CaseTextView({ text }: { text: Shown }) {
  const { t } = useTranslation()
  if (text.text !== undefined)
    return (
      <span className="break-words whitespace-pre-wrap">
        <TypedText text={text.text} />
      </span>
    )
  return <span className="text-muted">{text.permission ? t('cases.withheld', { permission: t(`permission.${text.permission}`) }) : t('cases.forgotten')}</span>
}
