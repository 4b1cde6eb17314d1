// Jobs: by state, a page at a time; how many there are of each; one with its history. While something runs they are asked for again.
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { execute, Fault } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import { JobCountsDocument, type JobPartsFragment, JobPartsFragmentDoc, type JobsQuery, JobsDocument, type JobState, OneJobDocument, type OneJobQuery } from './gql/graphql'

export type JobRecord = NonNullable<OneJobQuery['job']>
export type JobPage = Extract<JobsQuery['jobs'], { __typename: 'JobConnection' }>

/** Everything of jobs: what is changed in one place is seen in the others. */
export const JOBS_KEY = ['jobs'] as const

const SOON_MS = 2000
/** For what waits for a later attempt, and for lists so long that asking for all of them again is work. */
const LATER_MS = 10_000
const MANY_PAGES = 4
/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 200

/** How soon something may be different; false when nothing is under way. A hidden page is not asked for again. */
export function nextLook(jobs: readonly Pick<JobPartsFragment, 'state' | 'runAt'>[], now: number): number | false {
  if (jobs.some(({ state, runAt }) => state === 'RUNNING' || (state === 'READY' && Date.parse(runAt) <= now + LATER_MS))) return SOON_MS
  return jobs.some(({ state }) => state === 'READY') ? LATER_MS : false
}

const read = (nodes: readonly FragmentType<typeof JobPartsFragmentDoc>[]) => nodes.map((node) => readFragment(JobPartsFragmentDoc, node))

/** `shown`: rows that were there before, when the page is loaded anew. */
export const jobsQuery = (state: JobState | undefined, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...JOBS_KEY, 'list', state ?? 'ALL'],
    queryFn: async ({ pageParam, signal, client, queryKey }) => {
      // Asked again, the first page keeps the size that it had, or rows would be added by every refresh.
      const before = client.getQueryData<InfiniteData<JobPage>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(before ?? shown, MOST_AT_A_TIME)) : PAGE_SIZE
      const { jobs } = await execute(JobsDocument, { state, first, after: pageParam }, signal)
      if (jobs.__typename !== 'JobConnection') throw new Fault('INTERNAL')
      return jobs
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    gcTime: 30 * 60_000,
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? []
      const wait = nextLook(pages.flatMap((page) => read(page.nodes)), Date.now())
      return wait !== false && pages.length > MANY_PAGES ? LATER_MS : wait
    },
  })

export const jobCountsQuery = queryOptions({
  queryKey: [...JOBS_KEY, 'counts'],
  queryFn: async ({ signal }) => (await execute(JobCountsDocument, {}, signal)).jobCounts,
  refetchInterval: ({ state }) => (state.data?.some((item) => item.count > 0 && (item.state === 'READY' || item.state === 'RUNNING')) ? SOON_MS : false),
})

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [...JOBS_KEY, 'one', id],
    queryFn: async ({ signal }) => (await execute(OneJobDocument, { id }, signal)).job ?? null,
    refetchInterval: ({ state }) => (state.data ? nextLook(read([state.data]), Date.now()) : false),
  })
