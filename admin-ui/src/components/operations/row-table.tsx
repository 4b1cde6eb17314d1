// A table of records that are opened by their first column; one card for each where it is narrow.
import type { ReactNode } from 'react'
import { Skeleton } from '../../ui/loading'

export interface RowColumn<Row> {
  id: string
  word: string
  /** Of the column, so that rows that change move nothing. */
  width: string
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  label: string
  columns: readonly RowColumn<Row>[]
  /** Undefined while they load. */
  rows: readonly Row[] | undefined
  /** Rows of an earlier question, shown until the new answer comes. */
  stale?: boolean
  /** What a click beside the link of a row does; left out where a row is nothing to open. */
  onOpen?: (id: string) => void
  /** It stands beside something else where the page is wide. */
  beside?: boolean
  /** Whether it stays a table on paper, which is narrower than the screens for which it becomes cards. */
  printed?: boolean
}

const CELL = 'border-b border-line px-2 py-1.5 text-left align-top max-md:block max-md:border-0 max-md:px-0 max-md:py-0.5'

// The roles are written out because a table that is laid out as cards would lose them.
export function RowTable<Row extends { id: string }>({ label, columns, rows, stale = false, onOpen, beside = false, printed = false }: Props<Row>) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div role="region" aria-label={label} tabIndex={0} className="relative min-w-0 overflow-x-auto outline-offset-[-2px]">
      <table role="table" aria-label={label} aria-busy={stale || rows === undefined} className={`w-full table-fixed border-separate border-spacing-0 text-sm leading-normal ${beside ? 'md:min-w-[56rem]' : 'md:min-w-[68rem]'} max-md:block ${printed ? 'records' : ''}`}>
        <thead role="rowgroup" className="max-md:sr-only">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.id} role="columnheader" scope="col" className={`border-b border-control bg-surface px-2 py-1.5 text-left font-bold ${column.width}`}>
                {column.word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className={`max-md:block ${stale ? 'opacity-60' : ''}`}>
          {rows ? rows.map((row) => <TableRow key={row.id} {...{ row, columns, onOpen }} />) : Array.from({ length: 5 }, (_, index) => <SkeletonRow key={index} columns={columns} />)}
        </tbody>
      </table>
    </div>
  )
}

function TableRow<Row extends { id: string }>({ row, columns, onOpen }: Pick<Props<Row>, 'columns' | 'onOpen'> & { row: Row }) {
  return (
    // A click beside the link is a shortcut for the mouse; the keyboard has the link.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      role="row"
      className={`${onOpen ? 'cursor-pointer' : ''} bg-bg focus-within:bg-hover hover:bg-hover max-md:block max-md:border-b max-md:border-line max-md:py-2`}
      onClick={(event) => {
        if ((event.target as HTMLElement).closest('a, button') || window.getSelection()?.isCollapsed === false) return
        onOpen?.(row.id)
      }}
    >
      {columns.map((column, index) => {
        const Cell = index === 0 ? 'th' : 'td'
        return (
          <Cell key={column.id} role={index === 0 ? 'rowheader' : 'cell'} scope={index === 0 ? 'row' : undefined} className={`${CELL} ${index === 0 ? 'font-normal max-md:text-base' : 'max-md:flex max-md:flex-wrap max-md:gap-x-3'}`}>
            {index > 0 && <span data-card-label className="w-28 shrink-0 text-muted md:hidden">{column.word}</span>}
            {/* Under its label where there is no room for a moment beside it. */}
            <div className="min-w-0 flex-1 max-md:basis-44">{column.cell(row)}</div>
          </Cell>
        )
      })}
    </tr>
  )
}

function SkeletonRow<Row>({ columns }: { columns: readonly RowColumn<Row>[] }) {
  return (
    <tr role="row" className="max-md:block max-md:border-b max-md:border-line max-md:py-2">
      {columns.map((column) => (
        <td key={column.id} role="cell" className={`${CELL} h-14`}>
          <Skeleton className="w-4/5" />
        </td>
      ))}
    </tr>
  )
}
