import { expect, test } from 'vitest'
import { cameSince, countsOf, isMoving, isNewer, isSettled, readMailSearch, secondsBetween, standingNow, sumOf, verdictsForAll, verdictsOf } from './mail'
import { MAIL_STATES } from './search-params'

const mail = (id: string, state: (typeof MAIL_STATES)[number], changedAt = '2026-11-27T01:00:00Z') => ({ id, state, changedAt })

test('what a relay has taken, and what is being sent, is not decided about', () => {
  const open = MAIL_STATES.filter((state) => verdictsOf(state).length > 0)
  expect(open).toEqual(['QUEUED', 'DEFERRED', 'IN_DOUBT', 'PARKED'])
  expect(verdictsOf('IN_DOUBT')).toEqual(['TREAT_AS_SENT', 'SEND_AGAIN'])
  expect(verdictsOf('PARKED')).not.toContain('TREAT_AS_SENT')
})

test('what is on its way is about to change, and so is what waits for a try that is due', () => {
  const nextTryAt = '2026-11-27T01:10:00Z'
  const moving = MAIL_STATES.filter((state) => isMoving({ state, nextTryAt }))
  expect(moving).toEqual(['QUEUED', 'CLAIMED'])
  expect(isMoving({ state: 'DEFERRED', nextTryAt: null })).toBe(true)
  expect(isMoving({ state: 'IN_DOUBT', nextTryAt: null })).toBe(false)
  expect(MAIL_STATES.filter(isSettled)).toEqual(MAIL_STATES.filter((state) => !moving.includes(state)))
})

test('of several mails each verdict names those that it is allowed for', () => {
  expect(verdictsForAll([mail('1', 'DEFERRED'), mail('2', 'IN_DOUBT'), mail('3', 'ACCEPTED'), mail('4', 'PARKED')])).toEqual([
    { verdict: 'TRY_NOW', ids: ['1'] },
    { verdict: 'TREAT_AS_SENT', ids: ['2'] },
    { verdict: 'SEND_AGAIN', ids: ['2', '4'] },
    { verdict: 'CANCEL', ids: ['1', '4'] },
  ])
  expect(verdictsForAll([mail('1', 'ACCEPTED')])).toEqual([])
})

test('rows change in their places, and only to what is newer', () => {
  const rows = [{ ...mail('2', 'QUEUED'), sender: 'office' }, { ...mail('1', 'ACCEPTED'), sender: 'office' }]
  const newer = [mail('3', 'QUEUED', '2026-11-27T01:00:09Z'), mail('2', 'ACCEPTED', '2026-11-27T01:00:05Z'), mail('1', 'QUEUED', '2026-11-27T00:00:00Z')]
  expect(standingNow(rows, newer)).toEqual([{ ...mail('2', 'ACCEPTED', '2026-11-27T01:00:05Z'), sender: 'office' }, rows[1]])
})

test('times are compared as times, with or without fractions', () => {
  expect(isNewer(mail('1', 'CLAIMED', '2026-11-27T01:00:00.5Z'), mail('1', 'QUEUED'))).toBe(true)
  expect(isNewer(mail('1', 'QUEUED'), mail('1', 'CLAIMED', '2026-11-27T01:00:00.5Z'))).toBe(false)
  expect(isNewer(mail('1', 'QUEUED'), mail('1', 'QUEUED'))).toBe(false)
})

test('what came in front of the rows is counted, by state where the list has one', () => {
  const rows = [mail('2', 'QUEUED')]
  const newer = [mail('4', 'QUEUED'), mail('3', 'ACCEPTED'), mail('2', 'QUEUED'), mail('1', 'QUEUED')]
  expect(cameSince(rows, newer, undefined)).toBe(2)
  expect(cameSince(rows, newer, ['ACCEPTED'])).toBe(1)
  expect(cameSince([], newer, undefined)).toBe(4)
  expect(cameSince([mail('9', 'QUEUED')], newer, undefined)).toBe(0)
})

test('counts are added up over the states that are asked for', () => {
  const counts = countsOf([{ state: 'QUEUED', count: 2 }, { state: 'IN_DOUBT', count: 3 }])
  expect(sumOf(counts)).toBe(5)
  expect(sumOf(counts, ['IN_DOUBT', 'PARKED'])).toBe(3)
})

test('digits in any writing are a number, anything else is an address', () => {
  for (const text of ['59990000017', '5999 0000 017', '５９９９－００００－０１７', ' 5999‐0000‐017 ']) expect(readMailSearch(text)).toEqual({ number: '59990000017' })
  expect(readMailSearch(' Ｔａｒｏ@example.jp ')).toEqual({ address: 'Taro@example.jp' })
  expect(readMailSearch('090-1@example.jp')).toEqual({ address: '090-1@example.jp' })
  expect(readMailSearch('  ')).toEqual({})
})

test('how long an attempt took is told in seconds', () => {
  expect(secondsBetween('2026-11-27T01:00:00.000Z', '2026-11-27T01:00:00.840Z')).toBe('0.8')
  expect(secondsBetween('2026-11-27T01:00:00Z', '2026-11-27T01:10:00Z')).toBe('600')
  // Two clocks may disagree.
  expect(secondsBetween('2026-11-27T01:00:01Z', '2026-11-27T01:00:00Z')).toBe('0.0')
})
