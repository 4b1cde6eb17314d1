// The words of the console. Japanese is the source; the English catalogue must have the same keys (a test compares them).
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readPreference, writePreference } from '../lib/preferences'
import ja from './ja.json'

export const LANGUAGES = ['ja', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof ja }
  }
}

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'ja')

/** English is a chunk of its own: most never need it, and the first load is for those who wait. */
async function load(language: Language) {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    i18next.addResourceBundle('en', 'translation', (await import('./en.json')).default)
  }
}

export async function setLanguage(language: Language) {
  writePreference('language', language)
  await load(language)
  await i18next.changeLanguage(language)
}

/** Starts with the language chosen last, else Japanese: the console is the secretariat's, whatever the browser asks for. */
export async function startI18n() {
  const mark = (language: string) => document.documentElement.setAttribute('lang', language)
  i18next.on('languageChanged', mark)
  await i18next.use(initReactI18next).init({
    lng: 'ja',
    fallbackLng: 'ja',
    resources: { ja: { translation: ja } },
    // React escapes; a name with & must not be escaped twice.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  mark('ja')
  if (readPreference('language', LANGUAGES) === 'en') await setLanguage('en').catch(() => undefined)
}
