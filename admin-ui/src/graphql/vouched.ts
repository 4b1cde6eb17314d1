// What the link is good for of somebody for whom the identity provider has vouched in this browser.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { VouchedInvitationDocument } from './gql/graphql'

/** Null when it has vouched for nobody, or too long ago. */
export const vouchedInvitationQuery = queryOptions({
  queryKey: ['vouched-invitation'],
  queryFn: async ({ signal }) => (await execute(VouchedInvitationDocument, {}, signal)).vouchedInvitation ?? null,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
})
