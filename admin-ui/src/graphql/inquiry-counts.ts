// How many inquiries there are in each queue: the number beside the place on every page, so it is small and in the first load.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { InquiryCountsDocument, type InquiryCountsQuery } from './gql/graphql'

export type InquiryCount = InquiryCountsQuery['inquiryCounts'][number]

/** Everything of inquiries: what is done in one place is seen in the others. */
export const INQUIRIES_KEY = ['inquiries'] as const
const BY_ITSELF_MS = 60_000

export const inquiryCountsQuery = queryOptions({
  queryKey: [...INQUIRIES_KEY, 'counts'],
  queryFn: async ({ signal }) => (await execute(InquiryCountsDocument, {}, signal)).inquiryCounts,
  refetchInterval: BY_ITSELF_MS,
  staleTime: 10_000,
})
