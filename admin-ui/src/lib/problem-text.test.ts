import { readFileSync } from 'node:fs'
import i18next from 'i18next'
import { afterEach, expect, test } from 'vitest'
import { ENGLISH, problemText } from './problem-text'

afterEach(() => i18next.changeLanguage('ja'))

test('every code of a problem that the document lists has an English sentence', () => {
  const document = readFileSync('../docs/errors.md', 'utf8')
  const chapter = document.split('## Codes of a problem')[1]?.split('\n## ')[0] ?? ''
  const first = chapter.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []))
  const codes = first.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((found) => found[1] ?? ''))
  expect(codes.length).toBeGreaterThan(40)
  expect(codes.filter((code) => !(code in ENGLISH))).toEqual([])
})

test('the Japanese console says what the server says, the English one its own sentence, and what is new as it comes', async () => {
  const problem = { code: 'too_long', message: '検索する言葉は200文字以内で入力してください。' }
  expect(problemText(problem)).toBe(problem.message)
  await i18next.changeLanguage('en')
  expect(problemText(problem)).toBe(ENGLISH['too_long'])
  expect(problemText({ ...problem, code: 'made_later' })).toBe(problem.message)
})
