import { expect, test } from 'vitest'
import { dayOf, formatCorporateNumber, formatDate, formatDeclarationNumber, formatEra, formatEstimate, formatInstant } from './format'

test('instants are shown in Tokyo with the day of the week', () => {
  expect(formatInstant('2026-05-12T08:00:00Z', 'ja')).toBe('2026年5月12日(火) 17:00')
  expect(formatInstant('2026-05-12T08:00:00Z', 'en')).toBe('Tue, 12 May 2026, 17:00')
})

test('an instant after 15:00 UTC belongs to the next day in Japan', () => {
  expect(dayOf('2026-05-12T15:00:00Z')).toBe('2026-05-13')
})

test('a calendar day has no time zone', () => {
  expect(formatDate('2026-05-12', 'ja')).toBe('2026年5月12日')
  expect(formatDate('2026-05-12', 'ja', 'dateWithDay')).toBe('2026年5月12日(火)')
})

test('paper counts in eras', () => {
  expect(formatEra('2026-05-12')).toBe('令和8年5月12日')
  expect(formatEra('2019-04-30')).toBe('平成31年4月30日')
})

test('what is not a date is shown as it is', () => {
  expect(formatDate('令和8年', 'ja')).toBe('令和8年')
})

test('numbers are grouped the way they are read out', () => {
  expect(formatDeclarationNumber('59990000017')).toBe('5999 0000 017')
  expect(formatCorporateNumber('7999901000001')).toBe('7 9999 0100 0001')
  expect(formatCorporateNumber('79999')).toBe('79999')
})

test('estimates are rounded and said in 万', () => {
  expect(formatEstimate(403_218, 'ja')).toBe('40万')
  expect(formatEstimate(12_345, 'ja')).toBe('1.2万')
  expect(formatEstimate(403_218, 'en')).toBe('400,000')
})
