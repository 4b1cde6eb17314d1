import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { needWords } from '../../i18n'
import { sideWord, stageOf, whatWord } from './words'

beforeAll(async () => {
  await needWords('bulk')
})

test('a difference is told in the words of the office, and what is not known as it is', () => {
  const t = i18next.t
  expect(whatWord('city', t)).toBe('市区町村')
  expect(whatWord('flag:email_missing', t)).toContain('警告')
  expect(whatWord('logo', t)).toBe('ロゴマークの使用')
  expect(whatWord('something', t)).toBe('something')
  expect(sideWord({ what: 'state' }, 'active', t)).toBe('有効')
  expect(sideWord({ what: 'state' }, 'closed 2026-04-01', t)).toContain('廃業')
  expect(sideWord({ what: 'city' }, '乙市', t)).toBe('乙市')
  expect(sideWord({ what: 'city' }, null, t)).not.toBe('')
  expect(sideWord({ what: 'flag:email_missing' }, 'yes', t)).toBe('あり')
})

test('where it stands follows from its job and from whether it was begun', () => {
  expect(stageOf(false, 'RUNNING')).toBe('trying')
  expect(stageOf(false, 'DONE')).toBe('tried')
  expect(stageOf(true, 'READY')).toBe('running')
  expect(stageOf(true, 'DEAD')).toBe('failed')
  expect(stageOf(false, null)).toBe('unknown')
})
