// What happened to a case, newest first: what, when, by whom, and what was written with it.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseText } from '../../graphql/cases'
import type { Actor } from '../../graphql/gql/graphql'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { Moment } from '../approvals/rows'
import { actorWord } from '../operations/words'
import { CaseTextView } from './text'

export interface ShownEntry {
  at: string
  by: Pick<Actor, 'kind' | 'name'>
  icon: IconName
  word: string
  /** What it says beside its free text. */
  lines: readonly ReactNode[]
  text?: CaseText
}

export function CaseHistory({ entries }: { entries: readonly ShownEntry[] }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="text-base">
        {t('cases.history')}
      </h2>
      <ol className="mt-1">
        {entries.toReversed().map((entry, place) => (
          // What has happened stays; the newest stands first, so it counts from the end.
          <li key={entries.length - place} className="flex gap-2 border-l-2 border-line py-1.5 pl-2.5 text-sm leading-normal">
            <Icon name={entry.icon} className="mt-0.5 size-4 shrink-0 text-muted" />
            <div className="min-w-0 flex-1">
              <p className="font-bold">{entry.word}</p>
              {entry.lines.map((line, index) => (
                <p key={index}>{line}</p>
              ))}
              {entry.text && (
                <p>
                  <CaseTextView text={entry.text} />
                </p>
              )}
              <p className="text-muted">
                <Moment at={entry.at} /> <TypedText text={actorWord(entry.by, t)} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
