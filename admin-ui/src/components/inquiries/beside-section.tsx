// A part of what stands beside a thread: its heading, and what it holds.
import { type ReactNode, useId } from 'react'

export function BesideSection({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-1.5">
      <div className="flex min-h-8 items-center gap-2 border-b border-line">
        <h3 id={id} className="min-w-0 flex-1 text-sm font-bold">
          {title}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  )
}
