// Accounts: all of them with those who are invited, one with what happened to it, and one's own sessions.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  type AccountCommandInput, ChangeStaffRolesDocument, DisableStaffDocument, type DisableReason, EnableStaffDocument, OneStaffAccountDocument, type OneStaffAccountQuery, OwnSessionsDocument,
  type OwnSessionsQuery, type Role, type StaffAccountPartsFragment, StaffAccountPartsFragmentDoc, StaffAccountsDocument, type StaffAccountsQuery, type StaffOutcomeFragment, StaffOutcomeFragmentDoc,
  type StaffRecordPartsFragment, StaffRecordPartsFragmentDoc,
} from './gql/graphql'

export type StaffAccount = StaffAccountPartsFragment
export type OpenInvitation = StaffAccountsQuery['staffAccounts']['invitations'][number]
export type StaffEntry = NonNullable<OneStaffAccountQuery['staffAccount']>['history'][number]
export type OwnSession = OwnSessionsQuery['ownSessions'][number]

/** An account as a page and its forms take it. */
export interface StaffRecord extends StaffAccount {
  version: string
  disabledBecause?: DisableReason | null
  /** Another account of the same person, as somebody said. */
  samePersonAs?: string | null
  /** All others of the person, whichever of them it was said of. */
  samePerson: readonly string[]
}

/** In the order of the policy table. */
export const ROLES = ['ADMINISTRATOR', 'REGISTRAR', 'SUPPORT', 'OPERATOR', 'APPROVER', 'AUDITOR', 'VIEWER'] as const satisfies readonly Role[]

/** Given only when a second person agrees, so never by an invitation. */
export const BY_APPROVAL: readonly Role[] = ['ADMINISTRATOR', 'APPROVER']

export const DISABLE_REASONS = ['LEFT', 'ON_LEAVE', 'SUSPICION'] as const satisfies readonly DisableReason[]

/** Everything of accounts: what is changed in one place is seen in the others. */
export const STAFF_KEY = ['staff'] as const

/** Links run out and people come in by themselves. */
const BY_ITSELF_MS = 60_000

export const staffAccountsQuery = queryOptions({
  queryKey: [...STAFF_KEY, 'all'],
  queryFn: async ({ signal }) => {
    const { nodes, invitations } = (await execute(StaffAccountsDocument, {}, signal)).staffAccounts
    return { accounts: nodes.map((node): StaffAccount => readFragment(StaffAccountPartsFragmentDoc, node)), invitations }
  },
  refetchInterval: BY_ITSELF_MS,
})

export function recordOf(parts: StaffRecordPartsFragment): StaffRecord {
  return { ...readFragment(StaffAccountPartsFragmentDoc, parts.account), version: parts.version, disabledBecause: parts.disabledBecause, samePersonAs: parts.samePersonAs, samePerson: parts.samePerson }
}

/** How much of a history is shown at first, and at most. */
export const HISTORY_FIRST = 50
export const HISTORY_MOST = 200

/** Null when there is no such account. */
export const staffAccountQuery = (id: string, first = HISTORY_FIRST) =>
  queryOptions({
    queryKey: [...STAFF_KEY, 'one', id, first],
    queryFn: async ({ signal }) => {
      const found = (await execute(OneStaffAccountDocument, { id, first }, signal)).staffAccount
      return found ? { record: recordOf(readFragment(StaffRecordPartsFragmentDoc, found)), history: found.history } : null
    },
    placeholderData: keepPreviousData,
    refetchInterval: BY_ITSELF_MS,
  })

export const OWN_SESSIONS_KEY = ['own-sessions'] as const

export const ownSessionsQuery = queryOptions({
  queryKey: OWN_SESSIONS_KEY,
  queryFn: async ({ signal }) => (await execute(OwnSessionsDocument, {}, signal)).ownSessions,
  refetchInterval: BY_ITSELF_MS,
})

export async function changeRoles(input: AccountCommandInput, roles: Role[]): Promise<StaffOutcomeFragment> {
  return readFragment(StaffOutcomeFragmentDoc, (await execute(ChangeStaffRolesDocument, { input, roles })).changeStaffRoles)
}

/** With a reason it is disabled, without one enabled again. */
export async function switchAccount(input: AccountCommandInput, reason: DisableReason | undefined): Promise<StaffOutcomeFragment> {
  if (reason) return readFragment(StaffOutcomeFragmentDoc, (await execute(DisableStaffDocument, { input, reason })).disableStaff)
  return readFragment(StaffOutcomeFragmentDoc, (await execute(EnableStaffDocument, { input })).enableStaff)
}

type Conflict = Extract<StaffOutcomeFragment, { __typename: 'AccountConflict' }>

/** What the account is now, and who made it so. */
export function nowOf({ account }: Conflict) {
  const record = recordOf(readFragment(StaffRecordPartsFragmentDoc, account))
  // Signing in is no change of an account.
  return { record, last: account.history.find((entry) => entry.kind !== 'SIGNED_IN') }
}
