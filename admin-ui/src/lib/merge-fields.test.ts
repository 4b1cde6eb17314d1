import { expect, test } from 'vitest'
import { fieldCode, leftFields, MERGE_FIELDS, piecesOf, unknownFields } from './merge-fields'

test('each field is read as it is written, in both languages', () => {
  for (const field of MERGE_FIELDS)
    for (const language of ['JA', 'EN'] as const) expect(piecesOf(fieldCode(field, language))).toEqual([expect.objectContaining({ field })])
})

test('a text is cut at its fields, and put together again is the same', () => {
  const text = '{{相手}}様\n\n{{ 宣言番号 }}の件です。{{らーめん}} {not} {{\n}}'
  expect(piecesOf(text).map((piece) => piece.text).join('')).toBe(text)
  expect(piecesOf(text).map((piece) => piece.field)).toEqual(['RECIPIENT', undefined, 'NUMBER', undefined, undefined, undefined])
})

test('what is left is told once, known or not', () => {
  expect(leftFields('{{星}}と{{星}}と{{number}}')).toEqual([{ code: '{{星}}', field: 'STAR' }, { code: '{{number}}', field: 'NUMBER' }])
  expect(unknownFields('{{星}}と{{夢}}')).toEqual(['{{夢}}'])
  expect(leftFields('何もない')).toEqual([])
})
