// Bars one under the other: each with its word and its number. A table under them says the same.
import type { SVGProps } from 'react'

type Fill = Pick<SVGProps<SVGRectElement>, 'className' | 'fill'>

export interface BarRow {
  key: string
  word: string
  /** From left to right. */
  parts: readonly { count: number; look: Fill }[]
}

export const barTotal = ({ parts }: BarRow): number => parts.reduce((all, { count }) => all + count, 0)

/** Coordinates are pixels across and parts of the longest along, so that bars of any length look alike. */
export function BarList({ rows, label, counted }: { rows: readonly BarRow[]; label: string; counted: (count: number) => string }) {
  const most = Math.max(1, ...rows.map(barTotal))
  const part = (count: number) => `${((count / most) * 100).toFixed(3)}%`
  return (
    // A picture to whoever sees it; the table has every number.
    <div role="img" aria-label={label} className={rows.length > 12 ? 'gap-x-10 lg:columns-2 2xl:columns-3' : 'max-w-4xl'}>
      {rows.map((row) => (
        <div key={row.key} className="flex min-h-7 break-inside-avoid items-center gap-2 text-sm leading-tight">
          <span className="w-24 shrink-0 text-right sm:w-44">{row.word}</span>
          <svg height="16" className="min-w-0 flex-1">
            {row.parts.map(({ count, look }, index) => (
              <rect key={index} height="16" x={part(row.parts.slice(0, index).reduce((all, before) => all + before.count, 0))} width={part(count)} {...look} />
            ))}
            <rect height="16" width="1" className="fill-control" />
          </svg>
          <span className="num w-16 shrink-0 text-right">{counted(barTotal(row))}</span>
        </div>
      ))}
    </div>
  )
}
