// What a new declaration must hold before it is sent. The server decides in the end; this only saves a round trip.
import type { TFunction } from 'i18next'
import type { DeclarationField, EntityType, MakeDeclarationInput, PledgeVersion, Star } from '../graphql/gql/graphql'
import { checkCorporateNumber } from '../lib/corporate-number'
import { readDay } from '../lib/date-text'
import { FIELD_SPECS } from '../lib/declaration-fields'
import { sent } from './correct-schema'
import { z } from './zod'

/** In the order of the form. */
export const DECLARE_FIELDS = [
  'ENTITY_TYPE', 'CORPORATE_NUMBER', 'NAME', 'NAME_KANA', 'TRADE_NAME', 'INDUSTRY', 'EMPLOYEES', 'CAPITAL_YEN',
  'POSTAL_CODE', 'PREFECTURE', 'CITY', 'STREET', 'BUILDING',
  'REPRESENTATIVE_TITLE', 'REPRESENTATIVE_NAME',
  'CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_EMAIL', 'CONTACT_PHONE',
  'PLEDGE_VERSION', 'STAR', 'DIAGNOSIS_SCORE', 'POLICY_URL', 'POLICY_PUBLISHED_ON', 'PUBLISH_CONSENT', 'REMARKS',
] as const satisfies readonly DeclarationField[]

export type DeclareField = (typeof DECLARE_FIELDS)[number]

export type DeclareValues = Record<DeclarationField, string> & {
  reason: string
  /** Kept beside the form; here only for what is wrong with them. */
  attachments?: string
  noDocument?: string
}

export const emptyDeclaration = (): DeclareValues => ({
  ...(Object.fromEntries(Object.keys(FIELD_SPECS).map((field) => [field, ''])) as Record<DeclarationField, string>),
  ENTITY_TYPE: 'CORPORATION',
  STAR: 'ONE',
  PLEDGE_VERSION: 'SIX_RULES',
  reason: '',
})

interface Kind {
  star: string
  entity: string
}

const ALWAYS: readonly DeclarationField[] = [
  'NAME', 'NAME_KANA', 'INDUSTRY', 'EMPLOYEES', 'POSTAL_CODE', 'PREFECTURE', 'CITY', 'STREET', 'REPRESENTATIVE_NAME', 'CONTACT_NAME', 'CONTACT_EMAIL', 'CONTACT_PHONE', 'PUBLISH_CONSENT',
]

export const isRequired = (field: DeclarationField, { star, entity }: Kind): boolean =>
  ALWAYS.includes(field) || (field === 'CORPORATE_NUMBER' && entity === 'CORPORATION') || ((field === 'DIAGNOSIS_SCORE' || field === 'POLICY_URL') && star === 'TWO')

/** Whether a field is there at all for such a declarer. */
export function isAsked(field: DeclarationField, { star, entity }: Kind): boolean {
  if (field === 'CORPORATE_NUMBER') return entity !== 'SOLE_TRADER'
  if (field === 'TRADE_NAME') return entity === 'SOLE_TRADER'
  if (field === 'CAPITAL_YEN') return entity === 'CORPORATION'
  if (field === 'DIAGNOSIS_SCORE' || field === 'POLICY_URL' || field === 'POLICY_PUBLISHED_ON') return star === 'TWO'
  return true
}

const kindOf = (values: DeclareValues): Kind => ({ star: values.STAR, entity: values.ENTITY_TYPE })

/** These go beside the typed fields. */
const GIVEN: readonly DeclarationField[] = ['ENTITY_TYPE', 'STAR', 'PLEDGE_VERSION']

export function declareSchema(t: TFunction) {
  return z.custom<DeclareValues>().check((context) => {
    const values = context.value
    const tell = (field: string, message: string) => context.issues.push({ code: 'custom', input: values, path: [field], message })
    for (const field of DECLARE_FIELDS) {
      if (!isAsked(field, kindOf(values))) continue
      const value = values[field]
      const word = t(`field.${field}`)
      if (isRequired(field, kindOf(values)) && value.trim() === '') tell(field, t(FIELD_SPECS[field].input === 'choice' ? 'correct.problem.choice' : 'declare.missing', { field: word }))
      else if (FIELD_SPECS[field].input === 'date' && value.trim() !== '' && !readDay(value)) tell(field, t('day.unreadable'))
      else if (field === 'CORPORATE_NUMBER' && checkCorporateNumber(value) === 'wrong') tell(field, t('declare.digitWrong'))
    }
    if (values.reason.trim() === '') tell('reason', t('declare.reasonMissing'))
  })
}

/** As it is sent, without its command and its evidence. */
export function declareInput(values: DeclareValues): Omit<MakeDeclarationInput, 'commandId' | 'attachments' | 'noDocument'> {
  const fields = DECLARE_FIELDS.filter((field) => !GIVEN.includes(field) && isAsked(field, kindOf(values)) && values[field] !== '')
  return {
    entityType: values.ENTITY_TYPE as EntityType,
    star: values.STAR as Star,
    pledgeVersion: values.PLEDGE_VERSION as PledgeVersion,
    fields: fields.map((field) => ({ field, value: sent(field, values[field]) })),
    reason: values.reason,
  }
}
