// A message across the page: what is different now, and the way out of it.
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons'

const LOOKS = {
  past: { box: 'bg-past-bg text-past border-past-line', icon: 'clock' },
  bad: { box: 'bg-bad-bg text-bad border-bad-line', icon: 'error' },
  warn: { box: 'bg-warn-bg text-warn border-warn', icon: 'warning' },
  info: { box: 'bg-selected text-text border-accent', icon: 'info' },
} as const satisfies Record<string, { box: string; icon: IconName }>

interface Props {
  tone: keyof typeof LOOKS
  /** `alert` interrupts a screen reader: only for what went wrong just now. */
  role?: 'status' | 'alert' | 'note'
  label?: string
  icon?: IconName
  actions?: ReactNode
  children: ReactNode
}

export function Band({ tone, role = 'status', label, icon, actions, children }: Props) {
  const look = LOOKS[tone]
  return (
    <div role={role} aria-label={label} className={`flex flex-wrap items-start gap-x-4 gap-y-2 border-l-4 px-4 py-2.5 ${look.box}`}>
      <Icon name={icon ?? look.icon} className="mt-1 size-5" />
      <div className="min-w-0 flex-1 basis-60 [&_a]:text-inherit">{children}</div>
      {actions && (
        <div className="flex flex-wrap gap-2" data-print="hide">
          {actions}
        </div>
      )}
    </div>
  )
}
