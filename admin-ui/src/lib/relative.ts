// How far an instant is from now, beside the instant itself: 5分後, in 5 minutes.
import { useSyncExternalStore } from 'react'
import type { Language } from '../i18n'

const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

export function relativeTo(instant: string, now: number, language: Language): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000)
  const { unit, seconds: length } = STEPS.find((step) => Math.abs(seconds) >= step.seconds) ?? STEPS[3]
  const text = new Intl.RelativeTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB').format(Math.trunc(seconds / length), unit)
  // 5 分後 is how the tables have it; people write 5分後.
  return language === 'ja' ? text.replaceAll(' ', '') : text
}

const TICK_MS = 15_000
const clock = { now: Date.now(), timer: undefined as ReturnType<typeof setInterval> | undefined }
const listeners = new Set<() => void>()

function tick() {
  clock.now = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    clock.now = Date.now()
    clock.timer = setInterval(tick, TICK_MS)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(clock.timer)
  }
}

/** A clock that goes on while it is looked at. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => clock.now)
