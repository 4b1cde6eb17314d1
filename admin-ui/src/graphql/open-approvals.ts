// Requests that somebody can decide about: the inbox, and the number beside its place on every page.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import { type ApprovalPartsFragment, ApprovalPartsFragmentDoc, OpenApprovalsDocument } from './gql/graphql'

export type ApprovalRow = ApprovalPartsFragment

/** Everything of requests: what is decided in one place is seen in the others. */
export const APPROVALS_KEY = ['approvals'] as const

/** It is on every page of everybody who may read requests, so it asks seldom; coming back to the window asks too. */
const BY_ITSELF_MS = 120_000

/** The oldest first. */
export const openApprovalsQuery = queryOptions({
  queryKey: [...APPROVALS_KEY, 'open'],
  queryFn: async ({ signal }) => (await execute(OpenApprovalsDocument, {}, signal)).openApprovals.map((row): ApprovalRow => readFragment(ApprovalPartsFragmentDoc, row)),
  refetchInterval: BY_ITSELF_MS,
  staleTime: 30_000,
})
