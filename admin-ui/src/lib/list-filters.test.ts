import { expect, test } from 'vitest'
import { chosenOf, chosenPart, filterOf, isFiltered, searchOfFilter } from './list-filters'
import { declarationListSearch, parseSearch, stringifySearch } from './search-params'

const ADDRESS =
  '?state=ACTIVE&ind=E,G&size=MICRO&pledge=UNKNOWN&origin=IMPORT,STAFF&policy=NONE&contact=ADDRESS&pub=NO&bounced=YES&from=2026-01-01&until=2026-01-31&cfrom=2026-02-01&cols=name,size&rows=compact'

test('every condition stands in the address, and comes back from it', () => {
  const search = declarationListSearch(parseSearch(ADDRESS))
  expect(stringifySearch(search)).toBe(ADDRESS)
  expect(filterOf(search)).toMatchObject({
    states: ['ACTIVE'],
    industries: ['E', 'G'],
    sizes: ['MICRO'],
    pledges: ['UNKNOWN'],
    provenances: ['IMPORT', 'STAFF'],
    policies: ['NONE'],
    contacts: ['ADDRESS'],
    published: false,
    unreachable: true,
    declaredFrom: '2026-01-01',
    declaredTo: '2026-01-31',
    changedFrom: '2026-02-01',
  })
})

test('what nobody offers is not asked for', () => {
  const search = declarationListSearch(parseSearch('?ind=Z,E&size=HUGE&pub=MAYBE&from=2026-02-31&city=%20'))
  expect(chosenOf(search, 'ind')).toEqual(['E'])
  expect(filterOf(search)).toMatchObject({ industries: ['E'], sizes: undefined, published: undefined, declaredFrom: undefined, city: undefined })
})

test('of two that exclude each other the later one is chosen', () => {
  expect(chosenPart('pub', ['YES', 'NO'])).toEqual({ pub: 'NO' })
  expect(chosenPart('pub', [])).toEqual({ pub: undefined })
  expect(chosenPart('size', ['MICRO', 'SME'])).toEqual({ size: ['MICRO', 'SME'] })
})

test('columns and order narrow nothing', () => {
  expect(isFiltered({ cols: ['name'], sort: 'NUMBER_ASC', rows: 'compact', q: 'x' })).toBe(false)
  expect(isFiltered({ city: '横浜' })).toBe(true)
})

test('what was narrowed by comes back as the address that it was made from', () => {
  const search = declarationListSearch(parseSearch(ADDRESS))
  const { cols, rows, ...question } = search
  const { stars, states, prefectures, flags, industries, sizes, pledges, provenances, policies, contacts, ...others } = filterOf(search)
  const told = {
    stars: stars ?? [], states: states ?? [], prefectures: prefectures ?? [], flags: flags ?? [], industries: industries ?? [], sizes: sizes ?? [],
    pledges: pledges ?? [], provenances: provenances ?? [], policies: policies ?? [], contacts: contacts ?? [], ...others, unreachable: others.unreachable ?? false,
  }
  expect([cols, rows]).toEqual([['name', 'size'], 'compact'])
  expect(stringifySearch(searchOfFilter(told))).toBe(stringifySearch({ ...question, q: undefined }))
})
