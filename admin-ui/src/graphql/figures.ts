// Figures of the register on a day. What is asked stands in the URL, as plain text that anybody may have typed: it is read here.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { readDay } from '../lib/date-text'
import type { FigureSearch } from '../lib/search-params'
import { STARS } from '../lib/search-params'
import { RefusedQuestion } from './declarations'
import { execute, Fault } from './execute'
import { type Provenance, FiguresDocument, type FiguresQuery, type FigureSplit, type Star } from './gql/graphql'

/** In the order in which they are offered. */
export const SPLITS = ['MONTH', 'PREFECTURE', 'INDUSTRY', 'SIZE_CLASS', 'STAR', 'ORIGIN'] as const satisfies readonly FigureSplit[]
export const ORIGINS = ['IMPORT', 'LEGACY', 'PUBLIC', 'STAFF'] as const satisfies readonly Provenance[]

export type FigureSheet = Extract<FiguresQuery['figures'], { __typename: 'Figures' }>
export type FigureRow = FigureSheet['rows'][number]
export type FigureMonth = FigureSheet['months'][number]
export type FigureCounts = FigureSheet['live']

export interface FigureQuestion {
  /** Left out: today. */
  asOf?: string
  by: FigureSplit
  star?: Star
  origin?: Provenance
}

/** What an address asks, and what of it there is not. */
export function readQuestion(search: FigureSearch): { question: FigureQuestion; noDay: boolean; noSplit: boolean } {
  const asOf = search.asOf === undefined ? undefined : readDay(search.asOf)
  const by = SPLITS.find((split) => split === (search.by ?? 'MONTH'))
  return {
    question: { asOf, by: by ?? 'MONTH', star: STARS.find((star) => star === search.star), origin: ORIGINS.find((origin) => origin === search.origin) },
    noDay: search.asOf !== undefined && asOf === undefined,
    noSplit: by === undefined,
  }
}

export const figuresQuery = (question: FigureQuestion) =>
  queryOptions({
    queryKey: ['figures', question],
    queryFn: async ({ signal }) => {
      const { figures } = await execute(FiguresDocument, question, signal)
      if (figures.__typename === 'InvalidInput') throw new RefusedQuestion(figures.problems)
      if (figures.__typename !== 'Figures') throw new Fault('INTERNAL')
      return { ...figures, question }
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
