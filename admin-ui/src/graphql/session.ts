// Who is signed in, and how one gets in and out.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { InvitationDocument, SessionDocument, SignInWaysDocument, type Permission, type SessionQuery } from './gql/graphql'

export type SessionInfo = NonNullable<SessionQuery['session']>

/** Null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => (await execute(SessionDocument, {}, signal)).session ?? null,
  staleTime: 5 * 60_000,
})

/** How one can sign in here: nothing of it changes while a server runs. */
export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: async ({ signal }) => (await execute(SignInWaysDocument, {}, signal)).signInWays,
  staleTime: Number.POSITIVE_INFINITY,
})

/** Whether this browser has passkeys. */
export const hasPasskeys = () => 'PublicKeyCredential' in window && 'credentials' in navigator

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }) => (await execute(InvitationDocument, { token }, signal)).invitation ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export const may = (session: SessionInfo | null | undefined, permission: Permission) =>
  session?.permissions.includes(permission) ?? false
