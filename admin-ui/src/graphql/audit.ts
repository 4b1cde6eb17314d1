// Who saw whose data: reads page by page, and everything that one account was shown in a time, also as a sheet.
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { rangeOf, type TimeRange } from '../lib/audit-time'
import type { AskedTime } from '../lib/audit-wall'
import { type ExposureSearch, PAGE_SIZE, type ReadsSearch } from '../lib/search-params'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { AuditExposureDocument, type AuditExposureQuery, AuditReadsDocument, type AuditReadsQuery, type InputProblem } from './gql/graphql'

/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 200
/** Up to now is up to the clock of the server, which may be ahead of this one. */
const AHEAD_MS = 86_400_000

export const AUDIT_KEY = ['audit'] as const

export type ReadsQuestion = Omit<ReadsSearch, 'shown'>
type FoundReads = Extract<AuditReadsQuery['reads'], { __typename: 'Reads' }>
export type ReadRow = FoundReads['nodes'][number]

/** A program is asked for as its token: one word in the address for whoever read. */
const TOKEN = 'token:'
export const tokenReader = (id: string) => `${TOKEN}${id}`
export const isTokenReader = (reader: string | undefined): reader is string => reader?.startsWith(TOKEN) ?? false
const readerOf = (reader: string | undefined) => (isTokenReader(reader) ? { token: reader.slice(TOKEN.length) } : { staff: reader })

export interface AuditPage<Row> {
  nodes: Row[]
  range: TimeRange
  nextBefore: string | undefined
  /** Everything since then was looked at. */
  lookedBackTo: string | undefined
}

interface Place {
  before: string
  /** Of the first page: while somebody reads on, the time that is asked for stays. */
  range: TimeRange
}

/** What each page is asked for with. */
interface Asked {
  since: string
  until: string
  before: string | undefined
  first: number
}

type Answered<Row> = { nodes: Row[]; nextBefore?: string | null; lookedBackTo?: string | null } | { problems: InputProblem[] }

/** The newest first. `shown`: rows that were there before, when the page is loaded anew. */
export const auditPages = <Row>(key: string, question: AskedTime, shown: number, ask: (asked: Asked, signal: AbortSignal) => Promise<Answered<Row>>) =>
  infiniteQueryOptions({
    queryKey: [...AUDIT_KEY, key, question],
    queryFn: async ({ pageParam, signal, client, queryKey }): Promise<AuditPage<Row>> => {
      const range = pageParam?.range ?? rangeOf(question)
      // Asked again, the first page keeps the size that it had, or rows would be added by every refresh.
      const old = client.getQueryData<InfiniteData<AuditPage<Row>>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam ? PAGE_SIZE : Math.max(PAGE_SIZE, Math.min(old ?? shown, MOST_AT_A_TIME))
      const until = range.isOpen ? new Date(Date.parse(range.until) + AHEAD_MS).toISOString() : range.until
      const found = await ask({ since: range.since, until, before: pageParam?.before, first }, signal)
      if ('problems' in found) throw new RefusedQuestion(found.problems)
      return { nodes: found.nodes, range, nextBefore: found.nextBefore ?? undefined, lookedBackTo: found.lookedBackTo ?? undefined }
    },
    initialPageParam: undefined as Place | undefined,
    getNextPageParam: ({ nextBefore, range }): Place | undefined => (nextBefore === undefined ? undefined : { before: nextBefore, range }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // What somebody reads must not move under their eyes: it is asked again when they say so.
    refetchOnWindowFocus: false,
  })

export const readsQuery = (question: ReadsQuestion, shown = PAGE_SIZE) =>
  auditPages<ReadRow>('reads', question, shown, async (asked, signal) => (await execute(AuditReadsDocument, { ...asked, ...readerOf(question.staff), number: question.number }, signal)).reads)

type Found = Extract<AuditExposureQuery['exposure'], { __typename: 'Exposure' }>
export type SeenRecord = Found['records'][number]

/** What was found, and for which time: the sheet must be about the same. */
export type ExposureFound = Found & { range: TimeRange }

export const seenInAll = ({ declarations, mails, cases, accounts, works }: ExposureFound) => declarations + mails + cases + accounts + works

export const exposureQuery = (question: ExposureSearch) =>
  queryOptions({
    queryKey: [...AUDIT_KEY, 'exposure', question],
    queryFn: async ({ signal }): Promise<ExposureFound> => {
      const range = rangeOf(question)
      const { exposure } = await execute(AuditExposureDocument, { staff: question.staff ?? '', since: range.since, until: range.until }, signal)
      if (exposure.__typename === 'InvalidInput') throw new RefusedQuestion(exposure.problems)
      return { ...exposure, range }
    },
    enabled: question.staff !== undefined,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  })
