// What is seen while something loads: shapes in the final layout, and a bar when it takes longer than 300 ms.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const PATIENCE_MS = 300

export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!busy) return
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [busy])
  return busy && slow
}

/** Takes no room, so its coming and going moves nothing. */
export function LoadingBar({ busy }: { busy: boolean }) {
  const { t } = useTranslation()
  const slow = useSlow(busy)
  return (
    <div className="pointer-events-none fixed inset-x-0 top-0 z-50 h-1" data-print="hide">
      <span role="status" className="sr-only">
        {slow ? t('app.loading') : ''}
      </span>
      {slow && <div className="h-full w-full origin-left animate-pulse bg-accent" />}
    </div>
  )
}

/** As high as a line, unless a height is given: of two the style sheet, not the caller, would choose. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <span aria-hidden="true" className={`inline-block animate-pulse rounded-sm bg-quiet-bg align-middle ${/\bh-/.test(className) ? '' : 'h-[1em]'} ${className}`} />
}
