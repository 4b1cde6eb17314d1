import { expect, test } from 'vitest'
import { daysLeft } from './days-left'

test('days are counted from day to day, over months and years, and below zero when they have passed', () => {
  expect(daysLeft('2027-01-01', '2026-12-25')).toBe(7)
  expect(daysLeft('2026-12-25', '2026-12-25')).toBe(0)
  expect(daysLeft('2026-12-24', '2026-12-25')).toBe(-1)
})
