import { expect, test } from 'vitest'
import { firstDayOf, rangeOf, readClock, readTypedTime, typedTime } from './audit-time'
import { readWall, wallText } from './audit-wall'

/** 1:30 at night in Japan, still the day before by the clock of the world. */
const NIGHT = new Date('2026-11-26T16:30:00Z')

test('days are counted back from today in Japan, today with them', () => {
  expect(rangeOf({ span: 'TODAY' }, NIGHT)).toEqual({ since: '2026-11-26T15:00:00.000Z', until: '2026-11-26T16:30:00.000Z', isOpen: true })
  expect(rangeOf({}, NIGHT).since).toBe('2026-11-20T15:00:00.000Z')
  expect(rangeOf({ span: 'MONTH' }, NIGHT).since).toBe('2026-10-28T15:00:00.000Z')
  expect(firstDayOf({ from: '2026-11-20T0900' })).toBe('2026-11-20')
})

test('a day without a time is whole, the last one too', () => {
  expect(rangeOf({ from: '2026-11-20', until: '2026-11-20' }, NIGHT)).toEqual({ since: '2026-11-19T15:00:00.000Z', until: '2026-11-20T15:00:00.000Z', isOpen: false })
  expect(rangeOf({ from: '2026-11-20T0900', until: '2026-11-20T1815' }, NIGHT)).toEqual({ since: '2026-11-20T00:00:00.000Z', until: '2026-11-20T09:15:00.000Z', isOpen: false })
  expect(rangeOf({ from: '2026-11-20', until: '2026-11-20T2400' }, NIGHT).until).toBe('2026-11-20T15:00:00.000Z')
  expect(rangeOf({ span: 'TODAY', from: '2026-11-20' }, NIGHT)).toMatchObject({ since: '2026-11-19T15:00:00.000Z', isOpen: true })
})

test('an address holds days and times, and nothing that there is not', () => {
  for (const text of ['2026-11-20', '2026-11-20T0905', '2026-11-20T2400']) expect(wallText(readWall(text) ?? { day: '' })).toBe(text)
  expect(readWall('2026-11-20T09:05')).toEqual({ day: '2026-11-20', clock: '09:05' })
  for (const text of ['2026-02-31', '2026-11-20T2401', '2026-11-20T9', '20261120', '令和8年11月20日', '']) expect(readWall(text)).toBeUndefined()
})

test('a time is read as people type it', () => {
  for (const text of ['9:05', '09:05', '0905', '905', '９：０５', '9時05分', ' 9.05 ']) expect(readClock(text)).toBe('09:05')
  expect(readClock('９時')).toBe('09:00')
  expect(readClock('24:00')).toBe('24:00')
  for (const text of ['', '24:01', '25:00', '9:60', '朝', '9:5', '９']) expect(readClock(text)).toBeUndefined()
})

test('what is typed becomes an address, or says at which input what is wrong', () => {
  const typed = { fromDay: '令和8年11月20日', fromClock: '９：００', untilDay: '', untilClock: '' }
  expect(readTypedTime(typed)).toEqual({ from: '2026-11-20T0900', until: undefined })
  expect(readTypedTime({ ...typed, untilDay: '20261120' })).toEqual({ from: '2026-11-20T0900', until: '2026-11-20' })
  expect(readTypedTime({ ...typed, untilDay: '2026-11-20', untilClock: '9:00' })).toEqual({ untilDay: 'order' })
  expect(readTypedTime({ ...typed, untilClock: '9:00' })).toEqual({ untilDay: 'dayOfClock' })
  expect(readTypedTime({ fromDay: '', fromClock: '朝', untilDay: '昨日', untilClock: '夜' })).toEqual({ fromDay: 'missing', fromClock: 'clock', untilDay: 'day', untilClock: 'clock' })
})

test('an address fills the inputs', () => {
  expect(typedTime({ from: '2026-11-20T0900', until: '2026-11-25' })).toEqual({ fromDay: '2026-11-20', fromClock: '09:00', untilDay: '2026-11-25', untilClock: '' })
  expect(typedTime({ span: 'MONTH' })).toEqual({ fromDay: '', fromClock: '', untilDay: '', untilClock: '' })
})
