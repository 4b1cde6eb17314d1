// Imports: the list, one with what was found in its rows, its file on the way in, and what is done to it. While something is under way it is
// asked for again.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { execute, Fault } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  DiscardImportDocument, type ImportCountPartsFragment, ImportCountPartsFragmentDoc, type ImportJobPartsFragment, ImportJobPartsFragmentDoc, ImportOutcomePartsFragmentDoc,
  type ImportPartsFragment, ImportPartsFragmentDoc, ImportRowsDocument, type ImportRowsQuery, ImportsDocument, type ImportsQuery, MapImportDocument, OneImportDocument,
  RequestImportDocument, ResumeImportDocument, StartImportDocument, StopImportDocument,
} from './gql/graphql'
import { sendTo } from './uploads'

export type Counts = ImportCountPartsFragment
export type ImportJob = ImportJobPartsFragment
export interface ImportRecord extends Omit<ImportPartsFragment, 'trial' | 'run' | 'tried' | 'progress' | 'finished'> {
  trial: ImportJob | undefined
  run: ImportJob | undefined
  tried: Counts | undefined
  progress: Counts | undefined
  finished: Counts | undefined
}
export type ImportPage = Extract<ImportsQuery['imports'], { __typename: 'ImportConnection' }>
export type FoundRow = Extract<ImportRowsQuery['importRows'], { __typename: 'ImportFindingConnection' }>['nodes'][number]
export type Sheet = Extract<NonNullable<ImportPartsFragment['file']>, { __typename: 'ImportFile' }>['sheets'][number]
export type Encoding = 'utf-8' | 'cp932'

/** Everything of imports: what is changed in one place is seen in the others. */
export const IMPORT_KEY = ['imports'] as const
const SOON_MS = 1000

export const isUnderWay = (job: Pick<ImportJob, 'state'> | undefined) => job?.state === 'READY' || job?.state === 'RUNNING'

/** What it is at. */
export const current = ({ run, trial }: Pick<ImportRecord, 'run' | 'trial'>): ImportJob | undefined => run ?? trial

const countsOf = (of: ImportPartsFragment['tried']) => (of ? readFragment(ImportCountPartsFragmentDoc, of) : undefined)
const jobOf = (of: ImportPartsFragment['trial']) => (of ? readFragment(ImportJobPartsFragmentDoc, of) : undefined)

const recordOf = (parts: ImportPartsFragment): ImportRecord => ({
  ...parts,
  trial: jobOf(parts.trial),
  run: jobOf(parts.run),
  tried: countsOf(parts.tried),
  progress: countsOf(parts.progress),
  finished: countsOf(parts.finished),
})

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: [...IMPORT_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { import: found } = await execute(OneImportDocument, { id }, signal)
      return found ? recordOf(readFragment(ImportPartsFragmentDoc, found)) : null
    },
    // Also while a second person is asked: their answer begins it.
    refetchInterval: ({ state: { data } }) => (data && (isUnderWay(current(data)) || (!data.run && data.approval?.status === 'OPEN')) ? SOON_MS : false),
  })

export const importsQuery = infiniteQueryOptions({
  queryKey: [...IMPORT_KEY, 'list'],
  queryFn: async ({ pageParam, signal }) => {
    const { imports } = await execute(ImportsDocument, { first: PAGE_SIZE, after: pageParam }, signal)
    if (imports.__typename !== 'ImportConnection') throw new Fault('INTERNAL')
    return imports
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
  refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.nodes.some((node) => node.state === 'READY' || node.state === 'RUNNING')) ? 2 * SOON_MS : false),
})

/** `trial`: of which trial, so that those of another one are asked for. */
export const importRowsQuery = (id: string, trial: string, refused: boolean, code: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...IMPORT_KEY, 'rows', id, trial, refused, code ?? ''],
    queryFn: async ({ pageParam, signal }) => {
      const { importRows } = await execute(ImportRowsDocument, { id, refused, code, first: PAGE_SIZE, after: pageParam }, signal)
      if (importRows.__typename !== 'ImportFindingConnection') throw new Fault('INTERNAL')
      return importRows
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
  })

interface Sending {
  commandId: string
  encoding: Encoding | undefined
  file: File
  onSent: (bytes: number) => void
  signal: AbortSignal
}

/** The id of the import. What is wrong with the file comes as `RefusedFile`. */
export async function sendImport({ commandId, encoding, ...sending }: Sending): Promise<string> {
  const question = new URLSearchParams({ command: commandId, ...(encoding ? { encoding } : {}) })
  const answer = await sendTo<{ import?: { id: string } }>(`/uploads/imports?${question.toString()}`, sending)
  if (!answer.import) throw new Fault('INTERNAL')
  return answer.import.id
}

export const mapImport = async (commandId: string, id: string, sheet: number, places: (number | null)[]) =>
  readFragment(ImportOutcomePartsFragmentDoc, (await execute(MapImportDocument, { input: { commandId, id, sheet, places } })).mapImport)

export const startImport = async (commandId: string, id: string, trialJobId: string, reason: string) =>
  readFragment(ImportOutcomePartsFragmentDoc, (await execute(StartImportDocument, { input: { commandId, id, trialJobId, reason } })).startImport)

export const requestImport = async (commandId: string, id: string, trialJobId: string, reason: string) => (await execute(RequestImportDocument, { input: { commandId, id, trialJobId, reason } })).requestImport

export type ImportDeed = 'stop' | 'resume' | 'discard'

export async function doImport(deed: ImportDeed, commandId: string, id: string) {
  const input = { commandId, id }
  switch (deed) {
    case 'stop':
      return readFragment(ImportOutcomePartsFragmentDoc, (await execute(StopImportDocument, { input })).stopImport)
    case 'resume':
      return readFragment(ImportOutcomePartsFragmentDoc, (await execute(ResumeImportDocument, { input })).resumeImport)
    case 'discard':
      return readFragment(ImportOutcomePartsFragmentDoc, (await execute(DiscardImportDocument, { input })).discardImport)
  }
}
