// Sends what was typed for one command of a declaration.
import { readAnswers } from '../forms/diagnosis-answers'
import type { CaseValues } from '../forms/case-form'
import { ASKED_FIELDS, CONTACT_FIELDS, HANDED_OVER, type RecordCommand } from '../lib/record-commands'
import type { Sent } from './cases'
import { ask, type ConflictInfo, type Outcome } from './changes'
import { execute } from './execute'
import { type DeclarationField, type FlagCode, type HandOverKind, type IdentityCheck, type PolicyMedium, RequestNumberDocument, type StopKind } from './gql/graphql'

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
  /** What a succession began with. */
  handedOver?: Partial<Record<DeclarationField, string>>
  /** The inquiry that asks for it. */
  inquiry?: string
  /** What it rests on, as it is sent. */
  evidence?: { attachments: string[]; noDocument: string | null }
}

/** Where a policy can be read: each medium has an input of its own. */
export const placeInput = (medium: string | undefined) => (medium === 'WEB' ? 'url' : medium === 'OTHER' ? 'words' : 'place')

/** Only what differs from what the form began with. */
export const contactChanges = (values: CaseValues, { contact }: Begun) =>
  CONTACT_FIELDS.flatMap((field) => {
    const value = values[`changes.${field}`]
    return value === undefined || value === contact[field] ? [] : [{ field, value }]
  })

/** The same of who stands behind the declaration. */
export const handOverChanges = (values: CaseValues, { handedOver = {} }: Begun) =>
  HANDED_OVER.flatMap((field) => {
    const value = values[`changes.${field}`]
    return value === undefined || value === (handedOver[field] ?? '') ? [] : [{ field, value }]
  })

async function outcome(command: RecordCommand, own: Target, values: CaseValues, begun: Begun): Promise<Outcome> {
  const target = begun.inquiry === undefined ? own : { ...own, inquiryId: begun.inquiry }
  const reason = values['reason'] ?? ''
  const on = values['on'] || null
  const flag = values['flag'] as FlagCode
  switch (command) {
    case 'stop':
      return ask('stopDeclaration', { ...target, kind: values['kind'] as StopKind, on, dayUnknown: values['dayUnknown'] === 'yes', reason })
    case 'reinstate':
    case 'cancelStop':
      return ask('reinstateDeclaration', { ...target, on, reason })
    case 'stepUp':
      return ask('stepUp', { ...target, on, reason: reason || null })
    case 'stepDown':
      return ask('stepDown', { ...target, on, reason })
    case 'diagnosis': {
      const answers = values['answers'] ? readAnswers(values['answers']) : null
      const typed = { questionnaire: values['questionnaire'] ?? '', doneOn: values['doneOn'] ?? '', answers, score: values['score'] || null, reason: reason || null }
      return ask('recordDiagnosis', { ...target, ...typed })
    }
    case 'policy': {
      const medium = values['medium'] as PolicyMedium
      const typed = { medium, place: values[placeInput(medium)] || null, publishedOn: values['publishedOn'] || null, on, reason: reason || null }
      return ask('recordPolicy', { ...target, ...typed })
    }
    case 'withdrawPolicy':
      return ask('withdrawPolicy', { ...target, on, stepDown: values['stepDown'] === 'yes', reason })
    case 'publish':
      return ask('publishDeclaration', { ...target, reason: reason || null })
    case 'unpublish':
      return ask('unpublishDeclaration', { ...target, reason })
    case 'suspendLogo':
      return ask('suspendLogo', { ...target, reason })
    case 'restoreLogo':
      return ask('restoreLogo', { ...target, reason })
    case 'contact':
      return ask('changeContact', { ...target, changes: contactChanges(values, begun), since: values['since'] || null, reason: reason || null })
    case 'note':
      return ask('addNote', { ...target, text: values['text'] ?? '' })
    case 'raiseFlag':
      return ask('raiseFlag', { ...target, flag, reason })
    case 'clearFlag':
      return ask('clearFlag', { ...target, flag, reason })
    case 'link':
      return ask('linkNumbers', { ...target, otherNumber: values['otherNumber'] ?? '', on, reason })
    case 'handOver':
      return ask('handOver', { ...target, kind: values['kind'] as HandOverKind, on: on ?? '', changes: handOverChanges(values, begun), reason, ...begun.evidence })
    case 'lookUp':
      return ask('lookUpNumber', { ...target, asked: saidOf(values), checks: checksOf(values) })
    case 'merge':
      // It is only asked for, by a form of its own.
      throw new Error('a merge is asked for')
    case 'undoMerge':
      return ask('undoMerge', { ...own, position: begun.position ?? '0', reason })
    case 'undo':
      return ask('undoChange', { ...own, position: begun.position ?? '0', reason: reason || null })
  }
}

const saidOf = (values: CaseValues) =>
  ASKED_FIELDS.flatMap((field) => {
    const value = values[`asked.${field}`]?.trim() ?? ''
    return value === '' ? [] : [{ field, value }]
  })

const checksOf = (values: CaseValues) => (values['checks'] ?? '').split(' ').filter(Boolean) as IdentityCheck[]

/** To another address than the registered one it is only asked for: it takes a second person. */
export async function requestNumber(target: Target, values: CaseValues): Promise<Sent<string, ConflictInfo>> {
  const input = { ...target, asked: saidOf(values), checks: checksOf(values), to: values['to'] ?? '', reason: values['reason'] ?? '' }
  const { requestNumber: result } = await execute(RequestNumberDocument, { input })
  if (result.__typename === 'ApprovalRequested') return { done: '' }
  if (result.__typename === 'InvalidInput') return { problems: result.problems }
  return result.__typename === 'NotFound' ? { gone: true } : { stale: true }
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
