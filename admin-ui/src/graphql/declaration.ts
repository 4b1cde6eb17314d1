// One declaration: its facts, its history, and the mutation that corrects it.
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { execute, Fault } from './execute'
import { DeclarationDocument, type DeclarationQuery } from './gql/graphql'

/** What somebody still has to look at. */
export type Suspicion = DeclarationQuery['reviewsOf'][number]

export type DeclarationRecord = Extract<DeclarationQuery['declaration'], { __typename: 'Declaration' }> & { suspicions?: readonly Suspicion[] }

/** Which moment of a record is asked for; without both it is now. */
export interface Moment {
  asOf?: string
  recordedUpTo?: string
}

export async function fetchDeclaration(id: string, moment: Moment, atLeast: string | undefined, signal?: AbortSignal) {
  const { declaration, reviewsOf } = await execute(DeclarationDocument, { id, ...moment, atLeast }, signal)
  if (declaration.__typename === 'NotYet') throw new Fault('NOT_YET')
  if (declaration.__typename === 'NotFound') return declaration
  return { ...declaration, suspicions: reviewsOf?.filter(({ state }) => state === 'OPEN') } satisfies DeclarationRecord
}

export const declarationKey = (id: string, moment: Moment = {}) =>
  ['declaration', id, moment.asOf ?? null, moment.recordedUpTo ?? null] as const

export const declarationQuery = (id: string, moment: Moment = {}) =>
  queryOptions({
    queryKey: declarationKey(id, moment),
    queryFn: ({ signal }) => fetchDeclaration(id, moment, undefined, signal),
    // Another moment of the same record replaces this one in place; another record never shows through.
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    staleTime: 30_000,
  })

/** Somebody in it was forgotten: nothing that was read before is shown again, not even for a moment. */
export function dropDeclaration(client: QueryClient, id: string) {
  client.removeQueries({ queryKey: ['declaration', id] })
  client.removeQueries({ queryKey: ['declarations'] })
}
