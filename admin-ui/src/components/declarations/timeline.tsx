// The history of a record: newest first, grouped by day; one item for what one command did; who, what and why, and the change itself on demand.
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { HistoryPartsFragmentDoc, type HistoryKind, type HistoryPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { byDay, type Deed as Done, deedsOf } from '../../lib/deeds'
import { formatDate, formatDeclarationNumber, formatInstant } from '../../lib/format'
import { Icon, type IconName } from '../../ui/icons'
import { Deed, deedWord } from './deed'
import { UndoLink, UndoMergeLink } from './undo'

const ICONS: Record<HistoryKind, IconName> = {
  REGISTERED: 'list',
  MADE: 'declaration',
  CORRECTED: 'edit',
  CONTACT_CHANGED: 'user',
  DIAGNOSIS_RECORDED: 'check',
  POLICY_RECORDED: 'declaration',
  POLICY_WITHDRAWN: 'close',
  STEPPED_UP: 'up',
  STEPPED_DOWN: 'down',
  LOGO_SUSPENDED: 'stop',
  LOGO_RESTORED: 'check',
  UNDONE: 'swap',
  STOPPED: 'stop',
  REINSTATED: 'check',
  PUBLISHED: 'check',
  UNPUBLISHED: 'lock',
  PERSON_FORGOTTEN: 'lock',
  FLAG_RAISED: 'warning',
  FLAG_CLEARED: 'check',
  NOTE_ADDED: 'info',
  EVIDENCE_GIVEN: 'declaration',
  SUPERSEDED: 'swap',
  LINKED_TO_OLD: 'swap',
  MERGED_INTO: 'swap',
  ABSORBED: 'swap',
  HANDED_OVER: 'user',
  NUMBER_LOOKED_UP: 'mail',
}

interface Props {
  id: string
  history: FragmentType<typeof HistoryPartsFragmentDoc>[]
  /** The entry to point out. */
  event: string | undefined
  recordedUpTo: string | undefined
}

export function Timeline({ id, history, event, recordedUpTo }: Props) {
  const { t } = useTranslation()
  const entries = history.map((entry) => readFragment(HistoryPartsFragmentDoc, entry))
  const deeds = deedsOf(entries)
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="flex items-baseline gap-2 text-base">
        {t('history.title')}
        <span className="num text-sm font-normal text-muted">{t('history.count', { count: deeds.length })}</span>
      </h2>
      {byDay(deeds).map(([day, ofDay]) => (
        <div key={day} className="mt-3">
          <h3 className="num text-sm text-muted">{formatDate(day, currentLanguage(), 'dateWithDay')}</h3>
          <ol className="mt-1">
            {ofDay.map((deed) => (
              <Item key={deed.position} {...{ id, deed, entries, recordedUpTo }} highlighted={deed.entries.some((entry) => entry.position === event)} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

interface ItemProps {
  id: string
  deed: Done
  entries: readonly HistoryPartsFragment[]
  highlighted: boolean
  recordedUpTo: string | undefined
}

function Item({ id, deed, entries, highlighted, recordedUpTo }: ItemProps) {
  const { t } = useTranslation()
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!highlighted) return
    item.current?.scrollIntoView({ block: 'nearest' })
    // The sheet gives the focus back one frame after it has closed; the new entry is where the person looks, unless they
    // have begun to type elsewhere.
    const timer = setTimeout(() => {
      if (!document.activeElement?.matches('input, textarea')) item.current?.focus({ preventScroll: true })
    }, 50)
    return () => clearTimeout(timer)
  }, [highlighted])
  const { lead } = deed
  const kind = deedWord(deed, entries, t)
  const undoUntil = recordedUpTo === undefined ? lead.undoUntil : undefined
  return (
    <li
      ref={item}
      tabIndex={highlighted ? -1 : undefined}
      data-print="keep"
      aria-current={highlighted || undefined}
      className={`flex gap-2 border-l-2 py-1.5 pr-1 pl-2.5 text-sm leading-normal ${highlighted ? 'border-accent bg-selected' : 'border-line'}`}
    >
      <Icon name={ICONS[lead.kind]} className="mt-0.5 size-4 text-muted" />
      <div className="min-w-0 flex-1">
        <Deed deed={deed} entries={entries} mark={highlighted && <span className="text-xs text-link">{t('history.highlighted')}</span>} />
        {lead.bulkChange && (
          <p>
            <Link to="/bulk-changes/$id" params={{ id: lead.bulkChange.id }} search={{}} className="inline-flex min-h-6 items-center touch:min-h-11">
              {t('history.bulkChange', { name: t(`history.bulkAction.${lead.bulkChange.action}`) })}
            </Link>
          </p>
        )}
        <UndoneMark {...{ id, deed, entries }} />
        <OtherRecord deed={deed} />
        {recordedUpTo === undefined && lead.canUndoMerge && <UndoMergeLink id={id} position={lead.position} kind={kind} />}
        {undoUntil && <UndoLink id={id} position={deed.position} until={undoUntil} kind={kind} />}
        {recordedUpTo !== deed.position && (
          <Link
            to="/declarations/$id"
            params={{ id }}
            search={(old) => ({ ...old, recordedUpTo: deed.position, event: undefined })}
            aria-label={t('history.seeRecordOf', { position: deed.position, kind })}
            className="inline-flex min-h-6 items-center text-xs touch:min-h-11"
            data-print="hide"
          >
            {t('history.seeRecord')}
          </Link>
        )}
      </div>
    </li>
  )
}

/** The other declaration that took its place, or whose place it took. */
function OtherRecord({ deed }: { deed: Done }) {
  const { t } = useTranslation()
  const other = deed.entries.find((entry) => entry.other)?.other
  if (!other) return null
  return (
    <p>
      <Link to="/declarations/$id" params={{ id: other.id }} search={{}} className="num inline-flex min-h-6 items-center touch:min-h-11">
        {t('history.other', { number: formatDeclarationNumber(other.number) })}
      </Link>
    </p>
  )
}

/** Each of the two names the other. */
function UndoneMark({ id, deed, entries }: { id: string; deed: Done; entries: readonly HistoryPartsFragment[] }) {
  const { t } = useTranslation()
  const { undoneBy, undoes } = deed.lead
  const position = undoneBy ?? undoes
  const other = entries.find((entry) => entry.position === position)
  if (!other) return null
  const when = formatInstant(other.recordedAt, currentLanguage())
  const theirs = deedsOf([...entries]).find((item) => item.entries.includes(other))
  return (
    <p>
      <Link to="/declarations/$id" params={{ id }} search={(old) => ({ ...old, event: other.position })} resetScroll={false} className="inline-flex min-h-6 items-center touch:min-h-11">
        {undoneBy ? t('history.undoneBy', { when }) : t('history.undoes', { kind: theirs ? deedWord(theirs, entries, t) : '', when })}
      </Link>
    </p>
  )
}
