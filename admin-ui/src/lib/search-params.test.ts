import { expect, test } from 'vitest'
import { calendarSearch, declarationListSearch, declarationSearch, exposureSearch, mailListSearch, parseSearch, readsSearch, securitySearch, signInSearch, stringifySearch } from './search-params'

test('a list address survives the way to text and back', () => {
  const search = declarationListSearch({ q: '見本 & 株', state: ['ACTIVE', 'STOPPED'], pref: ['13'], sort: 'NUMBER_ASC' })
  expect(declarationListSearch(parseSearch(stringifySearch(search)))).toEqual(search)
})

test('an address is readable', () => {
  expect(stringifySearch({ state: ['ACTIVE', 'STOPPED'], q: undefined, flag: [] })).toBe('?state=ACTIVE,STOPPED')
})

test('what nobody offers is dropped from an address', () => {
  expect(declarationListSearch(parseSearch('?state=NONSENSE,ACTIVE&sort=x&pref=99&star=THREE'))).toEqual({ state: ['ACTIVE'] })
})

test('a search for digits stays text', () => {
  expect(declarationListSearch(parseSearch('?q=59990000017')).q).toBe('59990000017')
})

test('how many rows are shown is a number of more than one page, with a limit', () => {
  expect(declarationListSearch(parseSearch('?shown=150')).shown).toBe(150)
  expect(declarationListSearch(parseSearch('?shown=999999')).shown).toBe(1000)
  for (const text of ['50', '-3', '1e9', 'x']) expect(declarationListSearch(parseSearch(`?shown=${text}`))).toEqual({})
})

test('an as-of date must be a date and a position digits', () => {
  expect(declarationSearch({ asOf: '2026-05-12', recordedUpTo: '17' })).toMatchObject({ asOf: '2026-05-12', recordedUpTo: '17' })
  expect(declarationSearch({ asOf: 'yesterday', recordedUpTo: '1e9' })).toEqual({})
  expect(declarationSearch({ asOf: '2026-02-31' })).toEqual({})
})

test('signing in leads only to a path of this site', () => {
  expect(signInSearch({ to: '/declarations?q=x' }).to).toBe('/declarations?q=x')
  for (const to of ['https://example.jp/', '//example.jp', '/\\example.jp', 'javascript:alert(1)']) expect(signInSearch({ to }).to).toBeUndefined()
})

test('a month of the calendar is one that the calendar has', () => {
  expect(calendarSearch({ month: '2026-12', scope: 'PAST' })).toEqual({ month: '2026-12', scope: 'PAST' })
  for (const month of ['2026-13', '2026-00', '1954-12', '2100-01', '2026-1', '202612']) expect(calendarSearch({ month, scope: 'x' })).toEqual({})
})

test('an address of the ledger of mail keeps what it offers and drops the rest', () => {
  const search = mailListSearch({ address: 'taro@example.jp', number: '59990000017', state: 'IN_DOUBT,PARKED,NONSENSE', shown: '100' })
  expect(search).toEqual({ address: 'taro@example.jp', number: '59990000017', state: ['IN_DOUBT', 'PARKED'], shown: 100 })
  expect(mailListSearch(parseSearch(stringifySearch(search)))).toEqual(search)
  expect(mailListSearch({ address: ' ', number: '12a', state: 'x' })).toEqual({})
})

test('an address of the audit keeps its question, and no time that there is not', () => {
  const search = readsSearch({ from: '2026-11-20T0900', until: '2026-11-25', staff: '019e4ca0-0000-7000-8000-000000000001', number: '59990000017', shown: '100', span: 'TODAY' })
  expect(search).toEqual({ from: '2026-11-20T0900', until: '2026-11-25', staff: '019e4ca0-0000-7000-8000-000000000001', number: '59990000017', shown: 100 })
  expect(readsSearch(parseSearch(stringifySearch(search)))).toEqual(search)
  expect(stringifySearch(search)).not.toMatch(/%/)
  expect(readsSearch({ span: 'MONTH', until: '2026-11-25' })).toEqual({ span: 'MONTH' })
  expect(readsSearch({ from: '2026-02-31', span: 'WEEK', staff: 'a b', number: '12a' })).toEqual({})
  // The server says what is wrong with it: without it more would be shown than was asked for.
  expect(exposureSearch({ staff: 'nobody', number: '59990000017' })).toEqual({ staff: 'nobody' })
  expect(securitySearch({ kind: 'SIGN_IN_REFUSED', span: 'MONTH' })).toEqual({ kind: 'SIGN_IN_REFUSED', span: 'MONTH' })
  expect(securitySearch({ kind: 'a b' })).toEqual({})
})
