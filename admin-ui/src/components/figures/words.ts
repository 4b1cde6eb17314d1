// What figures are about, in words: values of the register in the language of the console, places by their Japanese names.
import type { TFunction } from 'i18next'
import type { FigureRow } from '../../graphql/figures'
import type { Provenance, FigureSplit, SizeClass } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'

export const counted = (count: number): string => formatCount(count, currentLanguage())

/** `2026-05` → 2026年5月. */
export function monthWord(month: string, language: 'ja' | 'en' = currentLanguage()): string {
  const first = new Date(`${month}-01T00:00:00Z`)
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { year: 'numeric', month: language === 'ja' ? 'long' : 'short', timeZone: 'UTC' }).format(first)
}

/** A part of a whole: `12.3%`; nothing of nothing. */
export const shareWord = (part: number, whole: number): string =>
  whole === 0 ? '' : new Intl.NumberFormat(currentLanguage(), { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(part / whole)

export function rowWord(by: FigureSplit, { code, name }: Pick<FigureRow, 'code' | 'name'>, t: TFunction): string {
  if (code === null || code === undefined) return t('figures.unknown')
  if (by === 'INDUSTRY') return t(`industry.${code as 'A'}`, { defaultValue: name })
  if (by === 'SIZE_CLASS') return t(`size.${code as SizeClass}`, { defaultValue: name })
  if (by === 'STAR') return t(code === 'TWO' ? 'choice.2' : 'choice.1')
  if (by === 'ORIGIN') return t(`provenance.${code as Provenance}`, { defaultValue: name })
  return name
}
