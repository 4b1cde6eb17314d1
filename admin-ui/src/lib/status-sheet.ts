// A sheet as the server read it, and what is asked of it once a person has said which column holds what.
import { COLUMNS, type Mapping, type Question, type Sheet, type SheetRow } from '../graphql/status-check'

/** A, B, …, Z, AA: as spreadsheets call their columns. */
export function columnLetter(place: number): string {
  const letter = String.fromCodePoint(65 + (place % 26))
  return place < 26 ? letter : columnLetter(Math.floor(place / 26) - 1) + letter
}

/** Without one of these two nothing can be looked for. */
export const canBeAsked = (mapping: Mapping): boolean => mapping.number !== undefined || mapping.corporateNumber !== undefined

/** The rows to ask about: whether the first one holds headings is what the person says. */
export function dataRows(sheet: Sheet, hasHeadings: boolean): SheetRow[] {
  if (hasHeadings) return sheet.headings ? sheet.rows : sheet.rows.slice(1)
  return sheet.headings ? [{ line: 1, cells: sheet.headings }, ...sheet.rows] : sheet.rows
}

/** What stands over a column. */
export const headingsOf = (sheet: Sheet, hasHeadings: boolean): string[] | undefined => (hasHeadings ? (sheet.headings ?? sheet.rows[0]?.cells) : undefined)

/** Another column for one thing; a column holds one thing only. */
export function mapped(mapping: Mapping, column: keyof Mapping, place: number | undefined): Mapping {
  const others = COLUMNS.filter((other) => other !== column && mapping[other] !== undefined && mapping[other] !== place)
  const next: Mapping = Object.fromEntries(others.map((other) => [other, mapping[other]]))
  if (place !== undefined) next[column] = place
  return next
}

export function questionOf(rows: readonly SheetRow[], mapping: Mapping, date: string): Question {
  return {
    date,
    rows: rows.map(({ line, cells, ragged }) => {
      const given = COLUMNS.flatMap((column) => {
        const place = mapping[column]
        return place === undefined || !cells[place] ? [] : [[column, cells[place]] as const]
      })
      return { line, ...(ragged ? { ragged } : {}), ...Object.fromEntries(given) }
    }),
  }
}
