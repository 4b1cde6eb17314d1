// Requests: all of them a page at a time, one with what it asks for, and what is decided about it.
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  type ApprovalCommandInput, type ApprovalPartsFragment, ApprovalPartsFragmentDoc, type ApprovalRecordPartsFragment, ApprovalRecordPartsFragmentDoc, ApprovalsDocument, ApproveDocument,
  BypassApprovalDocument, type DecideOutcomeFragment, DecideOutcomeFragmentDoc, OneApprovalDocument, RejectRequestDocument, RequestForgettingDocument, type RequestForgettingInput,
  type RequestForgettingMutation, RequestStaffRolesDocument, type RequestStaffRolesInput,
  type RequestStaffRolesMutation, WithdrawRequestDocument,
} from './gql/graphql'
import { APPROVALS_KEY } from './open-approvals'

/** A request as its page takes it. */
export interface ApprovalRecord extends Omit<ApprovalRecordPartsFragment, 'summary'> {
  summary: ApprovalPartsFragment
}

export type ApprovalEntry = ApprovalRecord['history'][number]

interface ApprovalPage {
  nodes: ApprovalPartsFragment[]
  nextBefore?: string
}

/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 100

/** The newest first. `shown`: rows that were there before, when the page is loaded anew. */
export const approvalsQuery = (shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...APPROVALS_KEY, 'all'],
    queryFn: async ({ pageParam, signal, client, queryKey }): Promise<ApprovalPage> => {
      // Asked again, the first page keeps the size that it had, or rows would be added by every refresh.
      const before = client.getQueryData<InfiniteData<ApprovalPage>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(before ?? shown, MOST_AT_A_TIME)) : PAGE_SIZE
      const { nodes, nextBefore } = (await execute(ApprovalsDocument, { first, before: pageParam }, signal)).approvals
      return { nodes: nodes.map((node) => readFragment(ApprovalPartsFragmentDoc, node)), nextBefore: nextBefore ?? undefined }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextBefore,
  })

export function approvalOf(parts: ApprovalRecordPartsFragment): ApprovalRecord {
  return { ...parts, summary: readFragment(ApprovalPartsFragmentDoc, parts.summary) }
}

/** What is agreed to and not done yet is done within moments. */
const SOON_MS = 2000
const BY_ITSELF_MS = 60_000

/** Null when there is no such request. */
export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: [...APPROVALS_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const found = (await execute(OneApprovalDocument, { id }, signal)).approval
      return found ? approvalOf(readFragment(ApprovalRecordPartsFragmentDoc, found)) : null
    },
    refetchInterval: ({ state: { data } }) => {
      if (data?.summary.status === 'APPROVED' || data?.summary.status === 'BYPASSED') return SOON_MS
      return data?.summary.status === 'OPEN' ? BY_ITSELF_MS : false
    },
  })

/** Agreeing names the content that was seen; not agreeing, and doing without, need a reason. */
export type Decision = { deed: 'approve'; contentHash: string } | { deed: 'reject' | 'bypass'; reason: string } | { deed: 'withdraw' }

export async function decide(input: ApprovalCommandInput, decision: Decision): Promise<DecideOutcomeFragment> {
  switch (decision.deed) {
    case 'approve':
      return readFragment(DecideOutcomeFragmentDoc, (await execute(ApproveDocument, { input, contentHash: decision.contentHash })).approve)
    case 'reject':
      return readFragment(DecideOutcomeFragmentDoc, (await execute(RejectRequestDocument, { input, reason: decision.reason })).rejectRequest)
    case 'bypass':
      return readFragment(DecideOutcomeFragmentDoc, (await execute(BypassApprovalDocument, { input, reason: decision.reason })).bypassApproval)
    case 'withdraw':
      return readFragment(DecideOutcomeFragmentDoc, (await execute(WithdrawRequestDocument, { input })).withdrawRequest)
  }
}

/** The request as the outcome has it. */
export const decidedOf = ({ approval }: Extract<DecideOutcomeFragment, { __typename: 'ApprovalDecided' }>): ApprovalRecord => approvalOf(readFragment(ApprovalRecordPartsFragmentDoc, approval))

export async function requestRoles(input: RequestStaffRolesInput): Promise<RequestStaffRolesMutation['requestStaffRoles']> {
  return (await execute(RequestStaffRolesDocument, { input })).requestStaffRoles
}

export async function requestForgetting(input: RequestForgettingInput): Promise<RequestForgettingMutation['requestForgetting']> {
  return (await execute(RequestForgettingDocument, { input })).requestForgetting
}
