// The tables under the charts: every number that a chart shows.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FigureMonth, FigureRow, FigureSheet } from '../../graphql/figures'
import type { FigureSplit } from '../../graphql/gql/graphql'
import { counted, monthWord, rowWord, shareWord } from './words'

const HEAD = 'border-b border-control bg-surface px-2 py-1.5 font-bold sm:px-3'
const CELL = 'num border-b border-line px-2 py-1 sm:px-3'
const FOOT = 'num border-t border-control px-2 py-1.5 font-bold sm:px-3'

interface TableProps {
  label: string
  heads: readonly string[]
  /** The sums; left out where there is nothing to add up. */
  foot?: readonly string[]
  /** Whether it has so many rows that it scrolls by itself. */
  isLong?: boolean
  children: ReactNode
}

function Table({ label, heads, foot, isLong = false, children }: TableProps) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div role="region" aria-label={label} tabIndex={0} className={`max-w-4xl min-w-0 overflow-x-auto outline-offset-[-2px] ${isLong ? 'max-h-80 overflow-y-auto print:max-h-none' : ''}`}>
      <table aria-label={label} className="w-full border-separate border-spacing-0 text-sm leading-normal">
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} scope="col" className={`${HEAD} ${isLong ? 'sticky top-0' : ''} ${index === 0 ? 'text-left' : 'text-right'}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
        {foot && (
          <tfoot>
            <tr>
              <th scope="row" className={`${FOOT} text-left`}>
                {t('figures.sum')}
              </th>
              {foot.map((sum, index) => (
                <td key={heads[index + 1]} className={`${FOOT} text-right`}>
                  {sum}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

/** Rows of a word and its numbers. */
export function NumberTable({ rows, ...table }: Omit<TableProps, 'children'> & { rows: readonly { key: string; cells: readonly string[] }[] }) {
  return (
    <Table {...table}>
      {rows.map(({ key, cells: [word, ...numbers] }) => (
        <tr key={key} className="hover:bg-hover">
          <th scope="row" className={`${CELL} text-left font-normal whitespace-normal`}>
            {word}
          </th>
          {numbers.map((number, index) => (
            <td key={table.heads[index + 1]} className={`${CELL} text-right`}>
              {number}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

export function RowFigures({ by, sheet, label }: { by: FigureSplit; sheet: FigureSheet; label: string }) {
  const { t } = useTranslation()
  const unknown = sheet.live.unknown > 0
  const heads = [t(`figures.by.${by}`), t('figures.live'), t('figures.one'), t('figures.two'), ...(unknown ? [t('figures.unknownStar')] : []), t('figures.share')]
  const numbers = ({ total, one, two, unknown: none }: FigureRow['live']) => [counted(total), counted(one), counted(two), ...(unknown ? [counted(none)] : []), shareWord(total, sheet.live.total)]
  return (
    <Table label={label} heads={heads} foot={numbers(sheet.live)}>
      {sheet.rows.map((row) => (
        <tr key={row.code ?? ''} className="hover:bg-hover">
          <th scope="row" className={`${CELL} min-w-28 text-left font-normal whitespace-normal`}>
            {rowWord(by, row, t)}
          </th>
          {numbers(row.live).map((number, index) => (
            <td key={heads[index + 1]} className={`${CELL} text-right`}>
              {number}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

const sum = (months: readonly FigureMonth[], of: 'declared' | 'stopped') => months.reduce((all, month) => all + month[of], 0)

/** Those whose day is not known come last. */
const newestFirst = (months: readonly FigureMonth[]) => [...months.filter((row) => row.month).toReversed(), ...months.filter((row) => !row.month)]

/** More, or fewer, with its sign. */
const difference = (count: number) => (count > 0 ? `+${counted(count)}` : counted(count).replace('-', '−'))

export function MonthFigures({ months, label }: { months: readonly FigureMonth[]; label: string }) {
  const { t } = useTranslation()
  const [declared, stopped] = [sum(months, 'declared'), sum(months, 'stopped')]
  const heads = [t('figures.by.MONTH'), t('figures.declared'), t('figures.stoppedIn'), t('figures.difference')]
  return (
    <Table label={label} heads={heads} foot={[counted(declared), counted(stopped), difference(declared - stopped)]}>
      {newestFirst(months).map((row) => (
        <tr key={row.month ?? ''} className="hover:bg-hover">
          <th scope="row" className={`${CELL} text-left font-normal`}>
            {row.month ? monthWord(row.month) : t('figures.noDay')}
          </th>
          <td className={`${CELL} text-right`}>{counted(row.declared)}</td>
          <td className={`${CELL} text-right`}>{counted(row.stopped)}</td>
          <td className={`${CELL} text-right`}>{difference(row.declared - row.stopped)}</td>
        </tr>
      ))}
    </Table>
  )
}
