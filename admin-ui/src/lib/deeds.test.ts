import { expect, test } from 'vitest'
import type { HistoryPartsFragment } from '../graphql/gql/graphql'
import { byDay, deedsOf, flagsOf, kindsOf } from './deeds'

const entry = (position: string, command: string, kind: HistoryPartsFragment['kind'], more: Partial<HistoryPartsFragment> = {}) =>
  ({ position, command, kind, recordedAt: '2026-05-12T08:00:00Z', changes: [], ...more }) as unknown as HistoryPartsFragment

test('a correction of two fields is one deed, and so are the warnings that came and went with it', () => {
  const deeds = deedsOf([
    entry('1', 'a', 'REGISTERED'),
    entry('2', 'a', 'FLAG_RAISED', { flag: 'EMAIL_MISSING' }),
    entry('7', 'b', 'CORRECTED'),
    entry('8', 'b', 'CONTACT_CHANGED'),
    entry('9', 'b', 'FLAG_CLEARED', { flag: 'EMAIL_MISSING' }),
  ])
  expect(deeds.map((deed) => [deed.position, deed.lead.kind, kindsOf(deed)])).toEqual([
    ['2', 'REGISTERED', ['REGISTERED']],
    ['9', 'CORRECTED', ['CORRECTED', 'CONTACT_CHANGED']],
  ])
  expect(deeds.map((deed) => [flagsOf(deed, 'FLAG_RAISED'), flagsOf(deed, 'FLAG_CLEARED')])).toEqual([
    [['EMAIL_MISSING'], []],
    [[], ['EMAIL_MISSING']],
  ])
})

test('two commands of the same person at the same moment stay two deeds', () => {
  expect(deedsOf([entry('1', 'a', 'CORRECTED'), entry('2', 'b', 'CORRECTED')])).toHaveLength(2)
})

test('a warning on its own is told as one', () => {
  const [deed] = deedsOf([entry('3', 'c', 'FLAG_RAISED', { flag: 'INDUSTRY_UNKNOWN' })])
  expect(deed && kindsOf(deed)).toEqual(['FLAG_RAISED'])
})

test('days are those of Japan, newest first', () => {
  const deeds = deedsOf([entry('1', 'a', 'MADE', { recordedAt: '2026-05-12T14:59:00Z' }), entry('2', 'b', 'CORRECTED', { recordedAt: '2026-05-12T15:00:00Z' })])
  expect(byDay(deeds).map(([day, ofDay]) => [day, ofDay.length])).toEqual([['2026-05-13', 1], ['2026-05-12', 1]])
})
