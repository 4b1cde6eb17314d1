// What a template is filled with: as it is written in each language, and what is left of it in a text.
import type { MergeField, TextLanguage } from '../graphql/gql/graphql'

/** In the order in which they are offered. */
export const MERGE_FIELDS = ['RECIPIENT', 'ORGANIZATION', 'NUMBER', 'STAR', 'DECLARED_ON', 'STAFF', 'TODAY'] as const satisfies readonly MergeField[]

const NAMES: Record<MergeField, Record<TextLanguage, string>> = {
  RECIPIENT: { JA: '相手', EN: 'recipient' },
  ORGANIZATION: { JA: '組織名', EN: 'organization' },
  NUMBER: { JA: '宣言番号', EN: 'number' },
  STAR: { JA: '星', EN: 'star' },
  DECLARED_ON: { JA: '宣言日', EN: 'declared_on' },
  STAFF: { JA: '担当者', EN: 'staff' },
  TODAY: { JA: '今日', EN: 'today' },
}

/** As it stands in a text: `{{相手}}`. */
export const fieldCode = (field: MergeField, language: TextLanguage): string => `{{${NAMES[field][language]}}}`

export const fieldNamed = (name: string): MergeField | undefined => MERGE_FIELDS.find((field) => NAMES[field].JA === name || NAMES[field].EN === name)

const FIELD = /\{\{([^{}\n]*)\}\}/g

/** A text in pieces; of a field its name, and which it is when there is such a one. */
export interface Piece {
  text: string
  name?: string
  field?: MergeField
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(FIELD)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) })
    const name = (found[1] ?? '').trim()
    pieces.push({ text: found[0], name, field: fieldNamed(name) })
    from = found.index + found[0].length
  }
  return from < text.length ? [...pieces, { text: text.slice(from) }] : pieces
}

/** What stands in double braces still, each once, as it is written. */
export const leftFields = (text: string): { code: string; field?: MergeField }[] => [
  ...new Map(piecesOf(text).flatMap(({ text: code, name, field }) => (name === undefined ? [] : [[code, { code, field }] as const]))).values(),
]

/** Names in double braces that no template knows. */
export const unknownFields = (text: string): string[] => leftFields(text).flatMap(({ code, field }) => (field ? [] : [code]))
