// What staff can do with one declaration, by group; and why something cannot be done with it now.
import type { FactPartsFragment, FlagCode, Permission } from '../graphql/gql/graphql'
import { FIELD_SPECS, readFact } from './declaration-fields'
import { FLAGS } from './search-params'

export const COMMAND_GROUPS = {
  state: ['stop', 'reinstate', 'cancelStop'],
  twoStars: ['stepUp', 'stepDown', 'diagnosis', 'policy', 'withdrawPolicy'],
  publication: ['publish', 'unpublish', 'suspendLogo', 'restoreLogo'],
  contact: ['contact'],
  notes: ['note', 'raiseFlag', 'clearFlag'],
} as const

export type CommandGroup = keyof typeof COMMAND_GROUPS
/** Those that stand in the list. */
export type ListedCommand = (typeof COMMAND_GROUPS)[CommandGroup][number]
/** Taking back is asked for beside the entry that it is about. */
export type RecordCommand = ListedCommand | 'undo'

export const LISTED = Object.values(COMMAND_GROUPS).flat() as readonly ListedCommand[]
export const COMMANDS: readonly RecordCommand[] = [...LISTED, 'undo']

export const RIGHT: Permission = 'MANAGE_DECLARATION'

/** A command under the name that fits the record as it is. */
export type CommandName = RecordCommand | 'changeStop' | 'stopDay' | 'replacePolicy'

export type WhyNot =
  | 'stopped' | 'superseded' | 'alreadyStopped' | 'notStopped' | 'noPlan' | 'planned' | 'alreadyTwoStars' | 'notTwoStars' | 'noDiagnosis' | 'noPolicy' | 'nothingToWithdraw'
  | 'alreadyPublished' | 'notPublished' | 'noConsent' | 'logoSuspended' | 'logoAllowed' | 'contactClosed' | 'contactForgotten' | 'allFlags' | 'noFlags'

export const CONTACT_FIELDS = ['CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_EMAIL', 'CONTACT_PHONE'] as const

/** What the decisions look at. */
export interface Situation {
  facts: FactPartsFragment
  flags: readonly FlagCode[]
}

const isFilled = ({ facts }: Situation, field: 'DIAGNOSIS_SCORE' | 'POLICY_URL') => readFact(facts, field).kind === 'open'
const agreed = ({ facts }: Situation) => ['yes', ...(FIELD_SPECS.PUBLISH_CONSENT.choices?.slice(0, 1) ?? [])].includes(facts.publishConsent?.value ?? '')

const notLive = ({ facts: { state } }: Situation): WhyNot | undefined => (state === 'ACTIVE' ? undefined : state === 'STOPPED' ? 'stopped' : 'superseded')

function whyNoStop({ facts: { state, stop } }: Situation): WhyNot | undefined {
  if (state === 'SUPERSEDED') return 'superseded'
  // A day that becomes known takes the place of one that nobody knew.
  return state === 'STOPPED' && stop?.on ? 'alreadyStopped' : undefined
}

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
  reinstate: ({ facts }) => (facts.state === 'STOPPED' ? undefined : facts.plannedStop ? 'planned' : 'notStopped'),
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
  return command === 'policy' && isFilled(of, 'POLICY_URL') ? 'replacePolicy' : command
}

