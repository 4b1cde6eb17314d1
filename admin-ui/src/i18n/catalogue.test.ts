// The two catalogues say the same things.
import { expect, test } from 'vitest'
import en from './en.json'
import ja from './ja.json'

function flat(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value]] : flat(value as object, `${path}${key}.`)))
}

const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted()
const japanese = flat(ja)
const english = new Map(flat(en))

test('English has exactly the keys of Japanese', () => {
  expect([...english.keys()].toSorted()).toEqual(japanese.map(([key]) => key).toSorted())
})

test('both languages fill in the same values', () => {
  const different = japanese.filter(([key, text]) => holes(text).join() !== holes(english.get(key) ?? '').join()).map(([key]) => key)
  expect(different).toEqual([])
})

test('a declaration is never called a certification', () => {
  expect(japanese.filter(([, text]) => /認定|認証|取得/.test(text))).toEqual([])
  expect([...english].filter(([, text]) => /certif|accredit/i.test(text))).toEqual([])
})

test('no button says OK', () => {
  expect([...japanese, ...english].filter(([, text]) => /^OK$/i.test(text))).toEqual([])
})
