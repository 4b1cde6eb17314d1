// How far something has come: a bar, and the numbers beside it in the same words for everybody.
interface Props {
  label: string
  done: number
  /** Undefined while nobody knows. */
  total: number | undefined
  /** The numbers as they are told. */
  text: string
}

export function ProgressBar({ label, done, total, text }: Props) {
  const known = total !== undefined && total > 0
  const share = known ? Math.min(1, done / total) : 0
  return (
    <div className="flex max-w-80 min-w-0 flex-col gap-1">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={known ? 0 : undefined}
        aria-valuemax={known ? total : undefined}
        aria-valuenow={known ? Math.min(done, total) : undefined}
        aria-valuetext={text}
        className="h-2.5 overflow-hidden rounded-sm border border-control bg-bg"
      >
        {known ? <div className="h-full bg-accent transition-[width] duration-500 forced-colors:bg-[Highlight]" style={{ width: `${share * 100}%` }} /> : <div className="h-full w-1/3 animate-pulse bg-accent forced-colors:bg-[Highlight]" />}
      </div>
      <span aria-hidden="true" className="num text-xs text-muted">
        {text}
      </span>
    </div>
  )
}
