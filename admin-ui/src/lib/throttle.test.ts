import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttled } from './throttle'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the first is done at once, those within the pause together at its end', () => {
  const run = vi.fn()
  const reading = throttled(run, 2000)
  reading.want()
  expect(run).toHaveBeenCalledTimes(1)
  reading.want()
  reading.want()
  vi.advanceTimersByTime(1999)
  expect(run).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1)
  expect(run).toHaveBeenCalledTimes(2)
})

test('what is stopped is not done any more, and can be wanted again', () => {
  const run = vi.fn()
  const reading = throttled(run, 2000)
  reading.want()
  reading.want()
  reading.stop()
  vi.advanceTimersByTime(5000)
  expect(run).toHaveBeenCalledTimes(1)
  reading.want()
  expect(run).toHaveBeenCalledTimes(2)
})
