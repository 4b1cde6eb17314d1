// A saved view is the query of an address: what of it is a view, and when a list shows one.
import { declarationListSearch, type DeclarationListSearch, parseSearch, stringifySearch } from './search-params'

/** What of an address is kept: a search may be somebody's name, and the rest is of the moment. */
export function questionOf({ q: _q, peek: _peek, shown: _shown, ...kept }: DeclarationListSearch): string {
  return stringifySearch(kept).replace(/^\?/, '')
}

/** The address of a view; what is not known any more is left out. */
export const searchOf = (question: string): DeclarationListSearch => declarationListSearch(parseSearch(question))

/** Whether an address shows a view, whatever the order in which its parts stand. */
export const shows = (search: DeclarationListSearch, question: string) => search.q === undefined && questionOf(search) === questionOf(searchOf(question))
