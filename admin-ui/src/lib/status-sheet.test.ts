import { expect, test } from 'vitest'
import { canBeAsked, columnLetter, dataRows, mapped, questionOf } from './status-sheet'

const sheet = {
  headings: ['ID', '名称'],
  columns: { number: 0, name: 1 },
  width: 2,
  rows: [
    { line: 2, cells: ['59990000017', '株式会社みほん'] },
    { line: 4, cells: ['59990000025'], ragged: true },
  ],
}

test('columns are called as in spreadsheets', () => {
  expect([0, 25, 26, 51, 52].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA'])
})

test('each row is asked with its own line, and a cell that is not there is not sent', () => {
  expect(questionOf(sheet.rows, sheet.columns, '2026-04-01')).toEqual({
    date: '2026-04-01',
    rows: [
      { line: 2, number: '59990000017', name: '株式会社みほん' },
      { line: 4, ragged: true, number: '59990000025' },
    ],
  })
})

test('a person says whether the first row holds headings, whatever was guessed', () => {
  expect(dataRows(sheet, true)).toEqual(sheet.rows)
  expect(dataRows(sheet, false)[0]).toEqual({ line: 1, cells: ['ID', '名称'] })
  expect(dataRows({ ...sheet, headings: null }, true)).toEqual(sheet.rows.slice(1))
})

test('a column that is given to something is taken from what it was before', () => {
  expect(mapped({ number: 0, name: 1 }, 'corporateNumber', 0)).toEqual({ corporateNumber: 0, name: 1 })
  expect(mapped({ number: 0, name: 1 }, 'name', undefined)).toEqual({ number: 0 })
  expect(canBeAsked({ name: 1, date: 2 })).toBe(false)
  expect(canBeAsked({ corporateNumber: 1 })).toBe(true)
})
