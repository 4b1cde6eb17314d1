// The words of the console. Japanese is the source; the English catalogue must have the same keys (a test compares them).
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readPreference, writePreference } from '../lib/preferences'
import { spelledOut } from '../lib/typed-text'
import type jaApprovals from './ja/approvals.json'
import type jaAudit from './ja/audit.json'
import type jaBulk from './ja/bulk.json'
import type jaCases from './ja/cases.json'
import type jaChecks from './ja/checks.json'
import type jaImport from './ja/import.json'
import type jaDesk from './ja/desk.json'
import type jaTemplates from './ja/templates.json'
import type jaArticles from './ja/articles.json'
import type jaNumbers from './ja/numbers.json'
import type jaExports from './ja/exports.json'
import type jaInquiries from './ja/inquiries.json'
import type jaMail from './ja/mail.json'
import type jaOperations from './ja/operations.json'
import type jaRecords from './ja/records.json'
import type jaRegister from './ja/register.json'
import type jaReviews from './ja/reviews.json'
import type jaSettings from './ja/settings.json'
import jaShell from './ja/shell.json'
import type jaStaff from './ja/staff.json'

export const LANGUAGES = ['ja', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

type Words = typeof jaShell & typeof jaRegister & typeof jaRecords & typeof jaSettings & typeof jaOperations & typeof jaMail & typeof jaStaff & typeof jaApprovals & typeof jaCases & typeof jaAudit & typeof jaBulk & typeof jaImport & typeof jaExports & typeof jaChecks & typeof jaReviews & typeof jaInquiries & typeof jaDesk & typeof jaTemplates & typeof jaArticles & typeof jaNumbers

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Words }
  }
}

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'ja')

/**
 * The words by place. Those of the frame are in the first load, in Japanese; others come with the pages that say them, and
 * English comes to those who read it: the first load is for those who wait.
 */
const PARTS = {
  shell: { ja: async () => jaShell, en: async () => (await import('./en/shell.json')).default },
  register: { ja: async () => (await import('./ja/register.json')).default, en: async () => (await import('./en/register.json')).default },
  records: { ja: async () => (await import('./ja/records.json')).default, en: async () => (await import('./en/records.json')).default },
  operations: { ja: async () => (await import('./ja/operations.json')).default, en: async () => (await import('./en/operations.json')).default },
  settings: { ja: async () => (await import('./ja/settings.json')).default, en: async () => (await import('./en/settings.json')).default },
  staff: { ja: async () => (await import('./ja/staff.json')).default, en: async () => (await import('./en/staff.json')).default },
  approvals: { ja: async () => (await import('./ja/approvals.json')).default, en: async () => (await import('./en/approvals.json')).default },
  audit: { ja: async () => (await import('./ja/audit.json')).default, en: async () => (await import('./en/audit.json')).default },
  bulk: { ja: async () => (await import('./ja/bulk.json')).default, en: async () => (await import('./en/bulk.json')).default },
  import: { ja: async () => (await import('./ja/import.json')).default, en: async () => (await import('./en/import.json')).default },
  cases: { ja: async () => (await import('./ja/cases.json')).default, en: async () => (await import('./en/cases.json')).default },
  checks: { ja: async () => (await import('./ja/checks.json')).default, en: async () => (await import('./en/checks.json')).default },
  reviews: { ja: async () => (await import('./ja/reviews.json')).default, en: async () => (await import('./en/reviews.json')).default },
  inquiries: { ja: async () => (await import('./ja/inquiries.json')).default, en: async () => (await import('./en/inquiries.json')).default },
  desk: { ja: async () => (await import('./ja/desk.json')).default, en: async () => (await import('./en/desk.json')).default },
  templates: { ja: async () => (await import('./ja/templates.json')).default, en: async () => (await import('./en/templates.json')).default },
  articles: { ja: async () => (await import('./ja/articles.json')).default, en: async () => (await import('./en/articles.json')).default },
  numbers: { ja: async () => (await import('./ja/numbers.json')).default, en: async () => (await import('./en/numbers.json')).default },
  exports: { ja: async () => (await import('./ja/exports.json')).default, en: async () => (await import('./en/exports.json')).default },
  mail: { ja: async () => (await import('./ja/mail.json')).default, en: async () => (await import('./en/mail.json')).default },
} as const
export type Part = keyof typeof PARTS

const wanted = new Set<Part>(['shell'])
const present = new Set<string>()

async function load(part: Part, language: Language) {
  const name = `${language} ${part}`
  if (present.has(name)) return
  i18next.addResourceBundle(language, 'translation', { ...(await PARTS[part][language]()) }, true)
  present.add(name)
}

/** Loads the words of a part in the language of now, and from now on in every language that is switched to. */
export async function needWords(part: Part) {
  wanted.add(part)
  await load(part, currentLanguage())
}

export async function setLanguage(language: Language) {
  writePreference('language', language)
  await Promise.all([...wanted].map((part) => load(part, language)))
  await i18next.changeLanguage(language)
}

/** Starts with the language chosen last, else Japanese: the console is the secretariat's, whatever the browser asks for. */
export async function startI18n() {
  const mark = (language: string) => document.documentElement.setAttribute('lang', language)
  i18next.on('languageChanged', mark)
  await i18next.use(initReactI18next).init({
    lng: 'ja',
    fallbackLng: 'ja',
    // A copy: other parts are merged into it.
    resources: { ja: { translation: { ...jaShell } } },
    // React escapes, and a name with & must not be escaped twice; but no name may turn the sentence that it stands in.
    interpolation: { escapeValue: true, escape: spelledOut },
    returnNull: false,
  })
  mark('ja')
  if (readPreference('language', LANGUAGES) === 'en') await setLanguage('en').catch(() => undefined)
}
