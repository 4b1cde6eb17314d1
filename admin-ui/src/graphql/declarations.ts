// The list of declarations: one page at a time, with totals and facets beside the first page only.
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { filterOf } from '../lib/list-filters'
import { type DeclarationListSearch, PAGE_SIZE } from '../lib/search-params'
import { execute, Fault } from './execute'
import { DeclarationFacetsDocument, DeclarationListDocument, PrefecturesDocument, type InputProblem } from './gql/graphql'

/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 200

/** The part of the URL that decides which rows are shown. */
export type ListQuestion = Omit<DeclarationListSearch, 'peek' | 'shown' | 'cols' | 'rows'>

/** The server refused the question itself, for example a search text that is too long. */
export class RefusedQuestion extends Error {
  constructor(readonly problems: InputProblem[]) {
    super('refused question')
  }
}

/** One page; `more`: with what only some columns show. */
async function page(question: ListQuestion, more: boolean, first: number, after: string | undefined, signal: AbortSignal) {
  const { declarations } = await execute(
    DeclarationListDocument,
    { filter: filterOf(question), search: question.q, sort: question.sort, first, after, firstPage: after === undefined, more },
    signal,
  )
  if (declarations.__typename === 'InvalidInput') throw new RefusedQuestion(declarations.problems)
  if (declarations.__typename === 'NotYet') throw new Fault('NOT_YET')
  return declarations
}

/** `more`: also what only some columns show. `shown`: rows that were there before, when the page is loaded anew. */
export const declarationsQuery = (question: ListQuestion, more = false, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: ['declarations', question, more],
    queryFn: ({ pageParam, signal, client, queryKey }) => {
      // Asked again, a page keeps the size that it had, or rows would be added by every refresh.
      const before = client.getQueryData<InfiniteData<Awaited<ReturnType<typeof page>>>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(before ?? shown, MOST_AT_A_TIME)) : PAGE_SIZE
      return page(question, more, first, pageParam, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    // Long enough that going back to a list finds every loaded page, and so its scroll position.
    gcTime: 30 * 60_000,
    staleTime: 30_000,
  })

/** A few hits for the palette. */
export const quickFindQuery = (text: string) =>
  queryOptions({
    queryKey: ['declarations', 'quick', text],
    queryFn: ({ signal }) => page({ q: text }, false, 8, undefined, signal),
    enabled: text !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

/** Counts beside the choices: they may take longer than the rows, which do not wait for them. */
export const facetsQuery = (search: ListQuestion) => {
  // The order changes no count.
  const question = { ...search, sort: undefined }
  return queryOptions({
    queryKey: ['declarations', 'facets', question],
    queryFn: async ({ signal }) => {
      const { declarations } = await execute(DeclarationFacetsDocument, { filter: filterOf(question), search: question.q }, signal)
      // A question that is refused is told by the rows.
      return declarations.__typename === 'DeclarationConnection' ? declarations.facets : null
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

export type Facets = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof facetsQuery>['queryFn']>>>>

export const prefecturesQuery = queryOptions({
  queryKey: ['prefectures'],
  queryFn: async ({ signal }) => (await execute(PrefecturesDocument, {}, signal)).prefectures,
  staleTime: Number.POSITIVE_INFINITY,
})
