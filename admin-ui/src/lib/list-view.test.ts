import { expect, test } from 'vitest'
import { questionOf, searchOf, shows } from './list-view'
import { declarationListSearch } from './search-params'

test('a view keeps conditions, order, columns and row height, and no search', () => {
  const search = declarationListSearch({ q: '見本', state: 'ACTIVE', city: '横浜', sort: 'NUMBER_ASC', cols: 'name,size', rows: 'compact', peek: 'x', shown: '100' })
  const question = questionOf(search)
  expect(question).not.toMatch(/q=|peek|shown/)
  expect(searchOf(question)).toEqual(declarationListSearch({ state: 'ACTIVE', city: '横浜', sort: 'NUMBER_ASC', cols: 'name,size', rows: 'compact' }))
  // What the server takes.
  expect(question).toMatch(/^[!-~]*$/)
})

test('a list shows a view whatever the order of its parts, and not while something is searched for', () => {
  const search = declarationListSearch({ state: 'ACTIVE', sort: 'NUMBER_ASC' })
  expect(shows(search, 'sort=NUMBER_ASC&state=ACTIVE')).toBe(true)
  expect(shows({ ...search, q: 'x' }, 'sort=NUMBER_ASC&state=ACTIVE')).toBe(false)
  expect(shows(search, 'state=ACTIVE')).toBe(false)
})
