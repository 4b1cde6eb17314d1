import { afterEach, expect, test, vi } from 'vitest'
import { isAway, watchPresence } from './presence'

afterEach(() => vi.useRealTimers())

test('whoever touches nothing for two minutes is away, and back with the next sign of life', () => {
  vi.useFakeTimers({ now: Date.now() })
  watchPresence()
  for (const sign of ['keydown', 'pointermove', 'input']) {
    window.dispatchEvent(new Event(sign))
    vi.advanceTimersByTime(119_999)
    expect(isAway()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(isAway()).toBe(true)
  }
})
