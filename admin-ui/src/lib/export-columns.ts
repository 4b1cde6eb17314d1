// The columns of a file, in the order in which they are offered; and which of them show what the list shows.
import type { ExportColumn } from '../graphql/gql/graphql'

/** Of the register. */
export const REGISTER_COLUMNS = [
  'NAME', 'KANA', 'TRADE_NAME', 'NUMBER', 'STAR', 'STATE', 'DECLARED_ON', 'STOPPED_ON', 'ENTITY_TYPE', 'CORPORATE_NUMBER', 'PREFECTURE', 'CITY', 'INDUSTRY', 'SIZE', 'EMPLOYEES', 'CAPITAL_YEN', 'PLEDGE', 'ORIGIN', 'PUBLISHED',
  'POLICY', 'POLICY_URL', 'CONTACT', 'FLAGS', 'CHANGED_AT',
] as const satisfies readonly ExportColumn[]
/** About persons: only for whoever may see what is personal. */
export const PERSON_COLUMNS = ['POSTAL_CODE', 'STREET', 'BUILDING', 'REPRESENTATIVE_TITLE', 'REPRESENTATIVE_NAME', 'CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_EMAIL', 'CONTACT_PHONE'] as const satisfies readonly ExportColumn[]

const ALL: readonly ExportColumn[] = [...REGISTER_COLUMNS, ...PERSON_COLUMNS]

/** What shows the same as a column of the list. */
const OF_LIST: Readonly<Record<string, readonly ExportColumn[]>> = {
  name: ['NAME'],
  number: ['NUMBER'],
  star: ['STAR'],
  state: ['STATE'],
  declaredOn: ['DECLARED_ON'],
  corporateNumber: ['CORPORATE_NUMBER'],
  place: ['PREFECTURE', 'CITY'],
  flags: ['FLAGS'],
  changedAt: ['CHANGED_AT'],
  entity: ['ENTITY_TYPE'],
  tradeName: ['TRADE_NAME'],
  industry: ['INDUSTRY'],
  size: ['SIZE'],
  pledge: ['PLEDGE'],
  origin: ['ORIGIN'],
  published: ['PUBLISHED'],
  policy: ['POLICY'],
  contact: ['CONTACT'],
  stoppedOn: ['STOPPED_ON'],
}

export const ofList = (ids: readonly string[]): ExportColumn[] => ids.flatMap((id) => OF_LIST[id] ?? [])

export const isPersonal = (column: ExportColumn) => (PERSON_COLUMNS as readonly ExportColumn[]).includes(column)

/** As a form keeps them, in one text. */
export const columnsText = (columns: readonly ExportColumn[]) => columns.join(' ')

export const readColumns = (text: string): ExportColumn[] => {
  const words = text.split(' ')
  return words.flatMap((word) => ALL.find((column) => column === word) ?? [])
}
