// A short state: always an icon and a word, so that colour is never the only sign.
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons'

export type Tone = 'good' | 'quiet' | 'warn' | 'bad' | 'past' | 'busy'

const TONES: Record<Tone, string> = {
  good: 'bg-good-bg text-good',
  quiet: 'bg-quiet-bg text-quiet',
  warn: 'bg-warn-bg text-warn',
  bad: 'bg-bad-bg text-bad',
  past: 'bg-past-bg text-past',
  busy: 'bg-selected text-link',
}

export function Chip({ tone, icon, title, children }: { tone: Tone; icon: IconName; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={`inline-flex max-w-full items-center gap-1 rounded-sm border border-transparent px-1.5 text-[0.8125rem] leading-6 print:border-0 print:px-0 print:text-[1em] print:leading-[inherit] ${TONES[tone]}`}
    >
      <Icon name={icon} className="size-3.5" />
      <span className="truncate">{children}</span>
    </span>
  )
}
