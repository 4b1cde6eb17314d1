// What happened to ways in: who got in, who did not, what was refused, page by page.
import { PAGE_SIZE, type SecuritySearch } from '../lib/search-params'
import { auditPages } from './audit'
import { execute } from './execute'
import { type SecurityKind, SecurityRecordsDocument, type SecurityRecordsQuery } from './gql/graphql'

/** In the order in which they are asked for. */
export const SECURITY_KINDS = [
  'SIGNED_IN', 'HALF_SIGNED_IN', 'SIGN_IN_REFUSED', 'THROTTLED', 'PROVED_AGAIN', 'ACCESS_REFUSED', 'SESSION_ENDED', 'CREDENTIAL_CHANGED', 'MAIL_CHANGED', 'ROLES_CHANGED', 'ACCOUNT_DISABLED', 'ACCOUNT_ENABLED',
  'PERSON_LINKED', 'EXPORTED',
] as const satisfies readonly SecurityKind[]

/** As an address says it; a kind that there is not is none. */
export const kindOf = (text: string | undefined): SecurityKind | undefined => SECURITY_KINDS.find((kind) => kind === text)

export type SecurityQuestion = Omit<SecuritySearch, 'shown' | 'kind'> & { kind?: SecurityKind }
export type SecurityRow = Extract<SecurityRecordsQuery['securityRecords'], { __typename: 'SecurityRecords' }>['nodes'][number]

export const securityQuery = (question: SecurityQuestion, shown = PAGE_SIZE) =>
  auditPages<SecurityRow>('security', question, shown, async (asked, signal) => (await execute(SecurityRecordsDocument, { ...asked, staff: question.staff, kind: question.kind }, signal)).securityRecords)
