// Keys that act on a whole page. Single letters can be switched off (WCAG 2.1.4), because speech input types them.
import { useEffect, useRef } from 'react'
import { isConverting } from './ime'
import { readPreference, writePreference } from './preferences'

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

export const singleKeysOn = () => readPreference('singleKeys', ['on', 'off']) !== 'off'
export const setSingleKeys = (on: boolean) => writePreference('singleKeys', on ? 'on' : 'off')

const typesText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio]), textarea, select'))

/** Windows, and also the small ones of a filter or a calendar: their keys are their own. */
const dialogOpen = () => document.querySelector('[role=dialog], [role=alertdialog]') !== null

/** Reads keys such as `j`, `?` or `mod+k` (Ctrl or ⌘) until the component goes away. */
export function useKeys(keys: KeyMap) {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isConverting(event) || event.altKey) return
      const withModifier = event.ctrlKey || event.metaKey
      const name = withModifier ? `mod+${event.key.toLowerCase()}` : event.key
      const action = latest.current[name]
      if (!action) return
      if (!withModifier && (typesText(event.target) || dialogOpen() || (event.key.length === 1 && event.key !== ' ' && !singleKeysOn()))) return
      action(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
