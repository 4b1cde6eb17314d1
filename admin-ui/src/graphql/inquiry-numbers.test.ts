import { expect, test } from 'vitest'
import { presetPeriod, readPeriod, searchOf } from './inquiry-numbers'

test('periods that are offered end today, or with the month before', () => {
  expect(presetPeriod('last30', '2026-03-01')).toEqual({ from: '2026-01-31', to: '2026-03-01' })
  expect(presetPeriod('thisMonth', '2026-03-31')).toEqual({ from: '2026-03-01', to: '2026-03-31' })
  expect(presetPeriod('lastMonth', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(presetPeriod('lastYear', '2026-11-29')).toEqual({ from: '2025-11-30', to: '2026-11-29' })
})

test('an address that names no days is told from one that cannot be read', () => {
  expect(readPeriod({ from: '2026-05-01', until: '2026-05-31' })).toEqual({ from: '2026-05-01', to: '2026-05-31' })
  expect(readPeriod(searchOf(presetPeriod('thisMonth', '2026-03-31')))).toEqual({ from: '2026-03-01', to: '2026-03-31' })
  expect(readPeriod({})).toBeDefined()
  expect(readPeriod({ from: '2026-02-31', until: '2026-03-01' })).toBeUndefined()
  expect(readPeriod({ from: '2026-02-01' })).toBeUndefined()
})
