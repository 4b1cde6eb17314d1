import { expect, test } from 'vitest'
import { stageOf } from './words'

test('a stage follows from what was said and from the job, and nothing is under way once it is discarded', () => {
  expect(stageOf({ discarded: false, started: false, state: undefined })).toBe('uploaded')
  expect(stageOf({ discarded: false, started: false, state: 'RUNNING' })).toBe('trying')
  expect(stageOf({ discarded: false, started: false, state: 'DONE' })).toBe('tried')
  expect(stageOf({ discarded: false, started: true, state: 'DONE' })).toBe('done')
  expect(stageOf({ discarded: false, started: true, state: 'CANCELLED' })).toBe('stopped')
  expect(stageOf({ discarded: false, started: false, state: 'DEAD' })).toBe('trialFailed')
  expect(stageOf({ discarded: true, started: false, state: 'RUNNING' })).toBe('discarded')
})
