// Bulk changes: the list, one with its records, and what is done to it. While something is under way it is asked for again.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { CaseValues } from '../forms/case-form'
import { BULK_FIELDS, type BulkChoice, fieldName } from '../forms/bulk-change-fields'
import { PAGE_SIZE } from '../lib/search-params'
import { execute, Fault } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  type BulkActionInput, type BulkChangesQuery, BulkChangesDocument, type BulkOutcome, BulkOutcomePartsFragmentDoc, type BulkPartsFragment, BulkPartsFragmentDoc, type BulkPass,
  type BulkProgressPartsFragment, BulkProgressPartsFragmentDoc, BulkRowsDocument, type BulkRowsQuery, type BulkSelectionInput, type FlagCode, FreezeBulkChangeDocument, type InputProblem,
  OneBulkChangeDocument, RequestBulkChangeDocument, ResumeBulkChangeDocument, StartBulkChangeDocument, StopBulkChangeDocument, type StopKind, UndoBulkChangeDocument,
} from './gql/graphql'

export type Progress = BulkProgressPartsFragment
export interface BulkRecord extends Omit<BulkPartsFragment, 'trial' | 'run'> {
  trial: Progress | undefined
  run: Progress | undefined
}
export type BulkPage = Extract<BulkChangesQuery['bulkChanges'], { __typename: 'BulkChangeConnection' }>
export type BulkRow = Extract<BulkRowsQuery['bulkChangeRows'], { __typename: 'BulkRowConnection' }>['nodes'][number]

/** Everything of bulk changes: what is changed in one place is seen in the others. */
export const BULK_KEY = ['bulk-changes'] as const
const SOON_MS = 1000

export const isUnderWay = (progress: Pick<Progress, 'state'> | undefined) => progress?.state === 'READY' || progress?.state === 'RUNNING'

/** What it is at. */
export const current = ({ run, trial }: BulkRecord): Progress | undefined => run ?? trial

function recordOf(parts: BulkPartsFragment): BulkRecord {
  const progress = (of: BulkPartsFragment['trial']) => (of ? readFragment(BulkProgressPartsFragmentDoc, of) : undefined)
  return { ...parts, trial: progress(parts.trial), run: progress(parts.run) }
}

export const bulkChangeQuery = (id: string) =>
  queryOptions({
    queryKey: [...BULK_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { bulkChange } = await execute(OneBulkChangeDocument, { id }, signal)
      return bulkChange ? recordOf(readFragment(BulkPartsFragmentDoc, bulkChange)) : null
    },
    // Also while a second person is asked: their answer begins it.
    refetchInterval: ({ state: { data } }) => (data && (isUnderWay(current(data)) || (!data.run && data.approval?.status === 'OPEN')) ? SOON_MS : false),
  })

export const bulkChangesQuery = infiniteQueryOptions({
  queryKey: [...BULK_KEY, 'list'],
  queryFn: async ({ pageParam, signal }) => {
    const { bulkChanges } = await execute(BulkChangesDocument, { first: PAGE_SIZE, after: pageParam }, signal)
    if (bulkChanges.__typename !== 'BulkChangeConnection') throw new Fault('INTERNAL')
    return bulkChanges
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
  refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.nodes.some((node) => node.state === 'READY' || node.state === 'RUNNING')) ? 2 * SOON_MS : false),
})

/** `done`: how many are known, so that what becomes known is asked for. */
export const bulkRowsQuery = (id: string, of: BulkPass, outcome: BulkOutcome | undefined, done: number) =>
  infiniteQueryOptions({
    queryKey: [...BULK_KEY, 'rows', id, of, outcome ?? 'ALL', done],
    queryFn: async ({ pageParam, signal }) => {
      const { bulkChangeRows } = await execute(BulkRowsDocument, { id, of, outcome, first: PAGE_SIZE, after: pageParam }, signal)
      if (bulkChangeRows.__typename !== 'BulkRowConnection') throw new Fault('INTERNAL')
      return bulkChangeRows
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
  })

/** What was typed, as the server takes it. */
export function actionOf(values: CaseValues): BulkActionInput {
  const reason = values['reason'] ?? ''
  const on = values['on'] || null
  switch (values['change'] as BulkChoice) {
    case 'correct': {
      const fields = BULK_FIELDS.flatMap((field) => {
        const value = values[fieldName(field)]
        return value === undefined ? [] : [{ field, value }]
      })
      return { correct: { fields, since: values['since'] || null, reason } }
    }
    case 'raiseFlag':
      return { raiseFlag: { flag: values['flag'] as FlagCode, reason } }
    case 'clearFlag':
      return { clearFlag: { flag: values['flag'] as FlagCode, reason } }
    case 'addNote':
      return { addNote: { text: values['text'] ?? '' } }
    case 'publish':
      return { publish: { reason } }
    case 'unpublish':
      return { unpublish: { reason } }
    case 'stop':
      return { stop: { kind: values['kind'] as StopKind, on, dayUnknown: values['dayUnknown'] === 'yes', reason } }
    case 'stepDown':
      return { stepDown: { on, reason } }
    case 'suspendLogo':
      return { suspendLogo: { reason } }
    case 'restoreLogo':
      return { restoreLogo: { reason } }
  }
}

type Frozen = { done: string } | { problems: InputProblem[] } | { gone: true }

export async function freezeBulkChange(commandId: string, selection: BulkSelectionInput, values: CaseValues): Promise<Frozen> {
  const { freezeBulkChange: result } = await execute(FreezeBulkChangeDocument, { input: { commandId, selection, change: actionOf(values) } })
  if (result.__typename === 'BulkChangeFrozen') return { done: result.id }
  return result.__typename === 'NotFound' ? { gone: true } : { problems: result.problems }
}

export async function undoBulkChange(commandId: string, id: string, reason: string): Promise<Frozen> {
  const { undoBulkChange: result } = await execute(UndoBulkChangeDocument, { input: { commandId, id, reason } })
  if (result.__typename === 'BulkChangeFrozen') return { done: result.id }
  return result.__typename === 'NotFound' ? { gone: true } : { problems: result.problems }
}

export type BulkDeed = 'start' | 'stop' | 'resume'

export async function doBulkChange(deed: BulkDeed, commandId: string, id: string) {
  const input = { commandId, id }
  switch (deed) {
    case 'start':
      return readFragment(BulkOutcomePartsFragmentDoc, (await execute(StartBulkChangeDocument, { input })).startBulkChange)
    case 'stop':
      return readFragment(BulkOutcomePartsFragmentDoc, (await execute(StopBulkChangeDocument, { input })).stopBulkChange)
    case 'resume':
      return readFragment(BulkOutcomePartsFragmentDoc, (await execute(ResumeBulkChangeDocument, { input })).resumeBulkChange)
  }
}

export const requestBulkChange = async (commandId: string, id: string, reason: string) => (await execute(RequestBulkChangeDocument, { input: { commandId, id, reason } })).requestBulkChange
