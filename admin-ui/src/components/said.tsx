// What the program says of why something failed, or what came out of it. What is ours is worded in the reader's language, with its
// English sentence for whoever looks into it; what others said, such as a mail server, is shown as it is.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { JobPartsFragment } from '../graphql/gql/graphql'
import { currentLanguage } from '../i18n'
import { formatCount } from '../lib/format'
import { TypedText } from '../ui/typed-text'

export type Said = NonNullable<JobPartsFragment['error']>

/** In one line. */
export function saidWord({ reason, counts, text }: Said, t: TFunction): string {
  if (!reason) return text
  const count = (counted: Said['counts'][number]['counted']) => formatCount(counts.find((item) => item.counted === counted)?.count ?? 0, currentLanguage())
  const word = t(`reason.${reason}`, { seconds: count('SECONDS'), checked: count('CHECKED'), breaches: count('BREACHES'), cases: count('CASES'), changed: count('CHANGED'), left: count('LEFT_ALONE'), looked: count('LOOKED_AT'), found: count('FOUND'), asked: count('ASKED'), failing: count('FAILING'), rows: count('ROWS') })
  // The same night destroys files, where there are some.
  return counts.some(({ counted }) => counted === 'FILES') ? `${word}${t('app.joint')}${t('operations.filesToo', { files: count('FILES') })}` : word
}

/** In a cell of a list: what is too long for it, and the English sentence, are in the title. */
export function SaidLine({ said, className }: { said: Said; className: string }) {
  const { t } = useTranslation()
  const word = saidWord(said, t)
  return (
    <span className={`${className} ${said.reason ? '' : 'mono'}`} title={said.reason ? `${word}\n${said.text}` : word}>
      <TypedText text={word} />
    </span>
  )
}

/** Where there is room: the words, and the English sentence when it is asked for. */
export function SaidText({ said }: { said: Said }) {
  const { t } = useTranslation()
  return (
    <div className="min-w-0">
      <p className={`break-words whitespace-pre-wrap ${said.reason ? '' : 'mono'}`}>
        <TypedText text={saidWord(said, t)} />
      </p>
      {said.reason && (
        <details className="text-sm">
          <summary className="min-h-6 w-fit cursor-pointer touch:min-h-11">{t('app.technical')}</summary>
          <p lang="en" className="mono break-words">
            <TypedText text={said.text} />
          </p>
        </details>
      )}
    </div>
  )
}
