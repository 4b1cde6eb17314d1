// Taking a change back: the way to the question, how long there is for it, and what it is about.
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { HistoryPartsFragmentDoc } from '../../graphql/gql/graphql'
import { deedsOf } from '../../lib/deeds'
import { useNow } from '../../lib/relative'
import { timeLeft } from '../../lib/time-left'
import { buttonClass } from '../../ui/button'
import { Deed } from './deed'

/** Leads to the question. */
export function useAskUndo() {
  const navigate = useNavigate()
  return (id: string, position: string) => void navigate({ to: '/declarations/$id/do/$command', params: { id, command: 'undo' }, search: { entry: position }, resetScroll: false })
}

/** Beside an entry of the history, as long as whoever reads it can take it back. */
export function UndoLink({ id, position, until, kind }: { id: string; position: string; until: string; kind: string }) {
  const { t } = useTranslation()
  const left = timeLeft(until, useNow())
  if (left.unit === 'over') return null
  return (
    <span className="flex flex-wrap items-center gap-x-2 py-1" data-print="hide">
      <Link to="/declarations/$id/do/$command" params={{ id, command: 'undo' }} search={{ entry: position }} resetScroll={false} preload={false} aria-label={t('history.undoOf', { kind })} className={buttonClass('secondary', false, 'sm')}>
        {t('history.undo')}
      </Link>
      <span className="num text-xs text-muted">{left.unit === 'soon' ? t('history.undoSoon') : t('history.undoLeft', { count: left.count })}</span>
    </span>
  )
}

/** Beside the entry of a merge, as long as nothing rests on it. */
export function UndoMergeLink({ id, position, kind }: { id: string; position: string; kind: string }) {
  const { t } = useTranslation()
  return (
    <span className="flex py-1" data-print="hide">
      <Link to="/declarations/$id/do/$command" params={{ id, command: 'undoMerge' }} search={{ entry: position }} resetScroll={false} preload={false} aria-label={t('history.undoOf', { kind })} className={buttonClass('secondary', false, 'sm')}>
        {t('history.undoMerge')}
      </Link>
    </span>
  )
}

/** What is taken back, as it stands in the history. */
export function UndoTarget({ record, position, lead }: { record: DeclarationRecord; position: string | undefined; lead: string }) {
  const entries = record.history.map((entry) => readFragment(HistoryPartsFragmentDoc, entry))
  const deed = deedsOf(entries).find((item) => item.entries.some((entry) => entry.position === position))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-muted">{lead}</p>
      {deed && (
        <div className="rounded-md border border-line bg-surface px-4 py-2.5 text-sm leading-normal">
          <Deed deed={deed} entries={entries} dated />
        </div>
      )}
    </div>
  )
}
