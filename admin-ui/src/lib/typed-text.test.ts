import i18next from 'i18next'
import { expect, test } from 'vitest'
import { piecesOf, spelledOut } from './typed-text'

const HOSTILE = 'みほん\u202E製作所'

test('what cannot be seen is named by its code, and everything else is left as it is', () => {
  expect(spelledOut(HOSTILE)).toBe('みほん[U+202E]製作所')
  expect(spelledOut('\u0007a\u2066b\u{E0041}')).toBe('[U+0007]a[U+2066]b[U+E0041]')
  for (const name of ['株式会社みほん製作所', '葛\u{E0100}城', '𠮷野家', '見本\u3000太郎', 'A & B <C>', '一行目\r\n二行目\t']) expect(spelledOut(name)).toBe(name)
})

test('a name that runs leftward takes nothing of its sentence along', () => {
  expect(spelledOut('שלום')).toBe('\u2068שלום\u2069')
})

test('the pieces of a text are the whole text', () => {
  for (const text of [HOSTILE, '\u202E', '', '\u2067\u202Eabc\u2069']) expect(piecesOf(text).map((piece) => piece.text).join('')).toBe(text)
  expect(piecesOf(HOSTILE)).toEqual([{ text: 'みほん' }, { text: '\u202E', code: 'U+202E' }, { text: '製作所' }])
})

test('every value of a sentence is spelled out', () => {
  expect(i18next.t('correct.done', { name: HOSTILE })).toBe('みほん[U+202E]製作所の登録内容を修正しました。')
  expect(i18next.t('correct.done', { name: 'A & B' })).toBe('A & Bの登録内容を修正しました。')
})
