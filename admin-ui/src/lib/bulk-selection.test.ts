import { beforeEach, expect, test } from 'vitest'
import { keepChosen, keptChosen, rangeOf } from './bulk-selection'

beforeEach(() => sessionStorage.clear())

test('what was chosen is there for the form, and nothing where it was not or is damaged', () => {
  expect(keptChosen()).toEqual([])
  keepChosen(['a', 'b'])
  expect(keptChosen()).toEqual(['a', 'b'])
  sessionStorage.setItem('sengen.bulk.ids', '{"a"')
  expect(keptChosen()).toEqual([])
  sessionStorage.setItem('sengen.bulk.ids', '[1, "a"]')
  expect(keptChosen()).toEqual(['a'])
})

test('with shift all rows between two are chosen, in either direction', () => {
  const ids = ['a', 'b', 'c', 'd']
  expect(rangeOf(ids, 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(rangeOf(ids, 'd', 'b')).toEqual(['b', 'c', 'd'])
  expect(rangeOf(ids, undefined, 'c')).toEqual(['c'])
  expect(rangeOf(ids, 'gone', 'c')).toEqual(['c'])
})
