// Where thousands of declarations stand: by addresses of its own, because ten thousand rows are no question of a page.
import { type Answer, Fault, faultOf } from './execute'
import { RefusedFile } from './uploads'

/** What a column of a sheet can hold; also the names of the cells of a row. */
export const COLUMNS = ['number', 'corporateNumber', 'name', 'date'] as const
export type Column = (typeof COLUMNS)[number]
export type Mapping = Partial<Record<Column, number>>

export const OUTCOMES = ['valid', 'stopped', 'not_yet_declared', 'superseded', 'other_corporate_number', 'unknown', 'invalid'] as const
export type Outcome = (typeof OUTCOMES)[number]
/** By what the answers can be looked at. */
export const FILTERS = [...OUTCOMES, 'other_name'] as const
export type StatusFilter = (typeof FILTERS)[number]
export const NAME_RESULTS = ['not_asked', 'same', 'other_spelling', 'differs', 'withheld', 'forgotten', 'not_on_record'] as const
export type NameResult = (typeof NAME_RESULTS)[number]

export interface SheetRow {
  line: number
  cells: string[]
  ragged?: boolean
}

export interface Sheet {
  headings: string[] | null
  columns: Mapping
  width: number
  rows: SheetRow[]
}

export type QuestionRow = { line: number; ragged?: boolean } & Partial<Record<Column, string>>

export interface Question {
  date: string
  rows: QuestionRow[]
}

export interface StatusRow {
  line: number
  outcome: Outcome
  id?: string
  date?: string
  number?: string
  stars?: 1 | 2
  declaredOn?: string
  stoppedSince?: string
  stop?: 'stopped' | 'closed' | 'withdrawn'
  supersededBy?: string
  name: { result: NameResult; given?: string; onRecord?: string }
  problems?: { field: string; code: string; message: string }[]
}

export interface StatusReport {
  date: string
  checkedAt: string
  counts: Record<Outcome, number>
  otherNames: number
  rows: StatusRow[]
}

/** Sent whole and answered whole; what the server finds wrong with it comes as `RefusedFile`. */
async function ask<T>(path: string, type: string, body: BodyInit): Promise<T> {
  try {
    const response = await fetch(path, { method: 'POST', headers: { 'content-type': type, accept: 'application/json' }, credentials: 'same-origin', body })
    const answer = (await response.json().catch(() => null)) as (T & Answer<unknown> & { problem?: { code: string; message: string } }) | null
    if (response.ok && answer) return answer
    if (answer?.problem) throw new RefusedFile(answer.problem)
    throw faultOf(response, answer) ?? new Fault('INTERNAL')
  } catch (cause) {
    throw cause instanceof Fault || cause instanceof RefusedFile ? cause : new Fault('NETWORK')
  }
}

/** A file, or what was pasted, as rows of cells with a guess which column holds what. */
export const readSheet = (content: Blob): Promise<Sheet> => ask<Sheet>('/status-checks/sheet', 'application/octet-stream', content)

export const checkStatus = (question: Question): Promise<StatusReport> => ask<StatusReport>('/status-checks', 'application/json', JSON.stringify(question))
