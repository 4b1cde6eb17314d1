import i18next from 'i18next'
import { expect, test } from 'vitest'
import { correctionSchema, type CorrectionValues, sent } from './correct-schema'

const good: CorrectionValues = { kind: 'ERROR', since: '', reason: '電話で確認', changes: [{ field: 'CITY', value: 'さくら市', before: 'みほん市' }] }

const pathsOf = (values: CorrectionValues) => {
  const result = correctionSchema(i18next.t).safeParse(values)
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join('.'))
}

test('a whole correction passes', () => {
  expect(pathsOf(good)).toEqual([])
})

test('a correction needs a field, a kind and a reason', () => {
  expect(pathsOf({ kind: '', since: '', reason: ' ', changes: [] })).toEqual(['changes', 'kind', 'reason'])
})

test('a change needs its day, and not one in the future', () => {
  expect(pathsOf({ ...good, kind: 'CHANGE' })).toEqual(['since'])
  expect(pathsOf({ ...good, kind: 'CHANGE', since: '9999-12-31' })).toEqual(['since'])
  expect(pathsOf({ ...good, kind: 'CHANGE', since: '2026-05-12' })).toEqual([])
  expect(pathsOf({ ...good, kind: 'CHANGE', since: '令和8年5月12日' })).toEqual([])
  expect(pathsOf({ ...good, kind: 'CHANGE', since: '先週' })).toEqual(['since'])
})

test('a name cannot be emptied, a trade name can', () => {
  expect(pathsOf({ ...good, changes: [{ field: 'NAME', value: '', before: '見本' }] })).toEqual(['changes.0.value'])
  expect(pathsOf({ ...good, changes: [{ field: 'TRADE_NAME', value: '', before: '見本' }] })).toEqual([])
})

test('what is not changed is no correction', () => {
  expect(pathsOf({ ...good, changes: [{ field: 'CITY', value: 'みほん市', before: 'みほん市' }] })).toEqual(['changes.0.value'])
})

test('a day is compared and sent in its one form, however it was typed', () => {
  const dated = (value: string) => ({ ...good, changes: [{ field: 'DECLARED_ON' as const, value, before: '2021-06-01' }] })
  expect(pathsOf(dated('令和3年6月1日'))).toEqual(['changes.0.value'])
  expect(pathsOf(dated('きのう'))).toEqual(['changes.0.value'])
  expect(pathsOf(dated('R3.6.2'))).toEqual([])
  expect(sent('DECLARED_ON', 'R3.6.2')).toBe('2021-06-02')
  expect(sent('CITY', 'R3.6.2')).toBe('R3.6.2')
})
