// What came of a change of one declaration, and what every change is followed by.
import type { QueryClient } from '@tanstack/react-query'
import { declarationKey, type DeclarationRecord, fetchDeclaration } from './declaration'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import { type ChangeOutcomeFragment, ChangeOutcomeFragmentDoc, HistoryPartsFragmentDoc } from './gql/graphql'

export type Outcome = ChangeOutcomeFragment
export type ConflictInfo = Extract<Outcome, { __typename: 'Conflict' }>

export const outcomeOf = (result: FragmentType<typeof ChangeOutcomeFragmentDoc>): Outcome => readFragment(ChangeOutcomeFragmentDoc, result)

/** The record with the change in it, for the page behind; undefined when it takes longer than anybody waits. */
export async function refreshDeclaration(client: QueryClient, id: string, position: string): Promise<DeclarationRecord | undefined> {
  let record: DeclarationRecord | undefined
  try {
    const found = await fetchDeclaration(id, {}, position)
    client.setQueryData(declarationKey(id), found)
    if (found.__typename === 'Declaration') record = found
  } catch {
    void client.invalidateQueries({ queryKey: declarationKey(id) })
  }
  client.removeQueries({ queryKey: ['declaration', id], type: 'inactive', predicate: (query) => query.queryKey[2] !== null || query.queryKey[3] !== null })
  void client.invalidateQueries({ queryKey: ['declarations'] })
  return record
}

/** Whether what stands at this position can be taken back. */
export const canBeUndone = (record: DeclarationRecord, position: string): boolean =>
  record.history.some((masked) => {
    const entry = readFragment(HistoryPartsFragmentDoc, masked)
    return entry.position === position && Boolean(entry.undoUntil)
  })
