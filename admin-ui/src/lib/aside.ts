// What is said beside a word, in the brackets of the language.
import { currentLanguage } from '../i18n'

export const aside = (word: string, more: string): string => (currentLanguage() === 'ja' ? `${word}（${more}）` : `${word} (${more})`)
