// Light, dark, or as the machine says. The palette itself is in src/styles/tokens.css.
import { useSyncExternalStore } from 'react'
import { readPreference, writePreference } from './preferences'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

let theme: Theme = 'system'
const listeners = new Set<() => void>()

function apply() {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.setAttribute('data-theme', theme)
}

export function startTheme() {
  theme = readPreference('theme', THEMES) ?? 'system'
  apply()
}

export function setTheme(next: Theme) {
  theme = next
  writePreference('theme', next)
  apply()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}
