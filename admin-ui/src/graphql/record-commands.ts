// Sends what was typed for one command of a declaration.
import { readAnswers } from '../forms/diagnosis-answers'
import type { CaseValues } from '../forms/case-form'
import { CONTACT_FIELDS, type RecordCommand } from '../lib/record-commands'
import type { Sent } from './cases'
import { type ConflictInfo, type Outcome, outcomeOf } from './changes'
import { execute } from './execute'
import {
  AddNoteDocument, ChangeContactDocument, ClearFlagDocument, type FlagCode, type PolicyMedium, PublishDeclarationDocument, RaiseFlagDocument, RecordDiagnosisDocument,
  RecordPolicyDocument, ReinstateDeclarationDocument, RestoreLogoDocument, StepDownDocument, StepUpDocument, StopDeclarationDocument, type StopKind, SuspendLogoDocument, UndoChangeDocument,
  UnpublishDeclarationDocument, WithdrawPolicyDocument,
} from './gql/graphql'

/** Which command it is, and of which version of which declaration. */
interface Target {
  commandId: string
  declarationId: string
  expectedVersion: string
}

/** What the form began with. */
export interface Begun {
  contact: Readonly<Record<(typeof CONTACT_FIELDS)[number], string>>
  /** Of what is to be taken back. */
  position?: string
}

/** Where a policy can be read: each medium has an input of its own. */
export const placeInput = (medium: string | undefined) => (medium === 'WEB' ? 'url' : medium === 'OTHER' ? 'words' : 'place')

/** Only what differs from what the form began with. */
export const contactChanges = (values: CaseValues, { contact }: Begun) =>
  CONTACT_FIELDS.flatMap((field) => {
    const value = values[`changes.${field}`]
    return value === undefined || value === contact[field] ? [] : [{ field, value }]
  })

async function outcome(command: RecordCommand, target: Target, values: CaseValues, begun: Begun): Promise<Outcome> {
  const reason = values['reason'] ?? ''
  const on = values['on'] || null
  const filled = <T extends object>(more: T) => ({ input: { ...target, ...more } })
  const flag = values['flag'] as FlagCode
  switch (command) {
    case 'stop':
      return outcomeOf((await execute(StopDeclarationDocument, filled({ kind: values['kind'] as StopKind, on, dayUnknown: values['dayUnknown'] === 'yes', reason }))).stopDeclaration)
    case 'reinstate':
    case 'cancelStop':
      return outcomeOf((await execute(ReinstateDeclarationDocument, filled({ on, reason }))).reinstateDeclaration)
    case 'stepUp':
      return outcomeOf((await execute(StepUpDocument, filled({ on, reason: reason || null }))).stepUp)
    case 'stepDown':
      return outcomeOf((await execute(StepDownDocument, filled({ on, reason }))).stepDown)
    case 'diagnosis': {
      const answers = values['answers'] ? readAnswers(values['answers']) : null
      const typed = { questionnaire: values['questionnaire'] ?? '', doneOn: values['doneOn'] ?? '', answers, score: values['score'] || null, reason: reason || null }
      return outcomeOf((await execute(RecordDiagnosisDocument, filled(typed))).recordDiagnosis)
    }
    case 'policy': {
      const medium = values['medium'] as PolicyMedium
      const typed = { medium, place: values[placeInput(medium)] || null, publishedOn: values['publishedOn'] || null, on, reason: reason || null }
      return outcomeOf((await execute(RecordPolicyDocument, filled(typed))).recordPolicy)
    }
    case 'withdrawPolicy':
      return outcomeOf((await execute(WithdrawPolicyDocument, filled({ on, stepDown: values['stepDown'] === 'yes', reason }))).withdrawPolicy)
    case 'publish':
      return outcomeOf((await execute(PublishDeclarationDocument, filled({ reason: reason || null }))).publishDeclaration)
    case 'unpublish':
      return outcomeOf((await execute(UnpublishDeclarationDocument, filled({ reason }))).unpublishDeclaration)
    case 'suspendLogo':
      return outcomeOf((await execute(SuspendLogoDocument, filled({ reason }))).suspendLogo)
    case 'restoreLogo':
      return outcomeOf((await execute(RestoreLogoDocument, filled({ reason }))).restoreLogo)
    case 'contact':
      return outcomeOf((await execute(ChangeContactDocument, filled({ changes: contactChanges(values, begun), since: values['since'] || null, reason: reason || null }))).changeContact)
    case 'note':
      return outcomeOf((await execute(AddNoteDocument, filled({ text: values['text'] ?? '' }))).addNote)
    case 'raiseFlag':
      return outcomeOf((await execute(RaiseFlagDocument, filled({ flag, reason }))).raiseFlag)
    case 'clearFlag':
      return outcomeOf((await execute(ClearFlagDocument, filled({ flag, reason }))).clearFlag)
    case 'undo':
      return outcomeOf((await execute(UndoChangeDocument, filled({ position: begun.position ?? '0', reason: reason || null }))).undoChange)
  }
}

/** The position of what was recorded, or why nothing was. */
export async function sendCommand(command: RecordCommand, target: Target, values: CaseValues, begun: Begun): Promise<Sent<string, ConflictInfo>> {
  const result = await outcome(command, target, values, begun)
  if (result.__typename === 'DeclarationChanged') return { done: result.position }
  if (result.__typename === 'Conflict') return { conflict: result }
  if (result.__typename === 'NotFound') return { gone: true }
  const place = placeInput(values['medium'])
  return { problems: result.problems.map((problem) => (problem.field === 'place' ? { ...problem, field: place } : problem)) }
}
