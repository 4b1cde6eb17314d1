// What can be done with one declaration: which fields each command has.
import type { TFunction } from 'i18next'
import type { DeclarationField, FactPartsFragment, FlagCode, HandOverKind, IdentityCheck, PolicyMedium, StopKind } from '../graphql/gql/graphql'
import { FIELD_SPECS, readFact } from '../lib/declaration-fields'
import { isDeclarationNumber, plainNumber } from '../lib/declaration-number'
import { today } from '../lib/format'
import { ASKED_FIELDS, CONTACT_FIELDS, HANDED_OVER, isOldNumber, type RecordCommand } from '../lib/record-commands'
import { FLAGS } from '../lib/search-params'
import type { CaseField, CaseValues } from './case-form'
import { answersWrong, DiagnosisAnswers } from './diagnosis-answers'
import { NumberMatches } from './number-matches'
import { OtherNumber } from './other-number'

const KINDS = ['STOPPED', 'CLOSED', 'WITHDRAWN'] as const satisfies readonly StopKind[]
const MEDIA = ['WEB', 'PAPER_NOTICE', 'PAMPHLET', 'OTHER'] as const satisfies readonly PolicyMedium[]
export const QUESTIONNAIRES = ['25-v3', '25-v2'] as const
export type Questionnaire = (typeof QUESTIONNAIRES)[number]

/** As the server takes them. */
const REASON_LIMIT = 1000
const NOTE_LIMIT = 10_000

/** What stands in the record, as it is typed; empty also where it is closed. */
export function typedText(facts: FactPartsFragment, field: DeclarationField): string {
  const fact = readFact(facts, field)
  return fact.kind === 'open' ? fact.typed : ''
}

const KEYBOARDS = { CONTACT_EMAIL: 'email', CONTACT_PHONE: 'tel' } as const

export interface Asked {
  /** Of a warning to be cleared. */
  flag?: FlagCode
  /** Of the record. */
  id?: string
}

export function commandFields(command: RecordCommand, facts: FactPartsFragment, flags: readonly FlagCode[], t: TFunction, asked: Asked = {}): CaseField[] {
  const reason = (required: boolean): CaseField => ({
    name: 'reason', kind: 'lines', label: t('records.label.reason'), help: t(required ? 'records.help.reason' : 'records.help.reasonOptional'), required, limit: REASON_LIMIT, rows: 3,
  })
  const day = (name: string, label: string, help?: string): CaseField => ({ name, kind: 'day', label, help, required: true, initial: today(), max: today() })
  switch (command) {
    case 'stop':
      return stopFields(facts, reason(true), t)
    case 'reinstate':
      return [day('on', t('records.label.reinstateOn'), t('records.help.reinstateOn')), reason(true)]
    case 'cancelStop':
    case 'unpublish':
    case 'suspendLogo':
    case 'restoreLogo':
      return [reason(true)]
    case 'undoMerge':
      return [reason(true)]
    case 'lookUp':
      return lookUpFields(facts, asked.id ?? '', t)
    case 'merge':
      // It has a form of its own.
      return []
    case 'link':
      return [otherNumberField(facts, t), day('on', t('records.label.linkOn'), t('records.help.linkOn')), reason(true)]
    case 'handOver':
      return [...handOverFields(facts, t, day('on', t('records.label.handOverOn'), t('records.help.handOverOn'))), reason(true)]
    case 'publish':
    case 'undo':
      return [reason(false)]
    case 'stepUp':
      return [day('on', t('records.label.stepOn')), reason(false)]
    case 'stepDown':
      return [day('on', t('records.label.stepOn')), reason(true)]
    case 'diagnosis':
      return [...diagnosisFields(t, day('doneOn', t('records.label.doneOn'))), reason(false)]
    case 'policy':
      return [...policyFields(facts, t), day('on', t('records.label.policyOn'), t('records.help.policyOn')), reason(false)]
    case 'withdrawPolicy':
      return [day('on', t('records.label.withdrawnOn')), ...stepDownToo(facts, t), reason(true)]
    case 'contact':
      return [...contactFields(facts, t), day('since', t('records.label.since'), t('records.help.since')), reason(false)]
    case 'note':
      return [{ name: 'text', kind: 'lines', label: t('records.label.note'), help: t('records.help.note'), required: true, limit: NOTE_LIMIT, rows: 8 }]
    case 'raiseFlag':
      return [flagField(FLAGS.filter((flag) => !flags.includes(flag)), t), reason(true)]
    case 'clearFlag':
      return [flagField(flags, t, asked.flag), reason(true)]
  }
}

function stopFields(facts: FactPartsFragment, reason: CaseField, t: TFunction): CaseField[] {
  const known = facts.plannedStop ?? facts.stop
  // A day that is given to a stop without one, or in the place of a planned one, is not unknown.
  const first = known === null || known === undefined
  return [
    { name: 'kind', kind: 'choice', label: t('records.label.stopKind'), required: true, initial: known?.kind, choices: KINDS.map((value) => ({ value, word: t(`records.stopKind.${value}`) })) },
    { name: 'on', kind: 'day', label: t('records.label.stopOn'), help: t('records.help.stopOn'), required: true, initial: known?.on ?? (first ? today() : ''), shown: ({ dayUnknown }) => !dayUnknown },
    ...(first ? [{ name: 'dayUnknown', kind: 'choices', label: t('records.label.dayUnknown'), help: t('records.help.dayUnknown'), choices: [{ value: 'yes', word: t('records.dayUnknown') }] } as const] : []),
    reason,
  ]
}

function diagnosisFields(t: TFunction, doneOn: CaseField): CaseField[] {
  return [
    { name: 'questionnaire', kind: 'choice', label: t('records.label.questionnaire'), help: t('records.help.questionnaire'), required: true, initial: '25-v3', choices: QUESTIONNAIRES.map((value) => ({ value, word: t(`records.questionnaire.${value}`) })) },
    doneOn,
    { name: 'by', kind: 'choice', label: t('records.label.by'), required: true, initial: 'answers', choices: (['answers', 'score'] as const).map((value) => ({ value, word: t(`records.by.${value}`) })) },
    {
      name: 'answers', kind: 'line', label: t('records.label.answers'), required: true, shown: ({ by }) => by === 'answers',
      own: { wrong: (text) => answersWrong(text, t), input: (bound, error, typed) => <DiagnosisAnswers {...{ bound, error, typed }} /> },
    },
    { name: 'score', kind: 'line', label: t('records.label.score'), help: t('fieldHelp.DIAGNOSIS_SCORE'), required: true, shown: ({ by }) => by === 'score' },
  ]
}

function policyFields(facts: FactPartsFragment, t: TFunction): CaseField[] {
  const now = typedText(facts, 'POLICY_URL')
  const before = now === '' ? undefined : t('records.help.now', { text: now })
  const isWeb = ({ medium }: CaseValues) => medium === 'WEB'
  const wordless = ({ medium }: CaseValues) => medium === 'OTHER'
  return [
    { name: 'medium', kind: 'choice', label: t('records.label.medium'), required: true, initial: 'WEB', choices: MEDIA.map((value) => ({ value, word: t(`records.medium.${value}`) })) },
    { name: 'url', kind: 'line', keyboard: 'url', label: t('field.POLICY_URL'), help: [t('fieldHelp.POLICY_URL'), before].filter(Boolean).join(' '), required: true, shown: isWeb },
    { name: 'words', kind: 'line', label: t('records.label.words'), help: [t('records.help.words'), before].filter(Boolean).join(' '), required: true, shown: wordless },
    { name: 'place', kind: 'line', label: t('records.label.place'), help: [t('records.help.place'), before].filter(Boolean).join(' '), shown: (typed) => !isWeb(typed) && !wordless(typed) },
    { name: 'publishedOn', kind: 'day', label: t('field.POLICY_PUBLISHED_ON'), help: t('records.help.publishedOn'), max: today() },
  ]
}

const stepDownToo = ({ star }: FactPartsFragment, t: TFunction): CaseField[] =>
  star === 'TWO' ? [{ name: 'stepDown', kind: 'choices', label: t('records.label.stepDown'), help: t('records.help.stepDown'), choices: [{ value: 'yes', word: t('records.stepDown') }] }] : []

const contactFields = (facts: FactPartsFragment, t: TFunction): CaseField[] =>
  CONTACT_FIELDS.map((field) => {
    const text = typedText(facts, field)
    return {
      name: `changes.${field}`, kind: 'line', label: t(`field.${field}`), initial: text, keyboard: field in KEYBOARDS ? KEYBOARDS[field as keyof typeof KEYBOARDS] : undefined,
      required: FIELD_SPECS[field].required, help: t('records.help.now', { text: text === '' ? t('closed.empty') : text }),
    }
  })

/** The number of the other of two declarations, and whose it is. */
function otherNumberField(facts: FactPartsFragment, t: TFunction): CaseField {
  const label = t(isOldNumber(facts.number) ? 'records.label.newNumber' : 'records.label.oldNumber')
  const wrong = (text: string) => {
    if (text === '') return t('cases.missing', { label })
    return isDeclarationNumber(plainNumber(text)) || t('records.numberShape')
  }
  return { name: 'otherNumber', kind: 'line', label, required: true, own: { wrong, input: (bound, error) => <OtherNumber {...{ bound, error, label }} of={facts} /> } }
}

const CHECKS = ['ANSWERS', 'CALL_BACK', 'DOCUMENT'] as const satisfies readonly IdentityCheck[]

/** What somebody said who asks for a number, what fits, how they were made sure of, and where the number goes. */
function lookUpFields({ entityType }: FactPartsFragment, id: string, t: TFunction): CaseField[] {
  const elsewhere = ({ sentTo }: CaseValues) => sentTo === 'elsewhere'
  const asked = ASKED_FIELDS.filter((field) => field !== 'CORPORATE_NUMBER' || entityType !== 'SOLE_TRADER')
  return [
    ...asked.map((field): CaseField => ({ name: `asked.${field}`, kind: 'line', label: field === 'STREET' ? t('records.label.askedAddress') : t(`field.${field}`), limit: 300 })),
    { name: 'asked', kind: 'line', label: t('records.matches.title'), own: { wrong: () => true, input: (_bound, error, typed) => <NumberMatches {...{ id, typed, error }} /> } },
    { name: 'checks', kind: 'choices', label: t('records.label.checks'), help: t('records.help.checks'), required: true, choices: CHECKS.map((value) => ({ value, word: t(`records.check.${value}`) })) },
    { name: 'sentTo', kind: 'choice', label: t('records.label.sentTo'), required: true, initial: 'registered', choices: (['registered', 'elsewhere'] as const).map((value) => ({ value, word: t(`records.sentTo.${value}`) })) },
    { name: 'to', kind: 'line', keyboard: 'email', label: t('records.label.to'), help: t('records.help.to'), required: true, limit: 254, shown: elsewhere },
    { name: 'reason', kind: 'lines', label: t('records.label.reason'), help: t('records.help.reason'), required: true, limit: REASON_LIMIT, rows: 3, shown: elsewhere },
  ]
}

const HAND_OVER_KINDS = ['MERGER', 'SUCCESSION', 'RENAME'] as const satisfies readonly HandOverKind[]

/** A sole trader has no corporate number, and another name only who has one. */
const isAsked = (field: DeclarationField, { entityType }: FactPartsFragment) => (field === 'CORPORATE_NUMBER' ? entityType !== 'SOLE_TRADER' : field === 'TRADE_NAME' ? entityType === 'SOLE_TRADER' : true)

function handOverFields(facts: FactPartsFragment, t: TFunction, on: CaseField): CaseField[] {
  const field = (name: (typeof HANDED_OVER)[number]): CaseField => {
    const text = typedText(facts, name)
    return {
      name: `changes.${name}`, kind: 'line', label: t(`field.${name}`), initial: text, keyboard: name in KEYBOARDS ? KEYBOARDS[name as keyof typeof KEYBOARDS] : undefined,
      required: FIELD_SPECS[name].required, help: t('records.help.now', { text: text === '' ? t('closed.empty') : text }),
      shown: name === 'CORPORATE_NUMBER' ? ({ kind }) => kind !== 'RENAME' : undefined,
    }
  }
  return [
    { name: 'kind', kind: 'choice', label: t('records.label.handOverKind'), required: true, choices: HAND_OVER_KINDS.map((value) => ({ value, word: t(`history.handOver.${value}`) })) },
    on,
    ...HANDED_OVER.filter((name) => isAsked(name, facts)).map(field),
  ]
}

const flagField = (flags: readonly FlagCode[], t: TFunction, initial?: FlagCode): CaseField => ({
  name: 'flag', kind: 'choice', label: t('records.label.flag'), required: true, initial: initial ?? (flags.length === 1 ? flags[0] : undefined), choices: flags.map((value) => ({ value, word: t(`flag.${value}`) })),
})
