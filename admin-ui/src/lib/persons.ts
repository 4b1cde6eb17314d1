// The persons of a declaration, by the role that they can be forgotten in.
import type { DeclarationField, FactPartsFragment, PersonRole } from '../graphql/gql/graphql'
import { readFact } from './declaration-fields'

/** What stands about somebody in a role, the best name first. */
const FIELDS: Record<Exclude<PersonRole, 'REMARKS'>, readonly DeclarationField[]> = {
  REPRESENTATIVE: ['REPRESENTATIVE_NAME', 'REPRESENTATIVE_TITLE'],
  CONTACT: ['CONTACT_NAME', 'CONTACT_EMAIL', 'CONTACT_PHONE', 'CONTACT_DEPARTMENT'],
  SOLE_TRADER: ['NAME', 'NAME_KANA', 'STREET', 'BUILDING', 'POSTAL_CODE', 'CORPORATE_NUMBER'],
}

export interface RolePerson {
  role: PersonRole
  /** As they are registered now; undefined: nothing of them is, or it is not to be seen, or it is free text. */
  who?: string
  /** Nothing is kept any more. There may always be free text: a reason is written with each change. */
  erased: boolean
}

/** Only a sole trader is a person as such; whoever it is, there are a representative, a contact and free text. */
export function personsOf(facts: FactPartsFragment): RolePerson[] {
  const named = (facts.entityType === 'SOLE_TRADER' ? (['SOLE_TRADER', 'REPRESENTATIVE', 'CONTACT'] as const) : (['REPRESENTATIVE', 'CONTACT'] as const)).map((role) => {
    const read = FIELDS[role].map((field) => readFact(facts, field))
    const open = read.find((fact) => fact.kind === 'open')
    return { role, who: open?.kind === 'open' ? open.typed : undefined, erased: !open && read.some((fact) => fact.kind === 'forgotten') }
  })
  return [...named, { role: 'REMARKS', erased: false }]
}
