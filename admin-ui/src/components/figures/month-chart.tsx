// The months as columns: what was declared upwards, what was stopped downwards. The table under it says the same.
import { useTranslation } from 'react-i18next'
import type { FigureMonth } from '../../graphql/figures'
import { counted, monthWord } from './words'

const HEIGHT = 220
/** Room for the years. */
const FOOT = 24

type Known = FigureMonth & { month: string }

export function MonthChart({ months, label }: { months: readonly FigureMonth[]; label: string }) {
  const { t } = useTranslation()
  const known = months.filter((row): row is Known => typeof row.month === 'string')
  const up = Math.max(0, ...known.map((row) => row.declared))
  const down = Math.max(0, ...known.map((row) => row.stopped))
  const scale = HEIGHT / Math.max(1, up + down)
  const base = Math.round(up * scale)
  const step = 100 / Math.max(1, known.length)
  const at = (index: number) => `${(index * step).toFixed(3)}%`
  const wide = `${(step * 0.78).toFixed(3)}%`
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <li className="flex items-center gap-1.5">
          <svg width="16" height="12" aria-hidden="true">
            <rect width="16" height="12" className="fill-accent" />
          </svg>
          {t('figures.declaredUp')}
        </li>
        <li className="flex items-center gap-1.5">
          <svg width="16" height="12" aria-hidden="true">
            <rect width="16" height="12" className="fill-quiet" />
          </svg>
          {t('figures.stoppedDown')}
        </li>
      </ul>
      <div className="flex gap-2">
        {/* Of the axis only what is reached: the table has every number. */}
        <div aria-hidden="true" className="num flex shrink-0 flex-col justify-between pb-6 text-right text-xs text-muted">
          <span>{counted(up)}</span>
          {down > 0 && <span>−{counted(down)}</span>}
        </div>
        <svg role="img" aria-label={label} width="100%" height={HEIGHT + FOOT} className="min-w-0 flex-1 overflow-visible">
          {known.map((row, index) => (
            <g key={row.month}>
              <title>{t('figures.monthTitle', { month: monthWord(row.month), declared: counted(row.declared), stopped: counted(row.stopped) })}</title>
              {/* The whole column can be pointed at. */}
              <rect x={at(index)} width={at(1)} height={HEIGHT} className="fill-transparent" />
              <rect x={at(index)} y={base - row.declared * scale} width={wide} height={row.declared * scale} className="fill-accent" />
              <rect x={at(index)} y={base} width={wide} height={row.stopped * scale} className="fill-quiet" />
            </g>
          ))}
          <line x1="0" x2="100%" y1={base} y2={base} className="stroke-control" />
          {known.map((row, index) =>
            row.month.endsWith('-01') || index === 0 ? (
              <g key={row.month} aria-hidden="true">
                <line x1={at(index)} x2={at(index)} y1={HEIGHT} y2={HEIGHT + 6} className="stroke-control" />
                {(known.length - index) * step > 4 && (
                  <text x={at(index)} y={HEIGHT + 20} className={`fill-text text-xs ${isCrowded(known, index) ? 'max-md:hidden' : ''}`}>
                    {row.month.slice(0, 4)}
                  </text>
                )}
              </g>
            ) : null,
          )}
        </svg>
      </div>
    </div>
  )
}

/** Where it is narrow, every other year is named, and the first only when it begins in January. */
const isCrowded = (known: readonly Known[], index: number): boolean => {
  const month = known[index]?.month ?? ''
  return known.length > 36 && (Number(month.slice(0, 4)) % 2 === 1 || !month.endsWith('-01'))
}
