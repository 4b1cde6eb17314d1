import { expect, test } from 'vitest'
import { nextLook } from './jobs'

const now = Date.parse('2026-11-27T00:00:00Z')
const job = (state: 'READY' | 'RUNNING' | 'DONE' | 'DEAD' | 'CANCELLED', runAt = '2026-11-27T00:00:00Z') => ({ state, runAt })

test('nothing is asked for again when nothing is under way', () => {
  expect(nextLook([], now)).toBe(false)
  expect(nextLook([job('DONE'), job('DEAD'), job('CANCELLED')], now)).toBe(false)
})

test('what runs, or is about to, is looked at every two seconds; what waits for a later attempt more rarely', () => {
  expect(nextLook([job('DONE'), job('RUNNING')], now)).toBe(2000)
  expect(nextLook([job('READY')], now)).toBe(2000)
  expect(nextLook([job('READY', '2026-11-27T01:00:00Z')], now)).toBe(10_000)
})
