// A saved view is the query of an address: what of it is a view, and when a list shows one.
import { declarationListSearch, type DeclarationListSearch, inquiryListSearch, type InquiryListSearch, parseSearch, stringifySearch } from './search-params'

/** What of an address is kept: a search may be somebody's name, and the rest is of the moment. */
export function questionOf({ q: _q, peek: _peek, shown: _shown, ...kept }: DeclarationListSearch): string {
  return stringifySearch(kept).replace(/^\?/, '')
}

/** The address of a view; what is not known any more is left out. */
export const searchOf = (question: string): DeclarationListSearch => declarationListSearch(parseSearch(question))

/** Whether an address shows a view, whatever the order in which its parts stand. */
export const shows = (search: DeclarationListSearch, question: string) => search.q === undefined && questionOf(search) === questionOf(searchOf(question))

/** The same of the desk: which inquiry is open there is of the moment, too. */
export function deskQuestionOf({ q: _q, id: _id, do: _do, shown: _shown, ...kept }: InquiryListSearch): string {
  return stringifySearch(kept).replace(/^\?/, '')
}

export const deskSearchOf = (question: string): InquiryListSearch => inquiryListSearch(parseSearch(question))

export const deskShows = (search: InquiryListSearch, question: string) => search.q === undefined && deskQuestionOf(search) === deskQuestionOf(deskSearchOf(question))
