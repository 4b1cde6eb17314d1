// What can be done to many declarations at once: which fields each change has.
import type { TFunction } from 'i18next'
import type { DeclarationField, StopKind } from '../graphql/gql/graphql'
import { INDUSTRIES } from '../lib/declaration-fields'
import { today } from '../lib/format'
import { FLAGS } from '../lib/search-params'
import type { CaseField, CaseValues } from './case-form'

export const BULK_CHOICES = ['correct', 'raiseFlag', 'clearFlag', 'addNote', 'publish', 'unpublish', 'stop', 'stepDown', 'suspendLogo', 'restoreLogo'] as const
export type BulkChoice = (typeof BULK_CHOICES)[number]

/** Fields that many records can get the same value in. */
export const BULK_FIELDS = ['PREFECTURE', 'CITY', 'INDUSTRY', 'EMPLOYEES', 'CAPITAL_YEN'] as const satisfies readonly DeclarationField[]
export type BulkField = (typeof BULK_FIELDS)[number]

const KINDS = ['STOPPED', 'CLOSED', 'WITHDRAWN'] as const satisfies readonly StopKind[]
const REASON_LIMIT = 1000
const NOTE_LIMIT = 10_000

export const fieldName = (field: BulkField) => `changes.${field}`

const is = (...choices: BulkChoice[]) => (typed: CaseValues) => choices.some((choice) => choice === typed['change'])
const takes = (field: BulkField) => (typed: CaseValues) => is('correct')(typed) && (typed['fields'] ?? '').split(' ').includes(field)

function valueField(field: BulkField, prefectures: readonly string[], t: TFunction): CaseField {
  const shared = { name: fieldName(field), label: t(`field.${field}`), shown: takes(field) }
  if (field === 'PREFECTURE') return { ...shared, kind: 'choice', required: true, choices: prefectures.map((name) => ({ value: name, word: name })) }
  if (field === 'INDUSTRY') return { ...shared, kind: 'choice', required: true, choices: INDUSTRIES.map((value) => ({ value, word: t(`industry.${value as 'A'}`) })) }
  return { ...shared, kind: 'line', help: t('bulk.emptied') }
}

export function bulkFields(prefectures: readonly string[], t: TFunction): CaseField[] {
  return [
    { name: 'change', kind: 'choice', label: t('bulk.label.change'), required: true, choices: BULK_CHOICES.map((value) => ({ value, word: t(`bulk.choice.${value}`) })) },
    {
      name: 'fields', kind: 'choices', label: t('bulk.label.fields'), required: true, shown: is('correct'),
      choices: BULK_FIELDS.map((value) => ({ value, word: t(`field.${value}`) })),
    },
    ...BULK_FIELDS.map((field) => valueField(field, prefectures, t)),
    {
      name: 'correction', kind: 'choice', label: t('bulk.label.correction'), required: true, initial: 'CHANGE', shown: is('correct'),
      choices: (['CHANGE', 'ERROR'] as const).map((value) => ({ value, word: t(`bulk.correction.${value}`) })),
    },
    { name: 'since', kind: 'day', label: t('bulk.label.since'), required: true, initial: today(), max: today(), shown: (typed) => is('correct')(typed) && typed['correction'] !== 'ERROR' },
    { name: 'flag', kind: 'choice', label: t('filter.flag'), required: true, shown: is('raiseFlag', 'clearFlag'), choices: FLAGS.map((value) => ({ value, word: t(`flag.${value}`) })) },
    { name: 'text', kind: 'lines', label: t('bulk.label.text'), required: true, limit: NOTE_LIMIT, rows: 6, shown: is('addNote') },
    { name: 'kind', kind: 'choice', label: t('bulk.label.kind'), required: true, shown: is('stop'), choices: KINDS.map((value) => ({ value, word: t(`bulk.stop.${value}`) })) },
    { name: 'on', kind: 'day', label: t('bulk.label.on'), required: true, initial: today(), shown: (typed) => is('stepDown')(typed) || (is('stop')(typed) && !typed['dayUnknown']) },
    { name: 'dayUnknown', kind: 'choices', label: t('bulk.label.dayUnknown'), shown: is('stop'), choices: [{ value: 'yes', word: t('bulk.dayUnknown') }] },
    { name: 'reason', kind: 'lines', label: t('bulk.label.reason'), help: t('bulk.reasonHelp'), required: true, limit: REASON_LIMIT, rows: 3, shown: (typed) => !is('addNote')(typed) },
  ]
}
