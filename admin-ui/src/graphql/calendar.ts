// The calendar: what holds now, a month at a time, and lists of deadlines.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { execute, Fault } from './execute'
import { CalendarMonthDocument, CalendarNowDocument, DeadlinesDocument, type DeadlineScope, OneDeadlineDocument, type CalendarMonthQuery } from './gql/graphql'

export type CalendarDayInfo = Extract<CalendarMonthQuery['calendar']['month'], { __typename: 'CalendarMonth' }>['days'][number]

/** Everything of the calendar: what is changed in one place is seen in the others. */
export const CALENDAR_KEY = ['calendar'] as const

export const calendarNowQuery = queryOptions({
  queryKey: [...CALENDAR_KEY, 'now'],
  queryFn: async ({ signal }) => (await execute(CalendarNowDocument, {}, signal)).calendar,
  // "Open until 17:30" must not stand there at 17:31.
  refetchInterval: 60_000,
})

/** `month` as `2026-12`. */
export const monthQuery = (month: string) =>
  queryOptions({
    queryKey: [...CALENDAR_KEY, 'month', month],
    queryFn: async ({ signal }) => {
      const { calendar } = await execute(CalendarMonthDocument, { day: `${month}-01` }, signal)
      // The address offers no such month.
      if (calendar.month.__typename !== 'CalendarMonth') throw new Fault('INTERNAL')
      return calendar.month.days
    },
    staleTime: 30_000,
  })

const PAGE = 50

export const deadlinesQuery = (scope: DeadlineScope) =>
  infiniteQueryOptions({
    queryKey: [...CALENDAR_KEY, 'deadlines', scope],
    queryFn: async ({ pageParam, signal }) => {
      const { calendar } = await execute(DeadlinesDocument, { scope, first: PAGE, after: pageParam }, signal)
      if (calendar.deadlines.__typename !== 'DeadlineConnection') throw new Fault('INTERNAL')
      return calendar.deadlines
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.pageInfo.endCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

export const deadlineQuery = (id: string) =>
  queryOptions({
    queryKey: [...CALENDAR_KEY, 'deadline', id],
    queryFn: async ({ signal }) => (await execute(OneDeadlineDocument, { id }, signal)).calendar.deadline ?? null,
    // A form starts from it: what was there the last time must not be taken for what is there.
    gcTime: 0,
  })
