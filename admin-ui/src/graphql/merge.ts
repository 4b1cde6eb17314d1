// Two declarations that are to become one: side by side, and asking for it.
import { queryOptions, skipToken } from '@tanstack/react-query'
import { execute } from './execute'
import { MergeComparisonDocument, type MergeComparisonQuery, RequestMergeDocument, type RequestMergeInput, type RequestMergeMutation } from './gql/graphql'

export type Comparison = Extract<MergeComparisonQuery['mergeComparison'], { __typename: 'MergeComparison' }>

/** Nothing is asked until it is known which two. */
export const comparisonQuery = (pair: { survivorId: string; mergedNumber: string } | undefined) =>
  queryOptions({
    queryKey: ['merge', pair?.survivorId ?? null, pair?.mergedNumber ?? null],
    queryFn: pair ? async ({ signal }) => (await execute(MergeComparisonDocument, pair, signal)).mergeComparison : skipToken,
    staleTime: 0,
  })

export async function requestMerge(input: RequestMergeInput): Promise<RequestMergeMutation['requestMerge']> {
  return (await execute(RequestMergeDocument, { input })).requestMerge
}
