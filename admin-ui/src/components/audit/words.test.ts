import { readdirSync, readFileSync } from 'node:fs'
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { CHANGES, operationOf } from '../../graphql/changes'
import { needWords } from '../../i18n'
import { partWord, purposeWord, SCREENS } from './words'

beforeAll(() => needWords('audit'))

test('every screen that has words is asked under that name', () => {
  const asked = readdirSync('src/graphql').flatMap((file) => (file.endsWith('.graphql') ? [...readFileSync(`src/graphql/${file}`, 'utf8').matchAll(/^(?:query|mutation) (\w+)/gm)].map((found) => found[1]) : []))
  asked.push(...CHANGES.map(operationOf))
  // By an address of its own.
  asked.push('StatusCheck')
  expect(SCREENS.filter((screen) => !asked.includes(screen))).toEqual([])
})

test('what was shown is told in words, and what is newer than the words by its code', () => {
  expect(partWord('sole_trader_name', i18next.t)).toBe('個人事業主の氏名')
  expect(partWord('case', i18next.t)).toBe('案件の内容')
  expect(partWord('privacy_request', i18next.t)).toBe('privacy_request')
  expect(partWord('constructor', i18next.t)).toBe('constructor')
})

test('from where it was asked is told in words, and what is not known as it comes', () => {
  const word = (purpose: string) => purposeWord(purpose, i18next.t)
  expect(word('console:Declaration')).toBe('宣言の詳細')
  expect(word('console:CorrectDeclaration')).toBe('宣言の修正')
  expect(word('console:ChangeContact')).toBe('宣言の手続き')
  expect(word('console')).toBe('管理画面（画面の記録なし）')
  expect(word('console:SomethingNewer')).toBe('SomethingNewer')
  expect(word('export:exposure')).toBe('ファイルの出力（閲覧された可能性のある人）')
  expect(word('export:later')).toBe('ファイルの出力（later）')
  expect(word('privacy-request:01990000-0000-7000-8000-000000000001')).toBe('開示等の請求')
  expect(word('console:OneIncident')).toBe('漏えい等事案の詳細')
  expect(word('token')).toBe('API')
  expect(word('token:YearlyReport')).toBe('API（YearlyReport）')
  for (const raw of ['', 'sengen forget', 'job:verify-log', 'console:']) expect(word(raw)).toBe(raw)
})
