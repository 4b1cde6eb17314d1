import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApprovalsChangedDocument } from './gql/graphql'
import { pauseBefore, watch } from './live'

interface Sink {
  next: (message: { data?: unknown }) => void
  error: () => void
  complete: () => void
}
const opened: Sink[] = []
vi.mock('graphql-ws', () => ({ createClient: () => ({ subscribe: (_: unknown, sink: Sink) => (opened.push(sink), () => {}) }) }))

beforeEach(() => {
  vi.useFakeTimers()
  opened.length = 0
})
afterEach(() => void vi.useRealTimers())

test('the pauses between tries grow, are never quite the same, and end at a minute', () => {
  expect(pauseBefore(0, 0)).toBe(500)
  expect(pauseBefore(0, 1)).toBe(1_000)
  expect(pauseBefore(4, 1)).toBe(16_000)
  expect(pauseBefore(20, 0)).toBe(30_000)
  expect(pauseBefore(1_000, 1)).toBe(60_000)
})

test('whoever is refused again and again asks more and more seldom, until something is heard, and not at all when it is over', () => {
  const on = { change: vi.fn(), end: vi.fn() }
  const stop = watch(ApprovalsChangedDocument, {}, on)
  for (let time = 0; time < 10; time += 1) {
    opened.at(-1)?.error()
    vi.advanceTimersByTime(60_000)
  }
  expect(opened).toHaveLength(11)
  opened.at(-1)?.error()
  vi.advanceTimersByTime(29_000)
  expect(opened).toHaveLength(11)
  vi.advanceTimersByTime(31_000)
  expect(opened).toHaveLength(12)
  opened.at(-1)?.next({ data: { approvalsChanged: { open: 0, ids: null } } })
  expect(on.change).toHaveBeenCalledOnce()
  opened.at(-1)?.complete()
  vi.advanceTimersByTime(1_000)
  expect(opened).toHaveLength(13)
  expect(on.end).toHaveBeenCalledTimes(12)
  stop()
  opened.at(-1)?.error()
  vi.advanceTimersByTime(60_000)
  expect(opened).toHaveLength(13)
})
