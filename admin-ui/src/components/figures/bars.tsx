// Bars for the values of a dimension: each with its word and its number, two stars hatched. The table under them says the same.
import { useTranslation } from 'react-i18next'
import type { FigureRow } from '../../graphql/figures'
import type { FigureSplit } from '../../graphql/gql/graphql'
import { counted, rowWord } from './words'

/** Two stars are told from one by the hatching, too. Coordinates are pixels, so that bars of any length look alike. */
export function Hatching() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="two-stars" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className="fill-bg" />
          <rect width="3.5" height="6" className="fill-accent" />
        </pattern>
      </defs>
    </svg>
  )
}

const SERIES = ['one', 'two', 'unknown'] as const
const FILL = { one: { className: 'fill-accent' }, two: { fill: 'url(#two-stars)' }, unknown: { className: 'fill-quiet' } } as const

export function Legend({ unknown }: { unknown: boolean }) {
  const { t } = useTranslation()
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {SERIES.filter((series) => series !== 'unknown' || unknown).map((series) => (
        <li key={series} className="flex items-center gap-1.5">
          <svg width="16" height="12" aria-hidden="true" className="border border-line">
            <rect width="16" height="12" {...FILL[series]} />
          </svg>
          {t(`figures.${series}`)}
        </li>
      ))}
    </ul>
  )
}

export function Bars({ by, rows, label }: { by: FigureSplit; rows: readonly FigureRow[]; label: string }) {
  const { t } = useTranslation()
  const most = Math.max(1, ...rows.map((row) => row.live.total))
  return (
    <div className="flex flex-col gap-2">
      <Legend unknown={rows.some((row) => row.live.unknown > 0)} />
      <Hatching />
      {/* A picture to whoever sees it; the table has every number. */}
      <div role="img" aria-label={label} className={rows.length > 12 ? 'gap-x-10 lg:columns-2 2xl:columns-3' : 'max-w-4xl'}>
        {rows.map((row) => {
          const part = (count: number) => `${((count / most) * 100).toFixed(3)}%`
          const { one, two, unknown, total } = row.live
          return (
            <div key={row.code ?? ''} className="flex min-h-7 break-inside-avoid items-center gap-2 text-sm leading-tight">
              <span className="w-24 shrink-0 text-right sm:w-44">{rowWord(by, row, t)}</span>
              <svg height="16" className="min-w-0 flex-1">
                <rect height="16" width={part(one)} {...FILL.one} />
                <rect height="16" x={part(one)} width={part(two)} {...FILL.two} />
                <rect height="16" x={part(one + two)} width={part(unknown)} {...FILL.unknown} />
                <rect height="16" width="1" className="fill-control" />
              </svg>
              <span className="num w-16 shrink-0 text-right">{counted(total)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
