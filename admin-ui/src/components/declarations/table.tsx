// The table of declarations: real table markup, sticky heading and first column, one card per row where it is narrow.
import { useTranslation } from 'react-i18next'
import type { DeclarationSort } from '../../graphql/gql/graphql'
import { formatDeclarationNumber } from '../../lib/format'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import type { Choosing } from './choose-rows'
import type { Column, ListRow } from './columns'

/** What the server takes when no order is asked for. */
export const DEFAULT_SORT: DeclarationSort = 'DECLARED_ON_DESC'

interface Props {
  rows: ListRow[] | undefined
  columns: readonly Column[]
  search: string | undefined
  sort: DeclarationSort
  compact: boolean
  /** Rows of an earlier question, shown until the new answer comes. */
  stale: boolean
  current: string | undefined
  onSort: (sort: DeclarationSort) => void
  onPeek: (id: string) => void
  /** Left out for those who can do nothing with rows that are chosen. */
  choosing?: Choosing
}

function SortHeading({ column, sort, onSort }: { column: Column; sort: DeclarationSort; onSort: Props['onSort'] }) {
  const { t } = useTranslation()
  const word = t(`list.column.${column.id}`)
  if (!column.sorts) return <>{word}</>
  const place = column.sorts.indexOf(sort)
  const next = column.sorts[(place + 1) % column.sorts.length] ?? DEFAULT_SORT
  return (
    <button type="button" onClick={() => onSort(next)} className="-mx-1.5 inline-flex min-h-7 items-center gap-1 rounded-sm px-1.5 font-bold hover:bg-hover touch:min-h-11" title={t(`sort.${next}`)}>
      {word}
      {place >= 0 && <Icon name={sort.endsWith('ASC') ? 'up' : 'down'} className="size-3.5" />}
    </button>
  )
}

const direction = (column: Column, sort: DeclarationSort) =>
  column.sorts?.includes(sort) ? (sort.endsWith('ASC') ? 'ascending' : 'descending') : undefined

/** Beyond those that everybody begins with, columns go past the edge and are scrolled to. */
const widthClass = (columns: number) => (columns > 14 ? 'md:min-w-[132rem]' : columns > 11 ? 'md:min-w-[104rem]' : columns > 9 ? 'md:min-w-[88rem]' : columns > 6 ? 'md:min-w-[72rem]' : 'md:min-w-[48rem]')

// The roles are written out because a table that is laid out as cards would lose them.
export function DeclarationTable({ rows, columns, search, sort, compact, stale, current, onSort, onPeek, choosing }: Props) {
  const { t } = useTranslation()
  return (
    <table role="table" aria-label={t('list.table')} aria-busy={stale || rows === undefined} className={`records w-full table-fixed border-separate border-spacing-0 text-sm leading-normal ${widthClass(columns.length)}`}>
      <thead role="rowgroup" className="max-md:sr-only">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.id}
              data-column={column.id}
              role="columnheader"
              scope="col"
              aria-sort={direction(column, sort)}
              className={`sticky top-0 z-10 border-b border-control bg-surface px-1.5 py-1.5 text-left font-bold first:left-0 first:z-20 first:pl-4 ${column.width}`}
            >
              {column.id === 'name' && choosing && rows && rows.length > 0 ? (
                <span className="flex items-center gap-2">
                  <ChooseLoaded rows={rows} choosing={choosing} />
                  <SortHeading column={column} sort={sort} onSort={onSort} />
                </span>
              ) : (
                <SortHeading column={column} sort={sort} onSort={onSort} />
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className={stale ? 'opacity-60' : ''}>
        {rows
          ? rows.map((row) => <Row key={row.id} {...{ row, columns, search, compact, onPeek, choosing }} current={row.id === current} />)
          : Array.from({ length: 12 }, (_, index) => <SkeletonRow key={index} columns={columns} compact={compact} />)}
      </tbody>
    </table>
  )
}

function ChooseLoaded({ rows, choosing }: { rows: ListRow[]; choosing: Choosing }) {
  const { t } = useTranslation()
  const all = rows.every((row) => choosing.chosen.has(row.id))
  return (
    <label className="flex min-h-6 items-center touch:min-h-11" data-print="hide">
      <input
        type="checkbox"
        className="size-6 accent-accent"
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = !all && choosing.chosen.size > 0
        }}
        aria-label={t('list.choose.loaded')}
        onChange={(event) => choosing.chooseLoaded(event.target.checked)}
      />
    </label>
  )
}

function ChooseRow({ row, choosing }: { row: ListRow; choosing: Choosing }) {
  const { t } = useTranslation()
  return (
    <label className="flex min-h-6 items-center touch:min-h-11" data-print="hide">
      <input
        type="checkbox"
        className="size-6 accent-accent"
        checked={choosing.chosen.has(row.id)}
        aria-label={t('list.choose.one', { number: formatDeclarationNumber(row.number) })}
        onChange={(event) => choosing.choose(row.id, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  )
}

const cellClass = (compact: boolean) =>
  `border-b border-line px-1.5 align-middle first:pl-4 md:first:sticky md:first:left-0 md:first:z-[1] ${compact ? 'md:h-8 md:py-0.5' : 'md:h-10 md:py-1'}`

function Row({ row, columns, search, compact, current, onPeek, choosing }: Pick<Props, 'columns' | 'search' | 'compact' | 'onPeek' | 'choosing'> & { row: ListRow; current: boolean }) {
  const { t } = useTranslation()
  return (
    // A click beside the link is a shortcut for the mouse; the keyboard has Space on the link for the same.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      role="row"
      data-current={current}
      className="group bg-bg focus-within:bg-hover hover:bg-hover data-[current=true]:bg-selected max-md:block max-md:border-b max-md:border-line max-md:px-4 max-md:py-3"
      onClick={(event) => {
        const target = event.target as HTMLElement
        if (target.closest('a, button, label') || window.getSelection()?.isCollapsed === false || window.innerWidth < 768) return
        onPeek(row.id)
      }}
    >
      {columns.map((column) => {
        const content = column.cell(row, search)
        return (
          <td
            key={column.id}
            data-column={column.id}
            role="cell"
            className={`${cellClass(compact)} md:first:bg-inherit max-md:flex max-md:gap-3 max-md:border-0 max-md:px-0 max-md:py-0.5 max-md:first:block max-md:first:pl-0 max-md:first:text-base ${content ? '' : 'max-md:hidden'}`}
          >
            {column.id !== 'name' && <span data-card-label className="w-24 shrink-0 text-muted md:hidden">{t(`list.column.${column.id}`)}</span>}
            {column.id === 'name' && choosing ? (
              <span className="flex min-w-0 items-start gap-2">
                <ChooseRow row={row} choosing={choosing} />
                <span className="block min-w-0">{content}</span>
              </span>
            ) : (
              <span className="block min-w-0">{content}</span>
            )}
          </td>
        )
      })}
    </tr>
  )
}

function SkeletonRow({ columns, compact }: Pick<Props, 'columns' | 'compact'>) {
  return (
    <tr role="row" className="max-md:block max-md:px-4 max-md:py-3">
      {columns.map((column) => (
        <td key={column.id} role="cell" className={`${cellClass(compact)} max-md:block max-md:border-0 max-md:px-0`}>
          <Skeleton className="w-4/5" />
        </td>
      ))}
    </tr>
  )
}
