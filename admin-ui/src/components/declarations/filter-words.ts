// The words of conditions: what a choice is called, how many records it would leave, and what stands in a list of conditions.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Facets, prefecturesQuery } from '../../graphql/declarations'
import type { ContactState, DeclarationState, FlagCode, Pledge, PolicyState, Provenance, SizeClass, Star } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { type ChoiceName, CHOICES, chosenOf, FACET_OF, SPAN_KEYS, SPANS } from '../../lib/list-filters'
import type { DeclarationListSearch } from '../../lib/search-params'

export interface Option {
  value: string
  word: string
  count?: number
}

/** How many each choice would leave. */
function countsOf(facets: Facets, name: Exclude<ChoiceName, 'bounced'>): Map<string, number> {
  switch (name) {
    case 'state':
      return new Map(facets.states.map((item) => [item.state, item.count]))
    case 'star':
      return new Map(facets.stars.map((item) => [item.star, item.count]))
    case 'pref':
      return new Map(facets.prefectures.map((item) => [item.prefecture.code, item.count]))
    case 'flag':
      return new Map(facets.flags.map((item) => [item.flag, item.count]))
    case 'ind':
      return new Map(facets.industries.map((item) => [item.industry.code, item.count]))
    case 'size':
      return new Map(facets.sizes.map((item) => [item.size, item.count]))
    case 'pledge':
      return new Map(facets.pledges.map((item) => [item.pledge, item.count]))
    case 'origin':
      return new Map(facets.provenances.map((item) => [item.provenance, item.count]))
    case 'pub':
      return new Map(facets.published.map((item) => [item.published ? 'YES' : 'NO', item.count]))
    case 'policy':
      return new Map(facets.policies.map((item) => [item.policy, item.count]))
    case 'contact':
      return new Map(facets.contacts.map((item) => [item.contact, item.count]))
  }
}

/** What a choice is called. */
export function useChoiceWord() {
  const { t } = useTranslation()
  const prefectures = useQuery(prefecturesQuery).data ?? []
  return (name: ChoiceName, value: string): string => {
    switch (name) {
      case 'state':
        return t(`state.${value as DeclarationState}`)
      case 'star':
        return t(`star.${value as Star}`)
      case 'pref':
        return prefectures.find((item) => item.code === value)?.name ?? value
      case 'flag':
        return t(`flag.${value as FlagCode}`)
      case 'ind':
        return `${value} ${t(`industry.${value as 'A'}`)}`
      case 'size':
        return t(`size.${value as SizeClass}`)
      case 'pledge':
        return t(`pledge.${value as Pledge}`)
      case 'origin':
        return t(`provenance.${value as Provenance}`)
      case 'pub':
        return t(`published.${value as 'YES'}`)
      case 'policy':
        return t(`policyState.${value as PolicyState}`)
      case 'contact':
        return t(`contactState.${value as ContactState}`)
      case 'bounced':
        return t('list.bounced')
    }
  }
}

/** The choices of a condition, and whether their counts are estimates. */
export function useOptions(facets: Facets | null | undefined) {
  const word = useChoiceWord()
  const prefectures = useQuery(prefecturesQuery).data ?? []
  return (name: ChoiceName): { options: Option[]; estimated: boolean } => {
    const values: readonly string[] = CHOICES[name] ?? prefectures.map((item) => item.code)
    const counts = facets && name !== 'bounced' ? countsOf(facets, name) : undefined
    return {
      options: values.map((value) => ({ value, word: word(name, value), count: counts && (counts.get(value) ?? 0) })),
      estimated: name !== 'bounced' && facets?.estimated.includes(FACET_OF[name]) === true,
    }
  }
}

/** Every condition of a list in words, but the search. */
export function useConditions() {
  const { t } = useTranslation()
  const word = useChoiceWord()
  return (search: DeclarationListSearch): { name: string; words: string }[] => {
    const conditions = (Object.keys(CHOICES) as ChoiceName[]).flatMap((name) => {
      const chosen = chosenOf(search, name)
      return chosen.length > 0 ? [{ name: t(`filter.${name}`), words: chosen.map((value) => word(name, value)).join(t('app.separator')) }] : []
    })
    if (search.city) conditions.push({ name: t('filter.city'), words: search.city })
    for (const span of SPANS) {
      const words = spanWords(search[SPAN_KEYS[span][0]], search[SPAN_KEYS[span][1]], t('list.spanJoint'))
      if (words) conditions.push({ name: t(`filter.${span}`), words })
    }
    return conditions
  }
}

/** A span of days; either end may be open. */
export function spanWords(from: string | undefined, to: string | undefined, joint: string): string | undefined {
  if (!from && !to) return undefined
  const word = (day: string | undefined) => (day ? formatDate(day, currentLanguage()) : '')
  return `${word(from)}${joint}${word(to)}`
}
