import { expect, test } from 'vitest'
import { timeLeft } from './time-left'

const now = Date.parse('2026-11-27T09:00:00Z')

test('what is left is told in the largest unit that fits, and never as more than there is', () => {
  expect(timeLeft('2026-11-30T08:59:59Z', now)).toEqual({ unit: 'day', count: 2 })
  expect(timeLeft('2026-11-28T08:59:00Z', now)).toEqual({ unit: 'hour', count: 23 })
  expect(timeLeft('2026-11-27T09:59:59Z', now)).toEqual({ unit: 'minute', count: 59 })
  expect(timeLeft('2026-11-27T09:00:30Z', now)).toEqual({ unit: 'soon' })
  expect(timeLeft('2026-11-27T09:00:00Z', now)).toEqual({ unit: 'over' })
})
