// 要確認: the queues, one suspicion, who works on it, and what is decided. What others do is asked for again while a page is open.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { execute, Fault } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  AskPagesDocument, ClaimNextReviewDocument, ClaimReviewDocument, DecideReviewDocument, FindReviewsDocument, OneReviewDocument, type OneReviewQuery, ReleaseReviewDocument, type ReviewKind,
  ReviewOutcomeFragmentDoc, type ReviewPartsFragment, ReviewPartsFragmentDoc, ReviewQueuesDocument, ReviewsDocument, ReviewSearchDocument, type ReviewVerdict,
  type ReviewView,
} from './gql/graphql'

export type ReviewRow = ReviewPartsFragment
export type ReviewDeclaration = ReviewPartsFragment['declarations'][number]
export type PolicyPage = NonNullable<NonNullable<OneReviewQuery['review']>['page']>
export interface ReviewRecord extends Omit<NonNullable<OneReviewQuery['review']>, 'summary'> {
  summary: ReviewRow
}

/** Everything of suspicions: what is decided in one place is seen in the others. */
export const REVIEWS_KEY = ['reviews'] as const
const OTHERS_MS = 20_000
const SEARCHING_MS = 1500

export const reviewQueuesQuery = queryOptions({
  queryKey: [...REVIEWS_KEY, 'queues'],
  queryFn: async ({ signal }) => (await execute(ReviewQueuesDocument, {}, signal)).reviewQueues,
  refetchInterval: OTHERS_MS,
})

export const reviewSearchQuery = queryOptions({
  queryKey: [...REVIEWS_KEY, 'search'],
  queryFn: async ({ signal }) => (await execute(ReviewSearchDocument, {}, signal)).reviewSearch,
  refetchInterval: ({ state: { data } }) => (data?.jobId || data?.pages.jobId ? SEARCHING_MS : OTHERS_MS * 3),
})

export const reviewsQuery = (kind: ReviewKind, view: ReviewView) =>
  infiniteQueryOptions({
    queryKey: [...REVIEWS_KEY, 'list', kind, view],
    queryFn: async ({ pageParam, signal }) => {
      const { reviews } = await execute(ReviewsDocument, { kind, view, first: PAGE_SIZE, after: pageParam }, signal)
      if (reviews.__typename !== 'ReviewConnection') throw new Fault('INTERNAL')
      return { rows: reviews.nodes.map((node) => readFragment(ReviewPartsFragmentDoc, node)), pageInfo: reviews.pageInfo }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: OTHERS_MS,
  })

export const reviewQuery = (id: string) =>
  queryOptions({
    queryKey: [...REVIEWS_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { review } = await execute(OneReviewDocument, { id }, signal)
      return review ? ({ ...review, summary: readFragment(ReviewPartsFragmentDoc, review.summary) } satisfies ReviewRecord) : null
    },
    refetchInterval: OTHERS_MS,
  })

export const claimReview = async (id: string) => readFragment(ReviewOutcomeFragmentDoc, (await execute(ClaimReviewDocument, { input: { id } })).claimReview)

export const releaseReview = async (id: string) => readFragment(ReviewOutcomeFragmentDoc, (await execute(ReleaseReviewDocument, { input: { id } })).releaseReview)

export const decideReview = async (commandId: string, id: string, verdict: ReviewVerdict, reason: string) =>
  readFragment(ReviewOutcomeFragmentDoc, (await execute(DecideReviewDocument, { input: { commandId, id, verdict, reason } })).decideReview)

/** The next one, which is claimed; undefined when there is none. */
export const claimNextReview = async (kind: ReviewKind, after: string | undefined) => (await execute(ClaimNextReviewDocument, { input: { kind, after } })).claimNextReview.id ?? undefined

export const findReviews = async (commandId: string) => (await execute(FindReviewsDocument, { input: { commandId } })).findReviews

/** What is due; the page of a suspicion before all others. */
export const askPages = async (commandId: string, reviewId?: string) => (await execute(AskPagesDocument, { input: { commandId, reviewId } })).askPages
