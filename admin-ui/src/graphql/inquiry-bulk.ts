// Changes of many inquiries at once: each has its own outcome.
import { execute } from './execute'
import { ChangeInquiriesDocument, type ChangeInquiriesMutation, type InquiriesChangeInput, type InputProblem } from './gql/graphql'

/** The most that can be changed at once. */
export const MOST_AT_ONCE = 100

export type BulkOutcome = Extract<ChangeInquiriesMutation['changeInquiries'], { __typename: 'InquiriesChanged' }>['outcomes'][number]

export interface BulkItem {
  id: string
  version: string
}

export async function changeInquiries(commandId: string, items: readonly BulkItem[], change: InquiriesChangeInput): Promise<{ done: readonly BulkOutcome[] } | { problems: readonly InputProblem[] }> {
  const input = { commandId, items: items.map(({ id, version }) => ({ id, expectedVersion: version })), change }
  const result = (await execute(ChangeInquiriesDocument, { input })).changeInquiries
  return result.__typename === 'InquiriesChanged' ? { done: result.outcomes } : { problems: result.problems }
}
