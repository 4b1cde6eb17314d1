// Files with a view of the register: one's own and, for whoever may audit, everybody's. While one is being made it is asked for again.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { filterOf } from '../lib/list-filters'
import { PAGE_SIZE } from '../lib/search-params'
import type { ListQuestion } from './declarations'
import { execute, Fault } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  DiscardExportDocument, type ExportColumn, type ExportFormat, ExportLimitsDocument, ExportOutcomePartsFragmentDoc, type ExportOwners, type ExportPartsFragment, ExportPartsFragmentDoc, ExportsDocument,
  type InputProblem, OneExportDocument, type OneExportQuery, RequestExportDocument, ResumeExportDocument, StopExportDocument,
} from './gql/graphql'

export type ExportRow = ExportPartsFragment
type Detail = NonNullable<OneExportQuery['export']>
export interface ExportRecord extends Omit<Detail, 'summary'> {
  summary: ExportRow
}

/** Everything of exports: what is changed in one place is seen in the others. */
export const EXPORTS_KEY = ['exports'] as const
const SOON_MS = 1000

export const isBeingMade = ({ state }: Pick<ExportRow, 'state'>) => state === 'WAITING' || state === 'MAKING'

export const exportQuery = (id: string) =>
  queryOptions({
    queryKey: [...EXPORTS_KEY, 'one', id],
    queryFn: async ({ signal }): Promise<ExportRecord | null> => {
      const { export: found } = await execute(OneExportDocument, { id }, signal)
      return found ? { ...found, summary: readFragment(ExportPartsFragmentDoc, found.summary) } : null
    },
    // Also while a second person is asked: their answer begins it.
    refetchInterval: ({ state: { data } }) => (data && (isBeingMade(data.summary) || (data.summary.state === 'NEEDS_APPROVAL' && data.approval?.status === 'OPEN')) ? SOON_MS : false),
  })

export const exportsQuery = (of: ExportOwners) =>
  infiniteQueryOptions({
    queryKey: [...EXPORTS_KEY, 'list', of],
    queryFn: async ({ pageParam, signal }) => {
      const { exports: page } = await execute(ExportsDocument, { of, first: PAGE_SIZE, after: pageParam }, signal)
      if (page.__typename !== 'ExportConnection') throw new Fault('INTERNAL')
      return { rows: page.nodes.map((node) => readFragment(ExportPartsFragmentDoc, node)), pageInfo: page.pageInfo }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.rows.some(isBeingMade)) ? 2 * SOON_MS : false),
  })

export const exportLimitsQuery = queryOptions({
  queryKey: [...EXPORTS_KEY, 'limits'],
  queryFn: async ({ signal }) => (await execute(ExportLimitsDocument, {}, signal)).exportLimits,
  staleTime: Number.POSITIVE_INFINITY,
})

type Requested = { done: string } | { problems: InputProblem[] }

export async function requestExport(commandId: string, question: ListQuestion, columns: ExportColumn[], format: ExportFormat, reason: string): Promise<Requested> {
  const { requestExport: result } = await execute(RequestExportDocument, { input: { commandId, filter: filterOf(question), search: question.q, sort: question.sort, columns, format, reason } })
  return result.__typename === 'ExportRequested' ? { done: result.id } : { problems: result.problems }
}

export type ExportDeed = 'stop' | 'resume' | 'discard'

export async function doExport(deed: ExportDeed, commandId: string, id: string) {
  const input = { commandId, id }
  switch (deed) {
    case 'stop':
      return readFragment(ExportOutcomePartsFragmentDoc, (await execute(StopExportDocument, { input })).stopExport)
    case 'resume':
      return readFragment(ExportOutcomePartsFragmentDoc, (await execute(ResumeExportDocument, { input })).resumeExport)
    case 'discard':
      return readFragment(ExportOutcomePartsFragmentDoc, (await execute(DiscardExportDocument, { input })).discardExport)
  }
}
