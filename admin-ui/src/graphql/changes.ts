// A change of one declaration: how it is asked for, what came of it, and what every change is followed by.
import type { QueryClient } from '@tanstack/react-query'
import { declarationKey, type DeclarationRecord, fetchDeclaration } from './declaration'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  type AddNoteInput, type ChangeContactInput, type ChangeOutcomeFragment, ChangeOutcomeFragmentDoc, type ClearFlagInput, type CorrectDeclarationInput, type HandOverInput, HistoryPartsFragmentDoc, type LinkNumbersInput, type LookUpNumberInput, type PublishDeclarationInput,
  type RaiseFlagInput, type RecordDiagnosisInput, type RecordPolicyInput, type ReinstateDeclarationInput, type RestoreLogoInput, type StepDownInput, type StepUpInput, type StopDeclarationInput,
  type SuspendLogoInput, TypedDocumentString, type UndoChangeInput, type UndoMergeInput, type UnpublishDeclarationInput, type WithdrawPolicyInput,
} from './gql/graphql'
import { INQUIRIES_KEY } from './inquiry-counts'

export type Outcome = ChangeOutcomeFragment
export type ConflictInfo = Extract<Outcome, { __typename: 'Conflict' }>

interface Inputs {
  correctDeclaration: CorrectDeclarationInput
  stopDeclaration: StopDeclarationInput
  reinstateDeclaration: ReinstateDeclarationInput
  stepUp: StepUpInput
  stepDown: StepDownInput
  recordDiagnosis: RecordDiagnosisInput
  recordPolicy: RecordPolicyInput
  withdrawPolicy: WithdrawPolicyInput
  publishDeclaration: PublishDeclarationInput
  unpublishDeclaration: UnpublishDeclarationInput
  suspendLogo: SuspendLogoInput
  restoreLogo: RestoreLogoInput
  changeContact: ChangeContactInput
  addNote: AddNoteInput
  raiseFlag: RaiseFlagInput
  clearFlag: ClearFlagInput
  undoChange: UndoChangeInput
  linkNumbers: LinkNumbersInput
  handOver: HandOverInput
  undoMerge: UndoMergeInput
  lookUpNumber: LookUpNumberInput
}
export type ChangeMutation = keyof Inputs

/** The names that they are asked under, also in the record of reads: a conflict shows what stands in the record. */
export const operationOf = (name: ChangeMutation): string => name.charAt(0).toUpperCase() + name.slice(1)

export const CHANGES = [
  'correctDeclaration', 'stopDeclaration', 'reinstateDeclaration', 'stepUp', 'stepDown', 'recordDiagnosis',
  'recordPolicy', 'withdrawPolicy', 'publishDeclaration', 'unpublishDeclaration', 'suspendLogo', 'restoreLogo',
  'changeContact', 'addNote', 'raiseFlag', 'clearFlag', 'undoChange', 'linkNumbers', 'handOver', 'undoMerge', 'lookUpNumber',
] as const satisfies readonly ChangeMutation[]

/** Written when it is sent: documents that differ in a name would weigh in the first load. A test reads them by the schema. */
export function mutationText(name: ChangeMutation): string {
  const named = operationOf(name)
  return `mutation ${named}($input: ${named}Input!) { ${name}(input: $input) { __typename ...ChangeOutcome } } ${ChangeOutcomeFragmentDoc.toString()}`
}

/** Asks for a change of one declaration. */
export async function ask<Name extends ChangeMutation>(name: Name, input: Inputs[Name]): Promise<Outcome> {
  const document = new TypedDocumentString<Record<Name, ChangeOutcomeFragment>, { input: Inputs[Name] }>(mutationText(name))
  return (await execute(document, { input }))[name]
}

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
  // A thread shows what was changed because of it, and the records beside it.
  void client.invalidateQueries({ queryKey: INQUIRIES_KEY })
  return record
}

/** Whether what stands at this position can be taken back. */
export const canBeUndone = (record: DeclarationRecord, position: string): boolean =>
  record.history.some((masked) => {
    const entry = readFragment(HistoryPartsFragmentDoc, masked)
    return entry.position === position && Boolean(entry.undoUntil)
  })
