// What happened to ways in: who got in, who did not, what was refused, page by page.
import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { rangeOf, type TimeRange } from '../lib/audit-time'
import { PAGE_SIZE, type SecuritySearch } from '../lib/search-params'
import { AUDIT_KEY } from './audit'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { type SecurityKind, SecurityRecordsDocument, type SecurityRecordsQuery } from './gql/graphql'

/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 200
/** Up to now is up to the clock of the server, which may be ahead of this one. */
const AHEAD_MS = 86_400_000

/** In the order in which they are asked for. */
export const SECURITY_KINDS = [
  'SIGNED_IN', 'HALF_SIGNED_IN', 'SIGN_IN_REFUSED', 'THROTTLED', 'PROVED_AGAIN', 'ACCESS_REFUSED', 'SESSION_ENDED', 'CREDENTIAL_CHANGED', 'MAIL_CHANGED', 'ROLES_CHANGED', 'ACCOUNT_DISABLED', 'ACCOUNT_ENABLED',
  'PERSON_LINKED', 'EXPORTED',
] as const satisfies readonly SecurityKind[]

export type SecurityQuestion = Omit<SecuritySearch, 'shown'>
export type SecurityRow = Extract<SecurityRecordsQuery['securityRecords'], { __typename: 'SecurityRecords' }>['nodes'][number]

interface SecurityPage {
  nodes: SecurityRow[]
  range: TimeRange
  nextBefore: string | undefined
}

interface Place {
  before: string
  /** Of the first page: while somebody reads on, the time that is asked for stays. */
  range: TimeRange
}

/** The newest first. `shown`: rows that were there before, when the page is loaded anew. */
export const securityQuery = (question: SecurityQuestion, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...AUDIT_KEY, 'security', question],
    queryFn: async ({ pageParam, signal, client, queryKey }): Promise<SecurityPage> => {
      const range = pageParam?.range ?? rangeOf(question)
      const old = client.getQueryData<InfiniteData<SecurityPage>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam ? PAGE_SIZE : Math.max(PAGE_SIZE, Math.min(old ?? shown, MOST_AT_A_TIME))
      const until = range.isOpen ? new Date(Date.parse(range.until) + AHEAD_MS).toISOString() : range.until
      const { securityRecords: found } = await execute(SecurityRecordsDocument, { since: range.since, until, staff: question.staff, kind: question.kind, before: pageParam?.before, first }, signal)
      if (found.__typename === 'InvalidInput') throw new RefusedQuestion(found.problems)
      return { nodes: found.nodes, range, nextBefore: found.nextBefore ?? undefined }
    },
    initialPageParam: undefined as Place | undefined,
    getNextPageParam: ({ nextBefore, range }): Place | undefined => (nextBefore === undefined ? undefined : { before: nextBefore, range }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // What somebody reads must not move under their eyes: it is asked again when they say so.
    refetchOnWindowFocus: false,
  })
