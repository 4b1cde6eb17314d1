import { expect, test } from 'vitest'
import { askedColumns, columnIds, columnsOf, DEFAULT_COLUMNS, needsMore } from './columns'

test('without columns in the address there are those that everybody begins with', () => {
  expect(columnIds(undefined)).toEqual([...DEFAULT_COLUMNS])
  expect(askedColumns(columnIds(undefined))).toBeUndefined()
})

test('columns keep the order of the address, the name comes first, and what is no column is left out', () => {
  const ids = columnIds(['size', 'nonsense', 'name', 'number'])
  expect(ids).toEqual(['name', 'size', 'number'])
  expect(columnsOf(ids).map((column) => column.id)).toEqual(ids)
  expect(columnIds(askedColumns(ids))).toEqual(ids)
})

test('only some columns need more of a row', () => {
  expect(needsMore([...DEFAULT_COLUMNS, 'entity', 'tradeName'])).toBe(false)
  expect(needsMore(['name', 'policy'])).toBe(true)
})
