// Every field of a declaration: where it stands on the record, how it is typed in, and how to read it.
import type { DeclarationField, FactPartsFragment, Permission } from '../graphql/gql/graphql'

export type FieldInput = 'line' | 'lines' | 'date' | 'digits' | 'email' | 'tel' | 'url' | 'choice'

export interface FieldSpec {
  group: FieldGroup
  input: FieldInput
  /** A record without it makes no sense, so it cannot be cleared. */
  required?: boolean
  /** The texts that the register takes, with the values that stand for each; labels come from the catalogue. */
  choices?: readonly string[]
}

export const GROUPS = ['declaration', 'organization', 'premises', 'representative', 'contact', 'twoStars', 'remarks'] as const
export type FieldGroup = (typeof GROUPS)[number]

export const INDUSTRIES = 'ABCDEFGHIJKLMNOPQRST'.split('')

export const FIELD_SPECS: Record<DeclarationField, FieldSpec> = {
  DECLARATION_NO: { group: 'declaration', input: 'digits', required: true },
  DECLARED_ON: { group: 'declaration', input: 'date', required: true },
  STAR: { group: 'declaration', input: 'choice', required: true, choices: ['1', '2'] },
  PLEDGE_VERSION: { group: 'declaration', input: 'choice', choices: ['5か条', '6か条'] },
  PUBLISH_CONSENT: { group: 'declaration', input: 'choice', choices: ['同意', '同意しない'] },
  NAME: { group: 'organization', input: 'line', required: true },
  NAME_KANA: { group: 'organization', input: 'line' },
  TRADE_NAME: { group: 'organization', input: 'line' },
  ENTITY_TYPE: { group: 'organization', input: 'choice', required: true, choices: ['法人', '個人事業主', 'その他団体'] },
  CORPORATE_NUMBER: { group: 'organization', input: 'digits' },
  INDUSTRY: { group: 'organization', input: 'choice', choices: INDUSTRIES },
  EMPLOYEES: { group: 'organization', input: 'line' },
  CAPITAL_YEN: { group: 'organization', input: 'line' },
  POSTAL_CODE: { group: 'premises', input: 'digits' },
  PREFECTURE: { group: 'premises', input: 'choice', choices: [] },
  CITY: { group: 'premises', input: 'line' },
  STREET: { group: 'premises', input: 'line' },
  BUILDING: { group: 'premises', input: 'line' },
  REPRESENTATIVE_TITLE: { group: 'representative', input: 'line' },
  REPRESENTATIVE_NAME: { group: 'representative', input: 'line' },
  CONTACT_NAME: { group: 'contact', input: 'line' },
  CONTACT_DEPARTMENT: { group: 'contact', input: 'line' },
  CONTACT_EMAIL: { group: 'contact', input: 'email' },
  CONTACT_PHONE: { group: 'contact', input: 'tel' },
  DIAGNOSIS_SCORE: { group: 'twoStars', input: 'digits' },
  POLICY_URL: { group: 'twoStars', input: 'url' },
  POLICY_PUBLISHED_ON: { group: 'twoStars', input: 'date' },
  REMARKS: { group: 'remarks', input: 'lines' },
}

/** A correction of these needs a document, or why there is none: they say who declared, what and when. The server decides. */
export const EVIDENCE_FIELDS: readonly DeclarationField[] = ['DECLARED_ON', 'NAME', 'CORPORATE_NUMBER', 'REPRESENTATIVE_NAME']

export const FIELDS = Object.keys(FIELD_SPECS) as DeclarationField[]

export const fieldsOf = (group: FieldGroup) => FIELDS.filter((field) => FIELD_SPECS[field].group === group)

/** What a reader gets to see of one field. */
export type Fact =
  | { kind: 'open'; typed: string; value: string | null }
  | { kind: 'empty' }
  | { kind: 'withheld'; permission: Permission }
  | { kind: 'forgotten' }

const EMPTY: Fact = { kind: 'empty' }

const plain = (value: string | null | undefined): Fact => (value ? { kind: 'open', typed: value, value } : EMPTY)

const text = (field: { typed: string; value?: string | null } | null | undefined): Fact =>
  field?.typed ? { kind: 'open', typed: field.typed, value: field.value ?? null } : EMPTY

type Part = { __typename: string }
type Open<T extends Part> = Exclude<T, { __typename: 'Withheld' | 'Forgotten' }>

/** Reads from a personal part, or says why it is closed. */
function inside<T extends Part>(part: T, read: (open: Open<T>) => Fact): Fact {
  if (part.__typename === 'Withheld') return { kind: 'withheld', permission: (part as unknown as { permission: Permission }).permission }
  if (part.__typename === 'Forgotten') return { kind: 'forgotten' }
  return read(part as Open<T>)
}

const STAR_TEXT = { ONE: '1', TWO: '2' } as const
const ENTITY_TEXT = { CORPORATION: '法人', SOLE_TRADER: '個人事業主', OTHER_BODY: 'その他団体' } as const
const PLEDGE_TEXT = { FIVE_RULES: '5か条', SIX_RULES: '6か条' } as const

const READERS: Record<DeclarationField, (facts: FactPartsFragment) => Fact> = {
  DECLARATION_NO: (facts) => plain(facts.number),
  DECLARED_ON: (facts) => plain(facts.declaredOn),
  STAR: (facts) => plain(facts.star && STAR_TEXT[facts.star]),
  PLEDGE_VERSION: (facts) => plain(facts.pledgeVersion && PLEDGE_TEXT[facts.pledgeVersion]),
  PUBLISH_CONSENT: (facts) => text(facts.publishConsent),
  NAME: (facts) => inside(facts.name, (open) => plain(open.name)),
  NAME_KANA: (facts) => inside(facts.name, (open) => plain(open.kana)),
  TRADE_NAME: (facts) => text(facts.tradeName),
  ENTITY_TYPE: (facts) => plain(ENTITY_TEXT[facts.entityType]),
  CORPORATE_NUMBER: (facts) => text(facts.corporateNumber),
  INDUSTRY: (facts) => text(facts.industry),
  EMPLOYEES: (facts) => text(facts.employees),
  CAPITAL_YEN: (facts) => text(facts.capitalYen),
  POSTAL_CODE: (facts) => inside(facts.premises, (open) => text(open.postalCode)),
  PREFECTURE: (facts) => {
    const typed = text(facts.prefectureText)
    if (typed.kind !== 'open' || !facts.prefecture) return typed.kind === 'open' ? typed : plain(facts.prefecture?.name)
    return { ...typed, value: facts.prefecture.name }
  },
  CITY: (facts) => text(facts.city),
  STREET: (facts) => inside(facts.premises, (open) => text(open.street)),
  BUILDING: (facts) => inside(facts.premises, (open) => text(open.building)),
  REPRESENTATIVE_TITLE: (facts) => inside(facts.representative, (open) => text(open.title)),
  REPRESENTATIVE_NAME: (facts) => inside(facts.representative, (open) => text(open.personName)),
  CONTACT_NAME: (facts) => inside(facts.contact, (open) => text(open.personName)),
  CONTACT_DEPARTMENT: (facts) => inside(facts.contact, (open) => text(open.department)),
  CONTACT_EMAIL: (facts) => inside(facts.contact, (open) => text(open.email)),
  CONTACT_PHONE: (facts) => inside(facts.contact, (open) => text(open.phone)),
  DIAGNOSIS_SCORE: (facts) => text(facts.diagnosisScore),
  POLICY_URL: (facts) => text(facts.policyUrl),
  POLICY_PUBLISHED_ON: (facts) => text(facts.policyPublishedOn),
  REMARKS: (facts) => inside(facts.remarks, (open) => text(open.text)),
}

export const readFact = (facts: FactPartsFragment, field: DeclarationField): Fact => READERS[field](facts)
