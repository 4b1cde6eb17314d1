import { expect, test } from 'vitest'
import type { RequestRecord } from '../../graphql/cases'
import { letterOf } from './letter'

const by = { kind: 'STAFF' as const, name: '見本 花子' }
const open = (text: string) => ({ __typename: 'OpenText' as const, text })
const entry = (kind: RequestRecord['history'][number]['kind'], more = {}) => ({ at: '2026-11-27T00:00:00Z', kind, by, ...more }) as RequestRecord['history'][number]

const record = (history: RequestRecord['history'], more = {}): RequestRecord =>
  ({
    summary: { id: 'a', kind: 'DISCLOSURE', channel: 'POST', receivedOn: '2026-11-01', dueOn: '2026-12-01', status: 'OPEN', isIdentified: true, openedAt: '2026-11-01T00:00:00Z' },
    today: '2026-11-27', extensions: 0, version: '1', records: [], letterhead: {},
    requester: { __typename: 'Requester', name: '見本 みかん', contact: 'みほん市1-1', actsFor: null },
    wanted: open('すべて'),
    history,
    ...more,
  }) as RequestRecord

test('a decision is told with its reason and what was done', () => {
  const decided = [entry('DECIDED', { outcome: 'PARTLY', text: open('第三者の情報を含むため') }), entry('MEASURE_RECORDED', { text: open('写しを送付') })]
  const letter = letterOf(record(decided))
  expect(letter?.to).toBe('見本 みかん')
  expect(letter?.paragraphs[0]).toContain('令和8年11月1日に受け付けました')
  expect(letter?.paragraphs[0]).toContain('ご請求の一部に応じることといたしました')
  expect(letter?.items.map(({ term, text }) => `${term}: ${text}`)).toEqual(['ご請求の内容: すべて', '決定: 開示のご請求の一部に応じます。', '理由: 第三者の情報を含むため', '行った措置: 写しを送付'])
})

test('an erasure is told when a second person has agreed, and not while it waits or when nothing came of it', () => {
  const asked = (approvalStatus: string, text: string) => entry('MEASURE_RECORDED', { text: open(text), measure: { kind: 'ERASED', approvalId: 'a', approvalStatus } })
  const letter = letterOf(record([entry('DECIDED', { outcome: 'GRANTED' }), asked('REJECTED', '代表者の個人情報の消去'), asked('CARRIED_OUT', '担当者の個人情報の消去'), asked('OPEN', '備考の消去')]))
  expect(letter?.items.at(-1)).toEqual({ term: '行った措置', text: '担当者の個人情報の消去' })
})

test('the newest decision counts, and an extension is told while there is none', () => {
  const extended = entry('EXTENDED', { dueOn: '2026-12-20', text: open('記録が多いため') })
  expect(letterOf(record([extended]))?.items.at(-1)).toEqual({ term: '延長の理由', text: '記録が多いため' })
  const anew = [extended, entry('DECIDED', { outcome: 'GRANTED' }), entry('DECIDED', { outcome: 'REFUSED', text: open('本人と確認できないため') })]
  expect(letterOf(record(anew))?.items[1]?.text).toBe('開示のご請求に応じません。')
})

test('there is no letter where nothing is decided, and none for those who may not see who asks', () => {
  expect(letterOf(record([]))).toBeUndefined()
  const hidden = { requester: { __typename: 'Withheld', permission: 'READ_PERSONAL' } }
  expect(letterOf(record([entry('DECIDED', { outcome: 'GRANTED' })], hidden))).toBeUndefined()
})
