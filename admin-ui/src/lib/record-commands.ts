// What staff can do with one declaration, by group; and why something cannot be done with it now.
import type { FactPartsFragment, FlagCode, Permission } from '../graphql/gql/graphql'
import { FIELD_SPECS, readFact } from './declaration-fields'
import { FLAGS } from './search-params'

export const COMMAND_GROUPS = {
  state: ['stop', 'reinstate', 'cancelStop'],
  twoStars: ['stepUp', 'stepDown', 'diagnosis', 'policy', 'withdrawPolicy'],
  publication: ['publish', 'unpublish', 'suspendLogo', 'restoreLogo'],
  contact: ['contact', 'lookUp'],
  succession: ['link', 'handOver', 'merge'],
  notes: ['note', 'raiseFlag', 'clearFlag'],
} as const

export type CommandGroup = keyof typeof COMMAND_GROUPS
/** Those that stand in the list. */
export type ListedCommand = (typeof COMMAND_GROUPS)[CommandGroup][number]
/** Taking back is asked for beside the entry that it is about. */
export type RecordCommand = ListedCommand | 'undo' | 'undoMerge'

export const LISTED = Object.values(COMMAND_GROUPS).flat() as readonly ListedCommand[]
export const COMMANDS: readonly RecordCommand[] = [...LISTED, 'undo', 'undoMerge']

/** What each needs. */
export const RIGHTS: Readonly<Record<RecordCommand, Permission>> = {
  stop: 'STOP_DECLARATION',
  reinstate: 'STOP_DECLARATION',
  cancelStop: 'STOP_DECLARATION',
  stepUp: 'CHANGE_STAR',
  stepDown: 'CHANGE_STAR',
  diagnosis: 'RECORD_DIAGNOSIS',
  policy: 'RECORD_POLICY',
  withdrawPolicy: 'RECORD_POLICY',
  publish: 'PUBLISH_DECLARATION',
  unpublish: 'PUBLISH_DECLARATION',
  suspendLogo: 'MANAGE_LOGO',
  restoreLogo: 'MANAGE_LOGO',
  contact: 'CHANGE_CONTACT',
  note: 'WRITE_NOTE',
  raiseFlag: 'FLAG_DECLARATION',
  clearFlag: 'FLAG_DECLARATION',
  undo: 'UNDO_CHANGE',
  link: 'LINK_NUMBERS',
  handOver: 'HAND_OVER',
  merge: 'MERGE_DECLARATIONS',
  undoMerge: 'MERGE_DECLARATIONS',
  lookUp: 'LOOK_UP_NUMBER',
}

/** A command under the name that fits the record as it is. */
export type CommandName = RecordCommand | 'changeStop' | 'stopDay' | 'replacePolicy' | 'linkNew' | 'linkOld'

export type WhyNot =
  | 'stopped' | 'superseded' | 'merged' | 'alreadyStopped' | 'notStopped' | 'noPlan' | 'planned' | 'alreadyTwoStars' | 'notTwoStars' | 'noDiagnosis' | 'noPolicy' | 'nothingToWithdraw'
  | 'alreadyPublished' | 'notPublished' | 'noConsent' | 'logoSuspended' | 'logoAllowed' | 'contactClosed' | 'contactForgotten' | 'allFlags' | 'noFlags'

export const CONTACT_FIELDS = ['CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_EMAIL', 'CONTACT_PHONE'] as const

/** Who stands behind a declaration: what a succession may change. */
export const HANDED_OVER = [
  'CORPORATE_NUMBER', 'NAME', 'NAME_KANA', 'TRADE_NAME', 'REPRESENTATIVE_TITLE', 'REPRESENTATIVE_NAME', 'POSTAL_CODE', 'PREFECTURE', 'CITY', 'STREET', 'BUILDING', ...CONTACT_FIELDS,
] as const

/** What somebody who asks for a number can be asked. */
export const ASKED_FIELDS = ['NAME', 'CORPORATE_NUMBER', 'REPRESENTATIVE_NAME', 'STREET', 'CONTACT_NAME', 'CONTACT_EMAIL', 'CONTACT_PHONE'] as const

/** What the decisions look at. */
export interface Situation {
  facts: FactPartsFragment
  flags: readonly FlagCode[]
}

const isFilled = ({ facts }: Situation, field: 'DIAGNOSIS_SCORE' | 'POLICY_URL') => readFact(facts, field).kind === 'open'
const agreed = ({ facts }: Situation) => ['yes', ...(FIELD_SPECS.PUBLISH_CONSENT.choices?.slice(0, 1) ?? [])].includes(facts.publishConsent?.value ?? '')

const REPLACED = { SUPERSEDED: 'superseded', MERGED: 'merged' } as const

/** What took its place, if anything did. */
const replaced = ({ facts: { state } }: Situation): WhyNot | undefined => (state === 'SUPERSEDED' || state === 'MERGED' ? REPLACED[state] : undefined)
const notLive = (of: Situation): WhyNot | undefined => replaced(of) ?? (of.facts.state === 'STOPPED' ? 'stopped' : undefined)

/** Whether the number is one of the older system. */
export const isOldNumber = (number: string): boolean => number.startsWith('4')

function whyNoStop(of: Situation): WhyNot | undefined {
  const { state, stop } = of.facts
  // A day that becomes known takes the place of one that nobody knew.
  return replaced(of) ?? (state === 'STOPPED' && stop?.on ? 'alreadyStopped' : undefined)
}

const whyNoReturn = ({ facts }: Situation): WhyNot | undefined => (facts.state === 'STOPPED' ? undefined : facts.plannedStop ? 'planned' : 'notStopped')

function whyNoStepUp(of: Situation): WhyNot | undefined {
  if (of.facts.star === 'TWO') return 'alreadyTwoStars'
  if (!isFilled(of, 'DIAGNOSIS_SCORE')) return 'noDiagnosis'
  return isFilled(of, 'POLICY_URL') ? undefined : 'noPolicy'
}

function whyNoContact({ facts }: Situation): WhyNot | undefined {
  const kinds = CONTACT_FIELDS.map((field) => readFact(facts, field).kind)
  if (kinds.includes('withheld')) return 'contactClosed'
  return kinds.includes('forgotten') ? 'contactForgotten' : undefined
}

const RULES: Record<ListedCommand, (of: Situation) => WhyNot | undefined> = {
  stop: whyNoStop,
  reinstate: (of) => replaced(of) ?? whyNoReturn(of),
  cancelStop: ({ facts }) => (facts.plannedStop ? undefined : 'noPlan'),
  stepUp: (of) => notLive(of) ?? whyNoStepUp(of),
  stepDown: (of) => notLive(of) ?? (of.facts.star === 'TWO' ? undefined : 'notTwoStars'),
  diagnosis: notLive,
  policy: notLive,
  withdrawPolicy: (of) => notLive(of) ?? (isFilled(of, 'POLICY_URL') ? undefined : 'nothingToWithdraw'),
  publish: (of) => (of.facts.published ? 'alreadyPublished' : (notLive(of) ?? (agreed(of) ? undefined : 'noConsent'))),
  unpublish: ({ facts }) => (facts.published ? undefined : 'notPublished'),
  suspendLogo: ({ facts }) => (facts.logoAllowed ? undefined : 'logoSuspended'),
  restoreLogo: ({ facts }) => (facts.logoAllowed ? 'logoAllowed' : undefined),
  contact: whyNoContact,
  // A new number is linked as long as it is live, an old one whatever it is.
  link: (of) => (isOldNumber(of.facts.number) ? replaced(of) : notLive(of)),
  handOver: (of) => notLive(of) ?? whyNoContact(of),
  lookUp: replaced,
  merge: replaced,
  note: () => undefined,
  raiseFlag: ({ flags }) => (flags.length < FLAGS.length ? undefined : 'allFlags'),
  clearFlag: ({ flags }) => (flags.length > 0 ? undefined : 'noFlags'),
}

/** Undefined when it can be done. The server decides in the end. */
export const whyNot = (command: ListedCommand, of: Situation): WhyNot | undefined => RULES[command](of)

/** A stop is planned, or it is not: only one of the two ways back makes sense, and one line is enough. */
export const listedOf = (group: CommandGroup, { facts }: Situation): readonly ListedCommand[] =>
  COMMAND_GROUPS[group].filter((command) => (command === 'cancelStop' ? facts.plannedStop : command === 'reinstate' ? !facts.plannedStop : true))

export function nameOf(command: RecordCommand, of: Situation): CommandName {
  if (command === 'stop' && of.facts.plannedStop) return 'changeStop'
  if (command === 'stop' && of.facts.state === 'STOPPED') return 'stopDay'
  if (command === 'link') return isOldNumber(of.facts.number) ? 'linkNew' : 'linkOld'
  return command === 'policy' && isFilled(of, 'POLICY_URL') ? 'replacePolicy' : command
}

