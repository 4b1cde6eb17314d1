// The steps of a request of a data subject: which fields each has, and what it sends.
import type { TFunction } from 'i18next'
import type { RequestRecord } from '../graphql/cases'
import type { ApprovalStatus, IdentityMethod, MeasureKind, PersonRole, PrivacyRequestChangeInput, RequestChannel, RequestClosing, RequestOutcome } from '../graphql/gql/graphql'
import { currentLanguage } from '../i18n'
import { formatDate, formatDeclarationNumber, today } from '../lib/format'
import type { CaseField, CaseValues } from './case-form'

export const KINDS = ['DISCLOSURE', 'CORRECTION', 'STOP_OF_USE', 'ERASURE'] as const
const CHANNELS = ['MAIL', 'POST', 'TELEPHONE', 'COUNTER', 'OTHER'] as const satisfies readonly RequestChannel[]
const METHODS = ['DOCUMENT', 'KNOWN_CONTACT', 'GBIZ_ID', 'AGENT', 'OTHER'] as const satisfies readonly IdentityMethod[]
const OUTCOMES = ['GRANTED', 'PARTLY', 'REFUSED'] as const satisfies readonly RequestOutcome[]
const MEASURES = ['DISCLOSED', 'CORRECTED', 'USE_STOPPED', 'ERASED', 'OTHER'] as const satisfies readonly MeasureKind[]
const CLOSINGS = ['ANSWERED', 'WITHDRAWN'] as const satisfies readonly RequestClosing[]

/** Steps that have a form. */
export const REQUEST_STEPS = ['concern', 'identity', 'pause', 'resume', 'extend', 'decide', 'erase', 'measure', 'answer', 'note', 'close'] as const
export type RequestStep = (typeof REQUEST_STEPS)[number]

/** What comes of an erasure that a second person was asked for. */
export type Erasure = 'waits' | 'done' | 'over'

/** Undefined for a measure that nobody has to agree to. */
export function erasureOf({ approvalStatus }: { approvalStatus?: ApprovalStatus | null }): Erasure | undefined {
  if (!approvalStatus) return undefined
  if (approvalStatus === 'OPEN' || approvalStatus === 'APPROVED' || approvalStatus === 'BYPASSED') return 'waits'
  return approvalStatus === 'CARRIED_OUT' ? 'done' : 'over'
}

export interface ErasureTarget {
  declarationId: string
  number: string
  version: string
  person: PersonRole
}

/** Who can be asked to be forgotten: somebody of whom something is kept, and whose erasure waits for nobody. */
export function erasureTargets(record: RequestRecord): ErasureTarget[] {
  const { kind, status, outcome } = record.summary
  const isGranted = (status === 'DECIDED' || status === 'ANSWERED') && outcome !== 'REFUSED'
  if (!isGranted || (kind !== 'ERASURE' && kind !== 'STOP_OF_USE')) return []
  const waits = (id: string, person: PersonRole) => record.history.some(({ measure }) => measure?.declarationId === id && measure.person === person && erasureOf(measure) === 'waits')
  return record.records.flatMap(({ id, number, version, kept }) =>
    kept.filter((person) => !waits(id, person)).map((person) => ({ declarationId: id, number: number ? formatDeclarationNumber(number) : id, version, person })),
  )
}

/** Which steps make sense where a case stands, the likeliest first. */
export function stepsOf(record: RequestRecord, mayErase = false): RequestStep[] {
  const { status, isIdentified, outcome } = record.summary
  const erase = mayErase && erasureTargets(record).length > 0 ? (['erase'] as const) : []
  if (status === 'CLOSED') return record.requester.__typename === 'Forgotten' ? [] : ['note']
  if (status === 'ANSWERED') return [...erase, ...(outcome === 'REFUSED' ? [] : (['measure'] as const)), 'close', 'note']
  if (status === 'DECIDED') return [...erase, ...(outcome === 'REFUSED' ? [] : (['measure'] as const)), 'answer', 'decide', 'identity', 'concern', 'note', 'close']
  if (status === 'PAUSED') return ['resume', 'identity', 'decide', 'concern', 'note', 'close']
  return [...(isIdentified ? (['decide'] as const) : (['identity'] as const)), ...(isIdentified ? (['identity'] as const) : (['decide'] as const)), 'concern', 'pause', 'extend', 'note', 'close']
}

const numbersOf = (typed: string | undefined) => (typed ?? '').split(/[\s,、]+/).filter(Boolean)

export function newRequestFields(t: TFunction): CaseField[] {
  const label = (name: 'kind' | 'channel' | 'receivedOn' | 'name' | 'contact' | 'actsFor' | 'wanted' | 'numbers') => t(`requests.label.${name}`)
  return [
    { name: 'kind', kind: 'choice', label: label('kind'), required: true, initial: 'DISCLOSURE', choices: KINDS.map((value) => ({ value, word: t(`requests.kind.${value}`) })) },
    { name: 'receivedOn', kind: 'day', label: label('receivedOn'), required: true, initial: today() },
    { name: 'channel', kind: 'choice', label: label('channel'), required: true, initial: 'MAIL', choices: CHANNELS.map((value) => ({ value, word: t(`requests.channel.${value}`) })) },
    { name: 'name', kind: 'line', label: label('name'), required: true },
    { name: 'actsFor', kind: 'line', label: label('actsFor') },
    { name: 'contact', kind: 'lines', label: label('contact'), required: true, rows: 2 },
    { name: 'wanted', kind: 'lines', label: label('wanted'), help: t('cases.textLimit'), required: true },
    { name: 'numbers', kind: 'lines', label: label('numbers'), help: t('requests.help.numbers'), rows: 2 },
  ]
}

export const newRequestInput = (values: CaseValues) => ({
  kind: values['kind'] as (typeof KINDS)[number],
  channel: values['channel'] as RequestChannel,
  receivedOn: values['receivedOn'] ?? '',
  numbers: numbersOf(values['numbers']),
  name: values['name'] ?? '',
  contact: values['contact'] ?? '',
  actsFor: values['actsFor'] || null,
  wanted: values['wanted'] ?? '',
})

export function stepFields(step: RequestStep, record: RequestRecord, t: TFunction): CaseField[] {
  const text = (label: string, required: boolean, help = t('cases.textLimit')): CaseField => ({ name: 'text', kind: 'lines', label, required, help })
  const day = (label: string): CaseField => ({ name: 'on', kind: 'day', label, required: true, initial: today() })
  const channel: CaseField = { name: 'channel', kind: 'choice', label: t('requests.label.sentBy'), required: true, initial: record.summary.channel, choices: CHANNELS.map((value) => ({ value, word: t(`requests.channel.${value}`) })) }
  switch (step) {
    case 'concern':
      return [{ name: 'numbers', kind: 'lines', label: t('requests.label.numbers'), help: t('requests.help.numbers'), initial: record.records.map(({ number }) => number ?? '').join('\n') }]
    case 'identity':
      return [
        { name: 'method', kind: 'choice', label: t('requests.label.method'), required: true, initial: 'DOCUMENT', choices: METHODS.map((value) => ({ value, word: t(`requests.method.${value}`) })) },
        { name: 'confirmed', kind: 'choice', label: t('requests.label.confirmed'), required: true, choices: [{ value: 'yes', word: t('requests.confirmed') }, { value: 'no', word: t('requests.unconfirmed') }] },
        text(t('requests.label.what'), false),
      ]
    case 'pause':
      return [day(t('requests.label.on')), text(t('requests.label.missing'), true)]
    case 'resume':
      return [day(t('requests.label.on'))]
    case 'extend':
      return [
        { name: 'on', kind: 'day', label: t('requests.label.newDue'), required: true, help: t('requests.help.newDue', { day: formatDate(record.summary.dueOn, currentLanguage(), 'dateWithDay') }) },
        text(t('requests.label.why'), true, t('requests.help.why')),
      ]
    case 'decide':
      return [
        { name: 'outcome', kind: 'choice', label: t('requests.label.outcome'), required: true, help: t('requests.help.outcome'), choices: OUTCOMES.map((value) => ({ value, word: t(`requests.outcome.${value}`) })) },
        text(t('requests.label.why'), false, t('requests.help.why')),
      ]
    case 'measure':
      return [
        { name: 'kind', kind: 'choice', label: t('requests.label.measure'), required: true, initial: MEASURE_OF[record.summary.kind], choices: MEASURES.map((value) => ({ value, word: t(`requests.measure.${value}`) })) },
        { name: 'declarationId', kind: 'choice', label: t('requests.label.declarationId'), initial: record.records[0]?.id ?? '', choices: [...record.records.map(({ id, number }) => ({ value: id, word: number ?? id })), { value: '', word: t('requests.all') }] },
        text(t('requests.label.done'), true),
      ]
    case 'erase':
      return [
        { name: 'person', kind: 'choice', label: t('requests.label.target'), required: true, choices: erasureTargets(record).map((target) => ({ value: targetKey(target), word: t('requests.target', { number: target.number, person: t(`requests.person.${target.person}`) }) })) },
        { name: 'reason', kind: 'lines', label: t('requests.label.eraseReason'), help: t('requests.help.eraseReason'), required: true, rows: 3 },
      ]
    case 'answer':
      return [day(t('requests.label.on')), channel]
    case 'note':
      return [text(t('requests.label.note'), true)]
    case 'close':
      return [
        { name: 'how', kind: 'choice', label: t('requests.label.how'), required: true, initial: record.summary.status === 'ANSWERED' ? 'ANSWERED' : 'WITHDRAWN', choices: CLOSINGS.map((value) => ({ value, word: t(`requests.closing.${value}`) })) },
        text(t('requests.label.remark'), false),
      ]
  }
}

const targetKey = ({ declarationId, person }: ErasureTarget) => `${declarationId} ${person}`

const MEASURE_OF = { DISCLOSURE: 'DISCLOSED', CORRECTION: 'CORRECTED', STOP_OF_USE: 'USE_STOPPED', ERASURE: 'ERASED' } as const

export function stepChange(step: RequestStep, values: CaseValues, record: RequestRecord): PrivacyRequestChangeInput {
  const text = values['text'] ?? ''
  const on = values['on'] ?? ''
  switch (step) {
    case 'concern':
      return { concern: { numbers: numbersOf(values['numbers']) } }
    case 'identity':
      return { checkIdentity: { method: values['method'] as IdentityMethod, isConfirmed: values['confirmed'] === 'yes', text } }
    case 'pause':
      return { pause: { on, text } }
    case 'resume':
      return { resume: { on } }
    case 'extend':
      return { extend: { on, text } }
    case 'decide':
      return { decide: { outcome: values['outcome'] as RequestOutcome, text } }
    case 'measure': {
      const about = record.records.find(({ id }) => id === values['declarationId'])
      // What a correction has made of the record is its version now.
      const version = about && values['kind'] === 'CORRECTED' ? about.version : null
      return { recordMeasure: { kind: values['kind'] as MeasureKind, declarationId: about?.id ?? null, version, text } }
    }
    case 'erase': {
      const target = erasureTargets(record).find((item) => targetKey(item) === values['person'])
      return { requestErasure: { declarationId: target?.declarationId ?? '', expectedVersion: target?.version ?? '0', person: target?.person ?? 'CONTACT', reason: values['reason'] ?? '' } }
    }
    case 'answer':
      return { answer: { on, channel: values['channel'] as RequestChannel } }
    case 'note':
      return { note: { text } }
    case 'close':
      return { close: { how: values['how'] as RequestClosing, text } }
  }
}
