// The password and the second factor: one's own, and what is done to somebody else's.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import { ConfirmTotpDocument, MakeRecoveryCodesDocument, OwnSecondFactorDocument, PasswordLinkDocument, type RecoveryCodesOutcomeFragment, RecoveryCodesOutcomeFragmentDoc } from './gql/graphql'

export const OWN_SECOND_FACTOR_KEY = ['own-second-factor'] as const

/** Null without a session. */
export const ownSecondFactorQuery = queryOptions({
  queryKey: OWN_SECOND_FACTOR_KEY,
  queryFn: async ({ signal }) => (await execute(OwnSecondFactorDocument, {}, signal)).session ?? null,
})

/** Null when the link is no good. */
export const passwordLinkQuery = (token: string) =>
  queryOptions({
    queryKey: ['password-link', token],
    queryFn: async ({ signal }) => (await execute(PasswordLinkDocument, { token }, signal)).passwordLink ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export async function confirmTotp(code: string): Promise<RecoveryCodesOutcomeFragment> {
  return readFragment(RecoveryCodesOutcomeFragmentDoc, (await execute(ConfirmTotpDocument, { code })).confirmTotp)
}

export async function makeRecoveryCodes(): Promise<RecoveryCodesOutcomeFragment> {
  return readFragment(RecoveryCodesOutcomeFragmentDoc, (await execute(MakeRecoveryCodesDocument, {})).makeRecoveryCodes)
}
