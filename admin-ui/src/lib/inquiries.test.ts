import { expect, test } from 'vitest'
import { charsetWord, goesOn, instantOf, isLater, QUEUES, quoted, replySubject, snoozeUntil } from './inquiries'

test('an answer has one Re:, however many there were', () => {
  expect(replySubject('自己宣言IDを忘れました')).toBe('Re: 自己宣言IDを忘れました')
  expect(replySubject('Re: RE：Re[2]: 自己宣言ID')).toBe('Re: 自己宣言ID')
  expect(replySubject('返信: 自己宣言ID')).toBe('Re: 自己宣言ID')
  expect(replySubject('')).toBe('Re:')
})

test('a subject is not longer than the server takes', () => {
  expect(replySubject('あ'.repeat(300)).length).toBe(200)
})

test('what they wrote is quoted line by line', () => {
  expect(quoted('一行目\n\n> 前の返信\n')).toBe('> 一行目\n>\n>> 前の返信')
})

test('what is put off comes back in the morning of the office', () => {
  // Saturday, 28 November 2026, 23:30 in Japan.
  const now = Date.parse('2026-11-28T14:30:00Z')
  expect(snoozeUntil('tomorrow', now)).toBe('2026-11-29T00:00:00.000Z')
  expect(snoozeUntil('threeDays', now)).toBe('2026-12-01T00:00:00.000Z')
  expect(snoozeUntil('nextMonday', now)).toBe('2026-11-30T00:00:00.000Z')
})

test('on a Monday the next Monday is a week away, by the calendar of Japan', () => {
  // Sunday evening in UTC is Monday morning in Japan.
  expect(snoozeUntil('nextMonday', Date.parse('2026-11-29T22:00:00Z'))).toBe('2026-12-07T00:00:00.000Z')
})

test('a wall clock is that of Japan', () => {
  expect(instantOf('2026-05-12', '17:00')).toBe('2026-05-12T08:00:00.000Z')
})

test('positions are compared as the whole numbers that they are', () => {
  expect(isLater('10', '9')).toBe(true)
  expect(isLater('9007199254740993', '9007199254740992')).toBe(true)
  expect(isLater('5', '5')).toBe(false)
})

test('what is over cannot be worked on', () => {
  expect((['OPEN', 'WAITING', 'SNOOZED', 'CLOSED', 'SPAM', 'MERGED'] as const).filter(goesOn)).toEqual(['OPEN', 'WAITING', 'SNOOZED'])
})

test('charsets are written as people know them', () => {
  expect(charsetWord('shift_jis')).toBe('Shift_JIS')
  expect(charsetWord('windows-1252')).toBe('windows-1252')
})

test('every queue stands once', () => {
  expect(new Set(QUEUES).size).toBe(10)
})
