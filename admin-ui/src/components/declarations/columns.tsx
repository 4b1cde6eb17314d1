// The columns of the list. The name comes first and stays in view when the table is scrolled sideways.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeclarationSort, MatchedField, RowMoreFragment, RowPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCorporateNumber, formatDate, formatDeclarationNumber, formatInstant } from '../../lib/format'
import { Highlight } from '../../ui/highlight'
import { TypedText } from '../../ui/typed-text'
import { FlagSummary, StarMark, StateChip } from '../chips'
import { NameNote, useNameText } from '../name'

/** The columns that everybody begins with. */
export const DEFAULT_COLUMNS = ['name', 'number', 'star', 'state', 'declaredOn', 'corporateNumber', 'place', 'flags', 'changedAt'] as const
/** Those that can be added. */
export const MORE_COLUMNS = ['entity', 'tradeName', 'industry', 'size', 'pledge', 'origin', 'published', 'policy', 'contact', 'stoppedOn'] as const
export type ColumnId = (typeof DEFAULT_COLUMNS)[number] | (typeof MORE_COLUMNS)[number]

/** A row, with what only some columns show when one of those is there. */
export type ListRow = Omit<RowPartsFragment, ' $fragmentName'> & Partial<Omit<RowMoreFragment, ' $fragmentName'>>

export interface Column {
  id: ColumnId
  /** A Tailwind width; the name takes what the others leave, and all fit 1280 px beside the rail. */
  width: string
  /** The orders that a click on the heading goes through. */
  sorts?: readonly DeclarationSort[]
  cell: (row: ListRow, search: string | undefined) => ReactNode
}

/** A match in a number is marked in the digits as they are written, with their spaces. */
function MarkedNumber({ row, field, shown }: { row: RowPartsFragment; field: MatchedField; shown: string }) {
  const hit = row.matched?.field === field ? row.matched : null
  if (!hit) return <span className="num">{shown}</span>
  const part = hit.text.slice(hit.start, hit.start + hit.length).replace(/\D/g, '')
  const before = hit.text.slice(0, hit.start).replace(/\D/g, '').length
  const places = [...shown].flatMap((character, place) => (/\d/.test(character) ? [place] : []))
  const start = places[before] ?? -1
  const end = places[before + part.length - 1] ?? -1
  return (
    <span className="num">
      <Highlight text={shown} start={start} length={end - start + 1} />
    </span>
  )
}

/** Why a row was found, where it is not plain from the name itself. */
export function matchNote(matched: RowPartsFragment['matched'], search: string | undefined, t: TFunction): ReactNode {
  if (!matched || matched.field === 'DECLARATION_NO' || matched.field === 'CORPORATE_NUMBER') return null
  const spelledAlike = search !== undefined && matched.text.includes(search.trim())
  if (matched.field === 'NAME' && spelledAlike) return null
  const field = t(`matched.${matched.field}`)
  return (
    <>
      {spelledAlike ? t('list.matchedIn', { field }) : t('list.matchedReading', { field, reading: matched.reading })}
      {matched.field !== 'NAME' && (
        <>
          {': '}
          <Highlight text={matched.text} start={matched.start} length={matched.length} />
        </>
      )}
    </>
  )
}

function NameCell({ row, search }: { row: RowPartsFragment; search: string | undefined }) {
  const { t } = useTranslation()
  const text = useNameText()(row)
  const hit = row.matched
  const marks = hit && ((hit.field === 'NAME' && hit.text === text) || (hit.field === 'TRADE_NAME' && hit.text === text))
  const note = matchNote(row.matched, search, t)
  return (
    <>
      <Link to="/declarations/$id" params={{ id: row.id }} data-row-link={row.id} className="inline-block min-h-6 font-medium no-underline hover:underline">
        {marks ? <Highlight text={text} start={hit.start} length={hit.length} /> : <TypedText text={text} />}
      </Link>{' '}
      <NameNote name={row.name} />
      {note && <span className="block text-xs text-muted">{note}</span>}
      {row.flags.length > 0 && (
        <span data-print="only" className="print:block">
          {t('list.printCondition', { name: t('filter.flag'), words: row.flags.map((flag) => t(`flag.${flag}`)).join(t('app.separator')) })}
        </span>
      )}
    </>
  )
}

/** Breaks between prefecture and city, not inside either. */
function Place({ row }: { row: RowPartsFragment }) {
  return (
    <>
      <span className="inline-block">{row.prefecture?.name}</span> <span className="inline-block">
        <TypedText text={row.city} />
      </span>
    </>
  )
}

/** One word of a fact. */
function Word({ of }: { of: (t: TFunction) => string }) {
  const { t } = useTranslation()
  return <>{of(t)}</>
}

const COLUMNS: readonly Column[] = [
  { id: 'name', width: '', cell: (row, search) => <NameCell row={row} search={search} /> },
  {
    id: 'number',
    width: 'w-[6.75rem]',
    sorts: ['NUMBER_ASC', 'NUMBER_DESC'],
    cell: (row) => <MarkedNumber row={row} field="DECLARATION_NO" shown={formatDeclarationNumber(row.number)} />,
  },
  { id: 'star', width: 'w-[6.25rem]', cell: (row) => <StarMark star={row.star} /> },
  { id: 'state', width: 'w-[6.75rem]', cell: (row) => <StateChip state={row.state} /> },
  {
    id: 'declaredOn',
    width: 'w-[7.25rem]',
    sorts: ['DECLARED_ON_DESC', 'DECLARED_ON_ASC'],
    cell: (row) => <span className="num">{formatDate(row.declaredOn, currentLanguage())}</span>,
  },
  {
    id: 'corporateNumber',
    width: 'w-[7.875rem]',
    cell: (row) => row.corporateNumber && <MarkedNumber row={row} field="CORPORATE_NUMBER" shown={formatCorporateNumber(row.corporateNumber)} />,
  },
  { id: 'place', width: 'w-[7.75rem] 2xl:w-56', cell: (row) => (row.prefecture || row.city) && <Place row={row} /> },
  { id: 'flags', width: 'w-[10.125rem] 2xl:w-56', cell: (row) => row.flags.length > 0 && <FlagSummary flags={row.flags} /> },
  {
    id: 'changedAt',
    width: 'w-[7.25rem]',
    sorts: ['CHANGED_DESC', 'CHANGED_ASC'],
    cell: (row) => (
      <time dateTime={row.changedAt} title={formatInstant(row.changedAt, currentLanguage())} className="num">
        {formatInstant(row.changedAt, currentLanguage(), 'date')}
      </time>
    ),
  },
  { id: 'entity', width: 'w-[7rem]', cell: (row) => <Word of={(t) => t(`entity.${row.entityType}`)} /> },
  { id: 'tradeName', width: 'w-[10rem]', cell: (row) => row.tradeName && <TypedText text={row.tradeName} /> },
  { id: 'industry', width: 'w-[11rem]', cell: (row) => row.industry && <Word of={(t) => t(`industry.${row.industry?.code as 'A'}`)} /> },
  { id: 'size', width: 'w-[8rem]', cell: (row) => row.size && <Word of={(t) => t(`size.${row.size ?? 'UNKNOWN'}`)} /> },
  { id: 'pledge', width: 'w-[6rem]', cell: (row) => row.pledge && <Word of={(t) => t(`pledge.${row.pledge ?? 'UNKNOWN'}`)} /> },
  { id: 'origin', width: 'w-[9rem]', cell: (row) => row.provenance && <Word of={(t) => t(`provenance.${row.provenance ?? 'IMPORT'}`)} /> },
  { id: 'published', width: 'w-[6rem]', cell: (row) => row.published !== undefined && <Word of={(t) => t(row.published ? 'published.YES' : 'published.NO')} /> },
  { id: 'policy', width: 'w-[8rem]', cell: (row) => row.policy && <Word of={(t) => t(`policyState.${row.policy ?? 'NONE'}`)} /> },
  { id: 'contact', width: 'w-[8rem]', cell: (row) => row.contact && <Word of={(t) => t(`contactState.${row.contact ?? 'NONE'}`)} /> },
  { id: 'stoppedOn', width: 'w-[7.25rem]', cell: (row) => row.stoppedOn && <span className="num">{formatDate(row.stoppedOn, currentLanguage())}</span> },
]

const BY_ID = new Map(COLUMNS.map((column) => [column.id, column]))

/** The ids that an address asks for, as far as there are such columns; the name always comes first, or nobody knew whose row it is. */
export function columnIds(asked: readonly string[] | undefined): ColumnId[] {
  if (!asked) return [...DEFAULT_COLUMNS]
  const known = asked.flatMap((id) => BY_ID.get(id as ColumnId)?.id ?? [])
  return ['name', ...known.filter((id) => id !== 'name')]
}

/** What the address says of columns: nothing when they are those that everybody begins with. */
export const askedColumns = (ids: readonly ColumnId[]): string[] | undefined => (ids.join() === DEFAULT_COLUMNS.join() ? undefined : [...ids])

export const columnsOf = (ids: readonly ColumnId[]): Column[] => ids.flatMap((id) => BY_ID.get(id) ?? [])

/** Whether one of them shows what is not asked for otherwise. */
export const needsMore = (ids: readonly ColumnId[]) => ids.some((id) => id !== 'entity' && id !== 'tradeName' && (MORE_COLUMNS as readonly string[]).includes(id))
