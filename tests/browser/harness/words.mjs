// The words of the console by their key, as it has them, for tests that run in both languages.
import { readFileSync } from 'node:fs'

const part = (language, name) => JSON.parse(readFileSync(new URL(`../../../admin-ui/src/i18n/${language}/${name}.json`, import.meta.url), 'utf8'))
const catalogue = (language) => ({ ...part(language, 'shell'), ...part(language, 'register'), ...part(language, 'records'), ...part(language, 'settings'), ...part(language, 'operations'), ...part(language, 'mail'), ...part(language, 'staff'), ...part(language, 'approvals'), ...part(language, 'cases'), ...part(language, 'audit'), ...part(language, 'bulk'), ...part(language, 'import'), ...part(language, 'exports'), ...part(language, 'checks'), ...part(language, 'reviews'), ...part(language, 'inquiries'), ...part(language, 'desk'), ...part(language, 'templates'), ...part(language, 'articles'), ...part(language, 'numbers') })

export const LANGUAGES = ['ja', 'en']
export const words = { ja: catalogue('ja'), en: catalogue('en') }

/** A sentence of the catalogue with its values; plural forms are asked for by their full key. */
export const say = (sentence, values = {}) => sentence.replaceAll(/\{\{-? ?(\w+)\}\}/g, (_, name) => values[name])
