// What the list of declarations can be narrowed to, beyond what its guard knows: the words that there are, and how they are asked for.
import type { ContactState, DeclarationFilter, FacetName, NarrowedBy, Pledge, PolicyState, Provenance, SizeClass } from '../graphql/gql/graphql'
import { type DeclarationListSearch, FLAGS, STARS, STATES } from './search-params'

export const INDUSTRIES = [...'ABCDEFGHIJKLMNOPQRST'] as const
export const SIZES = ['MICRO', 'SME', 'LARGER', 'OTHER_BODY', 'UNKNOWN'] as const satisfies readonly SizeClass[]
export const PLEDGES = ['FIVE_RULES', 'SIX_RULES', 'UNKNOWN'] as const satisfies readonly Pledge[]
export const PROVENANCES = ['IMPORT', 'LEGACY', 'PUBLIC', 'STAFF'] as const satisfies readonly Provenance[]
export const POLICIES = ['NONE', 'WEB', 'ELSEWHERE'] as const satisfies readonly PolicyState[]
export const CONTACTS = ['ADDRESS', 'NONE'] as const satisfies readonly ContactState[]
export const YES_NO = ['YES', 'NO'] as const

/** Conditions with choices, in the order in which they are offered. */
export const CHOICES = {
  state: STATES,
  star: STARS,
  pref: undefined,
  flag: FLAGS,
  ind: INDUSTRIES,
  size: SIZES,
  pledge: PLEDGES,
  origin: PROVENANCES,
  pub: YES_NO,
  policy: POLICIES,
  contact: CONTACTS,
  bounced: ['YES'],
} as const satisfies Partial<Record<keyof DeclarationListSearch, readonly string[] | undefined>>
export type ChoiceName = keyof typeof CHOICES

/** Those that have a button of their own; the others wait behind one. */
export const FIRST = ['state', 'star', 'pref', 'flag'] as const satisfies readonly ChoiceName[]
export const MORE = ['ind', 'size', 'pledge', 'origin', 'pub', 'policy', 'contact', 'bounced'] as const satisfies readonly ChoiceName[]

/** Conditions that are typed. */
export const SPANS = ['declared', 'changed'] as const
export type SpanName = (typeof SPANS)[number]
export const SPAN_KEYS = { declared: ['from', 'until'], changed: ['cfrom', 'cto'] } as const

/** How a facet is called that counts beside these choices; nobody counts whom mail does not reach. */
export const FACET_OF: Record<Exclude<ChoiceName, 'bounced'>, FacetName> = {
  state: 'STATES',
  star: 'STARS',
  pref: 'PREFECTURES',
  flag: 'FLAGS',
  ind: 'INDUSTRIES',
  size: 'SIZES',
  pledge: 'PLEDGES',
  origin: 'PROVENANCES',
  pub: 'PUBLISHED',
  policy: 'POLICIES',
  contact: 'CONTACTS',
}

/** What is chosen of a condition, as far as there is such a choice. */
export function chosenOf(search: DeclarationListSearch, name: ChoiceName): string[] {
  const value = search[name]
  const words: readonly string[] = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const known: readonly string[] | undefined = CHOICES[name]
  return known ? words.filter((word) => known.includes(word)) : [...words]
}

/** The part of an address for what is chosen. */
export function chosenPart(name: ChoiceName, chosen: string[]): Partial<DeclarationListSearch> {
  const isOne = name === 'pub' || name === 'bounced'
  return { [name]: chosen.length === 0 ? undefined : isOne ? chosen.at(-1) : chosen }
}

/** An address without any condition. */
export const NO_CONDITIONS: Partial<DeclarationListSearch> = {
  q: undefined,
  ...Object.fromEntries(Object.keys(CHOICES).map((name) => [name, undefined])),
  city: undefined,
  from: undefined,
  until: undefined,
  cfrom: undefined,
  cto: undefined,
}

/** Whether anything but a search narrows the list. */
export const isFiltered = (search: DeclarationListSearch) =>
  Object.keys(NO_CONDITIONS).some((key) => key !== 'q' && search[key as keyof DeclarationListSearch] !== undefined)

const some = <T extends string>(search: DeclarationListSearch, name: ChoiceName) => {
  const chosen = chosenOf(search, name) as T[]
  return chosen.length > 0 ? chosen : undefined
}

/** As the server is asked. */
export function filterOf(search: DeclarationListSearch): DeclarationFilter {
  return {
    stars: search.star,
    states: search.state,
    prefectures: search.pref,
    flags: search.flag,
    industries: some(search, 'ind'),
    sizes: some<SizeClass>(search, 'size'),
    pledges: some<Pledge>(search, 'pledge'),
    provenances: some<Provenance>(search, 'origin'),
    policies: some<PolicyState>(search, 'policy'),
    contacts: some<ContactState>(search, 'contact'),
    published: search.pub && search.pub === 'YES',
    unreachable: search.bounced && true,
    city: search.city,
    declaredFrom: search.from,
    declaredTo: search.until,
    changedFrom: search.cfrom,
    changedTo: search.cto,
  }
}

const filled = <T,>(values: readonly T[]): T[] | undefined => (values.length > 0 ? [...values] : undefined)

/** The same as an address of the list, from what was narrowed by when something was made of it. What was searched for is not in it. */
export function searchOfFilter(by: Omit<NarrowedBy, '__typename' | 'search'>): DeclarationListSearch {
  return {
    star: filled(by.stars),
    state: filled(by.states),
    pref: filled(by.prefectures),
    flag: filled(by.flags),
    ind: filled(by.industries),
    size: filled(by.sizes),
    pledge: filled(by.pledges),
    origin: filled(by.provenances),
    policy: filled(by.policies),
    contact: filled(by.contacts),
    pub: by.published === null || by.published === undefined ? undefined : by.published ? 'YES' : 'NO',
    bounced: by.unreachable ? 'YES' : undefined,
    city: by.city ?? undefined,
    from: by.declaredFrom ?? undefined,
    until: by.declaredTo ?? undefined,
    cfrom: by.changedFrom ?? undefined,
    cto: by.changedTo ?? undefined,
  }
}
