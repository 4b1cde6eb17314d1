// The two catalogues say the same things.
import { readFileSync } from 'node:fs'
import { buildSchema, isEnumType } from 'graphql'
import i18next from 'i18next'
import { expect, test } from 'vitest'
import enApprovals from './en/approvals.json'
import enAudit from './en/audit.json'
import enBulk from './en/bulk.json'
import enImport from './en/import.json'
import enDesk from './en/desk.json'
import enTemplates from './en/templates.json'
import enArticles from './en/articles.json'
import enNumbers from './en/numbers.json'
import enExports from './en/exports.json'
import enCases from './en/cases.json'
import enChecks from './en/checks.json'
import enInquiries from './en/inquiries.json'
import enMail from './en/mail.json'
import enOperations from './en/operations.json'
import enRecords from './en/records.json'
import enRegister from './en/register.json'
import enReviews from './en/reviews.json'
import enSettings from './en/settings.json'
import enShell from './en/shell.json'
import enStaff from './en/staff.json'
import jaApprovals from './ja/approvals.json'
import jaAudit from './ja/audit.json'
import jaBulk from './ja/bulk.json'
import jaImport from './ja/import.json'
import jaDesk from './ja/desk.json'
import jaTemplates from './ja/templates.json'
import jaArticles from './ja/articles.json'
import jaNumbers from './ja/numbers.json'
import jaExports from './ja/exports.json'
import jaCases from './ja/cases.json'
import jaChecks from './ja/checks.json'
import jaInquiries from './ja/inquiries.json'
import jaMail from './ja/mail.json'
import jaOperations from './ja/operations.json'
import jaRecords from './ja/records.json'
import jaRegister from './ja/register.json'
import jaReviews from './ja/reviews.json'
import jaSettings from './ja/settings.json'
import jaShell from './ja/shell.json'
import jaStaff from './ja/staff.json'
import { needWords, setLanguage } from '.'

function flat(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value]] : flat(value as object, `${path}${key}.`)))
}

const holes = (text: string) => (text.match(/\{\{-? ?\w+\}\}/g) ?? []).toSorted()
const japanese = [...flat(jaShell), ...flat(jaRegister), ...flat(jaRecords), ...flat(jaSettings), ...flat(jaOperations), ...flat(jaMail), ...flat(jaStaff), ...flat(jaApprovals), ...flat(jaCases), ...flat(jaAudit), ...flat(jaBulk), ...flat(jaImport), ...flat(jaExports), ...flat(jaChecks), ...flat(jaReviews), ...flat(jaInquiries), ...flat(jaDesk), ...flat(jaTemplates), ...flat(jaArticles), ...flat(jaNumbers)]
const english = new Map([...flat(enShell), ...flat(enRegister), ...flat(enRecords), ...flat(enSettings), ...flat(enOperations), ...flat(enMail), ...flat(enStaff), ...flat(enApprovals), ...flat(enCases), ...flat(enAudit), ...flat(enBulk), ...flat(enImport), ...flat(enExports), ...flat(enChecks), ...flat(enReviews), ...flat(enInquiries), ...flat(enDesk), ...flat(enTemplates), ...flat(enArticles), ...flat(enNumbers)])

test('no key stands in two parts, where one would hide the other', () => {
  expect(new Set(japanese.map(([key]) => key)).size).toBe(japanese.length)
})

test('English has exactly the keys of Japanese', () => {
  expect([...english.keys()].toSorted()).toEqual(japanese.map(([key]) => key).toSorted())
})

test('both languages fill in the same values', () => {
  const different = japanese.filter(([key, text]) => holes(text).join() !== holes(english.get(key) ?? '').join()).map(([key]) => key)
  expect(different).toEqual([])
})

test('every reason that the API knows has its words', () => {
  const reasons = buildSchema(readFileSync('schema.graphql', 'utf8')).getType('Reason')
  const codes = isEnumType(reasons) ? reasons.getValues().map(({ name }) => `reason.${name}`) : []
  expect(codes.length).toBeGreaterThan(20)
  const worded = (keys: Iterable<string>) => [...keys].filter((key) => key.startsWith('reason.')).toSorted()
  expect(worded(japanese.map(([key]) => key))).toEqual(codes.toSorted())
  expect(worded(english.keys())).toEqual(codes.toSorted())
})

test('a declaration is never called a certification', () => {
  expect(japanese.filter(([, text]) => /認定|認証|取得/.test(text))).toEqual([])
  expect([...english].filter(([, text]) => /certif|accredit/i.test(text))).toEqual([])
})

test('Japanese has the brackets of Japanese', () => {
  expect(japanese.filter(([, text]) => /[()]/.test(text))).toEqual([])
})

test('no button says OK', () => {
  expect([...japanese, ...english].filter(([, text]) => /^OK$/i.test(text))).toEqual([])
})

test('a part that was asked for follows every change of language', async () => {
  await needWords('register')
  await setLanguage('en')
  expect(i18next.t('list.title')).toBe(enRegister.list.title)
  expect(i18next.t('signIn.title')).toBe(enShell.signIn.title)
  await setLanguage('ja')
  expect(i18next.t('list.title')).toBe(jaRegister.list.title)
})
