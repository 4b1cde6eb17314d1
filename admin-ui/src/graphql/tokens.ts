// Tokens by which programs of other offices read.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { ApiTokensDocument, type ApiTokenScope, type ApiTokensQuery } from './gql/graphql'

export type ApiToken = ApiTokensQuery['apiTokens'][number]

export const SCOPES = ['READ_DECLARATIONS', 'READ_PERSONAL', 'CHECK_STATUS'] as const satisfies readonly ApiTokenScope[]

export const TOKENS_KEY = ['api-tokens'] as const

/** They are used and run out by themselves. */
const BY_ITSELF_MS = 60_000

export const apiTokensQuery = queryOptions({
  queryKey: TOKENS_KEY,
  queryFn: async ({ signal }) => (await execute(ApiTokensDocument, {}, signal)).apiTokens,
  refetchInterval: BY_ITSELF_MS,
})
