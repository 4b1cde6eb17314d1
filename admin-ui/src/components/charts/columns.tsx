// Columns side by side: something upwards and, where there is such, something downwards. A table under it says the same.
const HEIGHT = 220
/** Room for what stands under the columns. */
const FOOT = 24

export interface ChartColumn {
  key: string
  up: number
  down?: number
  /** What is told of it when it is pointed at. */
  title: string
  /** What stands under it. */
  foot?: string
  /** Whether there is no room for that where it is narrow. */
  isCrowded?: boolean
}

interface Props {
  columns: readonly ChartColumn[]
  label: string
  up: string
  down?: string
  /** A number in words. */
  counted: (count: number) => string
}

const LOOKS = { up: 'fill-accent', down: 'fill-quiet' } as const

function Legend({ up, down }: Pick<Props, 'up' | 'down'>) {
  const lines = [{ word: up, look: LOOKS.up }, ...(down === undefined ? [] : [{ word: down, look: LOOKS.down }])]
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {lines.map(({ word, look }) => (
        <li key={word} className="flex items-center gap-1.5">
          <svg width="16" height="12" aria-hidden="true">
            <rect width="16" height="12" className={look} />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  )
}

export function ColumnChart({ columns, label, up, down, counted }: Props) {
  const highest = Math.max(0, ...columns.map((column) => column.up))
  const lowest = Math.max(0, ...columns.map((column) => column.down ?? 0))
  const scale = HEIGHT / Math.max(1, highest + lowest)
  const base = Math.round(highest * scale)
  const step = 100 / Math.max(1, columns.length)
  const at = (index: number) => `${(index * step).toFixed(3)}%`
  const wide = `${(step * 0.78).toFixed(3)}%`
  return (
    <div className="flex flex-col gap-2">
      <Legend up={up} down={down} />
      <div className="flex gap-2">
        {/* Of the axis only what is reached: the table has every number. */}
        <div aria-hidden="true" className="num flex shrink-0 flex-col justify-between pb-6 text-right text-xs text-muted">
          <span>{counted(highest)}</span>
          {lowest > 0 && <span>−{counted(lowest)}</span>}
        </div>
        <svg role="img" aria-label={label} width="100%" height={HEIGHT + FOOT} className="min-w-0 flex-1 overflow-visible">
          {columns.map((column, index) => (
            <g key={column.key}>
              <title>{column.title}</title>
              {/* The whole column can be pointed at. */}
              <rect x={at(index)} width={at(1)} height={HEIGHT} className="fill-transparent" />
              <rect x={at(index)} y={base - column.up * scale} width={wide} height={column.up * scale} className={LOOKS.up} />
              {column.down !== undefined && <rect x={at(index)} y={base} width={wide} height={column.down * scale} className={LOOKS.down} />}
            </g>
          ))}
          <line x1="0" x2="100%" y1={base} y2={base} className="stroke-control" />
          {columns.map((column, index) =>
            column.foot === undefined ? null : (
              <g key={column.key} aria-hidden="true">
                <line x1={at(index)} x2={at(index)} y1={HEIGHT} y2={HEIGHT + 6} className="stroke-control" />
                {(columns.length - index) * step > 4 && (
                  <text x={at(index)} y={HEIGHT + 20} className={`fill-text text-xs ${column.isCrowded ? 'max-md:hidden' : ''}`}>
                    {column.foot}
                  </text>
                )}
              </g>
            ),
          )}
        </svg>
      </div>
    </div>
  )
}
