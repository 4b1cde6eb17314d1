// Bars for the values of a dimension: each with its word and its number, two stars hatched. The table under them says the same.
import { useTranslation } from 'react-i18next'
import type { FigureRow } from '../../graphql/figures'
import type { FigureSplit } from '../../graphql/gql/graphql'
import { BarList } from '../charts/bars'
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
  const bars = rows.map((row) => ({ key: row.code ?? '', word: rowWord(by, row, t), parts: SERIES.map((series) => ({ count: row.live[series], look: FILL[series] })) }))
  return (
    <div className="flex flex-col gap-2">
      <Legend unknown={rows.some((row) => row.live.unknown > 0)} />
      <Hatching />
      <BarList rows={bars} label={label} counted={counted} />
    </div>
  )
}
