// What happened to a question, the newest first, with what each saving changed.
import { useTranslation } from 'react-i18next'
import type { ArticleEntry } from '../../graphql/articles'
import type { TextLanguage } from '../../graphql/gql/graphql'
import { type DiffLine, lineDiff } from '../../lib/line-diff'
import { TypedText } from '../../ui/typed-text'
import { whenShort } from '../inquiries/words'
import { actorWord } from '../operations/words'

const LANGUAGES = ['JA', 'EN'] as const satisfies readonly TextLanguage[]

interface Part {
  word: string
  lines: readonly DiffLine[]
}

const wordsIn = (entry: ArticleEntry | undefined, language: TextLanguage) => (language === 'JA' ? entry?.ja : entry?.en)

/** Each text that is not as it was; all of them for the first. */
function usePartsOf() {
  const { t } = useTranslation()
  return (entry: ArticleEntry, before: ArticleEntry | undefined): Part[] =>
    LANGUAGES.flatMap((language) => {
      const [now, old] = [wordsIn(entry, language), wordsIn(before, language)]
      return [
        { word: t(`articles.partTitle.${language}`), now: now?.title ?? '', old: old?.title ?? '' },
        { word: t(`articles.partBody.${language}`), now: now?.body ?? '', old: old?.body ?? '' },
      ]
    }).flatMap((part) => (part.now === part.old ? [] : [{ word: part.word, lines: lineDiff(part.old, part.now) }]))
}

function Line({ line }: { line: DiffLine }) {
  const { t } = useTranslation()
  const text = line.text === '' ? ' ' : line.text
  if (line.kind === 'same')
    return (
      <div className="pl-5 text-muted">
        <TypedText text={text} />
      </div>
    )
  const isNew = line.kind === 'added'
  const Mark = isNew ? 'ins' : 'del'
  return (
    <Mark className={`block pl-5 -indent-4 ${isNew ? 'bg-good-bg text-good no-underline' : 'bg-bad-bg text-bad'}`}>
      <span aria-hidden="true">{isNew ? '＋' : '−'}</span>
      <span className="sr-only">{t(isNew ? 'articles.added' : 'articles.removed')}: </span>
      <TypedText text={text} />
    </Mark>
  )
}

function Diff({ parts, isFirst }: { parts: readonly Part[]; isFirst: boolean }) {
  const { t } = useTranslation()
  if (parts.length === 0) return <p className="text-muted">{t('articles.diffNone')}</p>
  return (
    <details>
      <summary className="min-h-6 w-fit cursor-pointer text-link touch:min-h-11">{t(isFirst ? 'articles.diffFirst' : 'articles.diff')}</summary>
      <div className="flex flex-col gap-2 pt-1">
        {parts.map((part) => (
          <div key={part.word}>
            <p className="text-xs text-muted">{part.word}</p>
            <div className="break-words whitespace-pre-wrap">
              {part.lines.map((line, index) => (
                <Line key={index} line={line} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </details>
  )
}

/** `history`: the oldest first, as it comes. */
export function ArticleHistory({ history }: { history: readonly ArticleEntry[] }) {
  const { t } = useTranslation()
  const partsOf = usePartsOf()
  const saved = history.filter(({ kind }) => kind === 'SAVED')
  return (
    <section aria-labelledby="article-history" className="flex flex-col gap-2">
      <h2 id="article-history" className="text-base">
        {t('articles.history')}
      </h2>
      <ol className="flex flex-col text-sm">
        {history.toReversed().map((entry) => {
          const place = saved.indexOf(entry)
          return (
            <li key={entry.position} className="flex flex-col gap-0.5 border-b border-line/60 py-2">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-bold">{t(`articles.kind.${entry.kind}`)}</span>
                <time dateTime={entry.at} className="num text-muted">
                  {whenShort(entry.at)}
                </time>
                <span className="text-muted">
                  <TypedText text={actorWord(entry.by, t)} />
                </span>
              </span>
              {place >= 0 && <Diff parts={partsOf(entry, saved[place - 1])} isFirst={place === 0} />}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
