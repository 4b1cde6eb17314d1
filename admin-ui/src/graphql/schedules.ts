// Schedules: all of them, one with what people did to it, what became of its firings, and a look ahead at an expression.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  ChangeScheduleDocument, type ChangeScheduleInput, OneScheduleDocument, PauseScheduleDocument, RemoveScheduleDocument, ResumeScheduleDocument,
  RunScheduleNowDocument, type ScheduleCommandInput, type ScheduleEntryPartsFragment, ScheduleEntryPartsFragmentDoc, ScheduleHistoryDocument, ScheduleOutcomeFragmentDoc,
  SchedulePreviewDocument, SchedulesDocument, type OneScheduleQuery, type ScheduleOutcomeFragment,
} from './gql/graphql'

export type ScheduleRecord = NonNullable<OneScheduleQuery['schedule']>

/** Everything of schedules: what is changed in one place is seen in the others. */
export const SCHEDULES_KEY = ['schedules'] as const

/** A firing comes by itself, so what is on the screen is asked for again now and then. */
const BY_ITSELF_MS = 30_000
const WHILE_RUNNING_MS = 2000

const isUnderWay = (entry: FragmentType<typeof ScheduleEntryPartsFragmentDoc> | null | undefined) => {
  const known: ScheduleEntryPartsFragment | null | undefined = readFragment(ScheduleEntryPartsFragmentDoc, entry)
  const state = known?.__typename === 'ScheduleFiring' ? known.job?.state : undefined
  return state === 'READY' || state === 'RUNNING'
}

export const schedulesQuery = queryOptions({
  queryKey: [...SCHEDULES_KEY, 'all'],
  queryFn: async ({ signal }) => (await execute(SchedulesDocument, {}, signal)).schedules,
  refetchInterval: ({ state }) => (state.data?.nodes.some((node) => isUnderWay(node.last)) ? WHILE_RUNNING_MS : BY_ITSELF_MS),
})

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: [...SCHEDULES_KEY, 'one', id],
    queryFn: async ({ signal }) => (await execute(OneScheduleDocument, { id }, signal)).schedule ?? null,
    refetchInterval: BY_ITSELF_MS,
  })

const PAGE = 20

export const scheduleHistoryQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...SCHEDULES_KEY, 'history', id],
    queryFn: async ({ pageParam, signal }) => (await execute(ScheduleHistoryDocument, { id, first: PAGE, before: pageParam }, signal)).schedule?.history ?? { entries: [], nextBefore: null },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextBefore ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.entries.some(isUnderWay)) ? WHILE_RUNNING_MS : BY_ITSELF_MS),
  })

/** What the server says of an expression that somebody is typing. */
export const previewQuery = (expression: string, zone: string) =>
  queryOptions({
    queryKey: ['schedule-preview', expression, zone],
    queryFn: async ({ signal }) => (await execute(SchedulePreviewDocument, { expression, zone }, signal)).schedulePreview,
    enabled: expression.trim() !== '' && zone.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

export const SCHEDULE_DEEDS = ['pause', 'resume', 'remove', 'run'] as const
export type ScheduleDeed = (typeof SCHEDULE_DEEDS)[number]

/** What came of a command on a schedule that is there. */
export async function changeSchedule(input: ChangeScheduleInput): Promise<ScheduleOutcomeFragment> {
  return readFragment(ScheduleOutcomeFragmentDoc, (await execute(ChangeScheduleDocument, { input })).changeSchedule)
}

export async function doToSchedule(deed: ScheduleDeed, input: ScheduleCommandInput): Promise<ScheduleOutcomeFragment> {
  switch (deed) {
    case 'pause':
      return readFragment(ScheduleOutcomeFragmentDoc, (await execute(PauseScheduleDocument, { input })).pauseSchedule)
    case 'resume':
      return readFragment(ScheduleOutcomeFragmentDoc, (await execute(ResumeScheduleDocument, { input })).resumeSchedule)
    case 'remove':
      return readFragment(ScheduleOutcomeFragmentDoc, (await execute(RemoveScheduleDocument, { input })).removeSchedule)
    case 'run':
      return readFragment(ScheduleOutcomeFragmentDoc, (await execute(RunScheduleNowDocument, { input })).runScheduleNow)
  }
}
