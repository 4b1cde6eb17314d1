import { expect, test } from 'vitest'
import { relativeTo } from './relative'

const now = Date.parse('2026-11-27T00:00:00Z')

test.each([
  ['2026-11-27T00:00:20Z', '20秒後', 'in 20 seconds'],
  ['2026-11-27T00:05:59Z', '5分後', 'in 5 minutes'],
  ['2026-11-27T17:30:00Z', '17時間後', 'in 17 hours'],
  ['2026-11-30T00:00:00Z', '3日後', 'in 3 days'],
  ['2026-11-26T23:57:00Z', '3分前', '3 minutes ago'],
  ['2026-11-25T00:00:00Z', '2日前', '2 days ago'],
])('%s is told as %s', (instant, ja, en) => {
  expect(relativeTo(instant, now, 'ja')).toBe(ja)
  expect(relativeTo(instant, now, 'en')).toBe(en)
})
