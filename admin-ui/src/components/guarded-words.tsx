// What somebody wrote, such as a reason, for whoever may read it.
import { useTranslation } from 'react-i18next'
import { TypedText } from '../ui/typed-text'

/** As the server answers: open, or closed to this reader. */
type Guarded = { __typename: 'OpenText'; text: string } | { __typename: 'Withheld' } | { __typename: 'Forgotten' }

export function GuardedWords({ text }: { text: Guarded }) {
  const { t } = useTranslation()
  if (text.__typename === 'OpenText')
    return (
      <span className="break-words whitespace-pre-wrap">
        <TypedText text={text.text} />
      </span>
    )
  return <span className="text-muted">{t(text.__typename === 'Forgotten' ? 'closed.forgotten' : 'closed.short')}</span>
}
