// Answers that were written down already: read here, and put into the answer with one press, as text or as a link.
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TextLanguage } from '../../graphql/gql/graphql'
import type { SuggestedAnswer } from '../../graphql/inquiry-context'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { BesideSection } from './beside-section'

const LANGUAGES = ['JA', 'EN'] as const satisfies readonly TextLanguage[]
const WORD = { JA: 'language.ja', EN: 'language.en' } as const

interface Props {
  answers: readonly SuggestedAnswer[]
  onInsert?: (text: string) => void
}

/** What stands in its place, and why it cannot be used now. */
function useWordsOf() {
  const { t } = useTranslation()
  return ({ article }: SuggestedAnswer, language: TextLanguage) => {
    if (language === 'JA') return { words: article.ja, off: undefined }
    if (!article.en) return { words: article.ja, off: t('desk.noEnglish') }
    return { words: article.en, off: article.isEnglishOlder ? t('desk.englishOlder') : undefined }
  }
}

function Answer({ answer, language, onInsert }: { answer: SuggestedAnswer; language: TextLanguage; onInsert?: (text: string) => void }) {
  const { t } = useTranslation()
  const { words, off } = useWordsOf()(answer, language)
  const { article, likeness } = answer
  return (
    <li className="flex flex-col gap-1 border-b border-line/60 py-1.5 last:border-0">
      <span className="flex items-start gap-2">
        <Link to="/articles/$id" params={{ id: article.id }} className="min-w-0 flex-1">
          <TypedText text={words.title} />
        </Link>
        <span className="num shrink-0 text-xs text-muted">{t('desk.likeness', { likeness })}</span>
      </span>
      <details>
        <summary className="min-h-6 w-fit cursor-pointer text-muted touch:min-h-11">{t('desk.showAnswer')}</summary>
        <p className="break-words whitespace-pre-wrap">
          <TypedText text={words.body} />
        </p>
      </details>
      {onInsert && (
        <span className="flex flex-wrap gap-1.5">
          <Button size="sm" reason={off} aria-label={t('desk.insertAnswerOf', { title: words.title })} onClick={() => onInsert(words.body)}>
            {t('desk.insertAnswer')}
          </Button>
          <Button size="sm" reason={article.publicUrl ? undefined : t('desk.noLink')} aria-label={t('desk.insertLinkOf', { title: words.title })} onClick={() => onInsert(article.publicUrl ?? '')}>
            {t('desk.insertLink')}
          </Button>
        </span>
      )}
    </li>
  )
}

export function Answers({ answers, onInsert }: Props) {
  const { t } = useTranslation()
  const [language, setLanguage] = useState<TextLanguage>('JA')
  const choose = onInsert && answers.some(({ article }) => article.en) && (
    <label className="flex items-center">
      <span className="sr-only">{t('desk.insertLanguage')}</span>
      <select className="control min-h-7 py-0 text-xs touch:min-h-11" value={language} onChange={(event) => setLanguage(LANGUAGES.find((item) => item === event.target.value) ?? 'JA')}>
        {LANGUAGES.map((item) => (
          <option key={item} value={item}>
            {t(WORD[item])}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <BesideSection title={t('desk.besideOf.answers')} aside={choose}>
      {answers.length === 0 ? (
        <p className="text-muted">{t('desk.none.answers')}</p>
      ) : (
        <ul>
          {answers.map((answer) => (
            <Answer key={answer.article.id} answer={answer} language={language} onInsert={onInsert} />
          ))}
        </ul>
      )}
    </BesideSection>
  )
}
