// One id for each intent: pressing the button again after a lost answer must be the same command, another content another one.
import { useRef } from 'react'

/** A UUID v7. `crypto.randomUUID` is missing on an intranet without https, and makes no time-ordered keys. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const now = Date.now().toString(16).padStart(12, '0')
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const random = Array.from(bytes.slice(6), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const all = now + random
  return `${all.slice(0, 8)}-${all.slice(8, 12)}-${all.slice(12, 16)}-${all.slice(16, 20)}-${all.slice(20)}`
}

export function useCommandId() {
  const last = useRef<{ content: string; id: string }>(undefined)
  return (content: unknown): string => {
    const text = JSON.stringify(content)
    if (last.current?.content !== text) last.current = { content: text, id: newId() }
    return last.current.id
  }
}
