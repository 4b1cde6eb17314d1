import { expect, test } from 'vitest'
import { addDays, addMonths, daysOf, inMonth, weeksOf } from './months'

test('days and months are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -7)).toBe('2026-02-22')
  expect(addMonths('2026-12', 1)).toBe('2027-01')
  expect(addMonths('2026-01', -1)).toBe('2025-12')
  expect(inMonth('2026-01-31', '2026-02')).toBe('2026-02-28')
})

test('outside the years that are known there is nothing to go to', () => {
  expect(addDays('2099-12-31', 1)).toBeUndefined()
  expect(addDays('1955-01-01', -1)).toBeUndefined()
  expect(addDays('nonsense', 1)).toBeUndefined()
  expect(addMonths('2099-12', 1)).toBeUndefined()
})

test('weeks begin on Sunday and are whole', () => {
  const days = daysOf('2026-12')
  expect(days.length).toBe(31)
  expect(daysOf('2028-02').at(-1)).toEqual({ date: '2028-02-29' })
  const weeks = weeksOf(days)
  expect(weeks.length).toBe(5)
  expect(weeks.every((week) => week.length === 7)).toBe(true)
  // 1 December 2026 is a Tuesday.
  expect(weeks[0]?.map((day) => day?.date)).toEqual([undefined, undefined, '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05'])
  expect(weeksOf([])).toEqual([])
})
