import { expect, test } from 'vitest'
import { pauseBefore } from './live'

test('the pauses between tries grow, are never quite the same, and end at a minute', () => {
  expect(pauseBefore(0, 0)).toBe(500)
  expect(pauseBefore(0, 1)).toBe(1_000)
  expect(pauseBefore(4, 1)).toBe(16_000)
  expect(pauseBefore(20, 0)).toBe(30_000)
  expect(pauseBefore(1_000, 1)).toBe(60_000)
})
