// Requests of data subjects and incidents: the lists, one of each, and what changes them; and the home page that shows their terms.
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  type CaseTextFragment, CaseTextFragmentDoc, ChangeIncidentDocument, ChangePrivacyRequestDocument, HomeDocument, IncidentAffectedDocument, type IncidentChangeInput,
  IncidentDraftDocument, type IncidentPartsFragment, IncidentPartsFragmentDoc, type IncidentRowFragment, IncidentRowFragmentDoc, IncidentsDocument, OneIncidentDocument, OnePrivacyRequestDocument,
  OpenIncidentDocument, type OpenIncidentInput, OpenPrivacyRequestDocument, type OpenPrivacyRequestInput, type PrivacyRequestChangeInput, PrivacyRequestHoldingsDocument,
  type PrivacyRequestPartsFragment, PrivacyRequestPartsFragmentDoc, type PrivacyRequestRowFragment, PrivacyRequestRowFragmentDoc, PrivacyRequestsDocument, UnfinishedIncidentsDocument,
  UnfinishedPrivacyRequestsDocument,
} from './gql/graphql'

export type CaseText = CaseTextFragment
export type RequestRow = PrivacyRequestRowFragment
export type IncidentRow = IncidentRowFragment

export interface RequestRecord extends Omit<PrivacyRequestPartsFragment, 'summary' | 'wanted' | 'history'> {
  summary: RequestRow
  wanted: CaseText
  history: (Omit<PrivacyRequestPartsFragment['history'][number], 'text'> & { text?: CaseText })[]
}

export interface IncidentRecord extends Omit<IncidentPartsFragment, 'summary' | 'known' | 'history'> {
  summary: IncidentRow
  known: CaseText
  history: (Omit<IncidentPartsFragment['history'][number], 'text'> & { text?: CaseText })[]
}

export const REQUESTS_KEY = ['privacy-requests'] as const
export const INCIDENTS_KEY = ['incidents'] as const
export const HOME_KEY = ['home'] as const

const open = (text: FragmentType<typeof CaseTextFragmentDoc>): CaseText => readFragment(CaseTextFragmentDoc, text)

const requestRow = (row: FragmentType<typeof PrivacyRequestRowFragmentDoc>): RequestRow => readFragment(PrivacyRequestRowFragmentDoc, row)
const incidentRow = (row: FragmentType<typeof IncidentRowFragmentDoc>): IncidentRow => readFragment(IncidentRowFragmentDoc, row)

const requestOf = (parts: PrivacyRequestPartsFragment): RequestRecord => ({
  ...parts,
  summary: requestRow(parts.summary),
  wanted: open(parts.wanted),
  history: parts.history.map((entry) => ({ ...entry, text: entry.text ? open(entry.text) : undefined })),
})

const incidentOf = (parts: IncidentPartsFragment): IncidentRecord => ({
  ...parts,
  summary: incidentRow(parts.summary),
  known: open(parts.known),
  history: parts.history.map((entry) => ({ ...entry, text: entry.text ? open(entry.text) : undefined })),
})

export const homeQuery = queryOptions({
  queryKey: HOME_KEY,
  queryFn: async ({ signal }) => {
    const { home } = await execute(HomeDocument, {}, signal)
    return { ...home, privacyRequests: home.privacyRequests?.map(requestRow), incidents: home.incidents?.map(incidentRow) }
  },
  refetchInterval: 120_000,
})

const unfinished = <Row>(key: readonly string[], ask: (signal: AbortSignal) => Promise<Row[]>) => queryOptions({ queryKey: [...key, 'open'], queryFn: ({ signal }) => ask(signal) })
export type UnfinishedCases<Row> = ReturnType<typeof unfinished<Row>>

export const openRequestsQuery = unfinished(REQUESTS_KEY, async (signal) => (await execute(UnfinishedPrivacyRequestsDocument, {}, signal)).unfinishedPrivacyRequests.map(requestRow))

export const openIncidentsQuery = unfinished(INCIDENTS_KEY, async (signal) => (await execute(UnfinishedIncidentsDocument, {}, signal)).unfinishedIncidents.map(incidentRow))

interface Page<Row> {
  nodes: Row[]
  nextBefore?: string
}

/** The newest first. `shown`: rows that were there before, when the page is loaded anew. */
const pages = <Row>(key: readonly string[], ask: (first: number, before: string | undefined, signal: AbortSignal) => Promise<Page<Row>>, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...key, 'all'],
    queryFn: ({ pageParam, signal, client, queryKey }): Promise<Page<Row>> => {
      const before = client.getQueryData<InfiniteData<Page<Row>>>(queryKey)?.pages[0]?.nodes.length
      return ask(pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(before ?? shown, 100)) : PAGE_SIZE, pageParam, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextBefore,
  })

export type CasePages<Row> = ReturnType<typeof pages<Row>>

export const requestsQuery = (shown?: number) =>
  pages(
    REQUESTS_KEY,
    async (first, before, signal) => {
      const { nodes, nextBefore } = (await execute(PrivacyRequestsDocument, { first, before }, signal)).privacyRequests
      return { nodes: nodes.map(requestRow), nextBefore: nextBefore ?? undefined }
    },
    shown,
  )

export const incidentsQuery = (shown?: number) =>
  pages(
    INCIDENTS_KEY,
    async (first, before, signal) => {
      const { nodes, nextBefore } = (await execute(IncidentsDocument, { first, before }, signal)).incidents
      return { nodes: nodes.map(incidentRow), nextBefore: nextBefore ?? undefined }
    },
    shown,
  )

/** Null when there is no such case. */
export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: [...REQUESTS_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const found = (await execute(OnePrivacyRequestDocument, { id }, signal)).privacyRequest
      return found ? requestOf(readFragment(PrivacyRequestPartsFragmentDoc, found)) : null
    },
  })

/** Null when there is no such incident. */
export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: [...INCIDENTS_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const found = (await execute(OneIncidentDocument, { id }, signal)).incident
      return found ? incidentOf(readFragment(IncidentPartsFragmentDoc, found)) : null
    },
  })

/** Each asking is recorded as a read of personal data, so it is asked once for a page. */
export const holdingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['holdings', id],
    queryFn: async ({ signal }) => (await execute(PrivacyRequestHoldingsDocument, { id }, signal)).privacyRequestHoldings ?? null,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  })

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: [...INCIDENTS_KEY, 'draft', id],
    queryFn: async ({ signal }) => (await execute(IncidentDraftDocument, { id }, signal)).incidentDraft ?? null,
    refetchOnWindowFocus: false,
  })

export const affectedQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...INCIDENTS_KEY, 'affected', id],
    queryFn: async ({ pageParam, signal }) => (await execute(IncidentAffectedDocument, { id, after: pageParam }, signal)).incidentAffected ?? null,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last?.nextAfter ?? undefined,
    refetchOnWindowFocus: false,
  })

export interface Problem {
  field: string
  code: string
  message: string
}

/** What came of a form: it is done, or what is wrong with it. `C`: what is known of somebody who was faster. */
export type Sent<T, C = never> = { done: T } | { problems: readonly Problem[] } | { stale: true } | { conflict: C } | { gone: true }

export async function openRequest(input: OpenPrivacyRequestInput): Promise<Sent<string>> {
  const result = (await execute(OpenPrivacyRequestDocument, { input })).openPrivacyRequest
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { done: result.id }
}

export async function openIncident(input: OpenIncidentInput): Promise<Sent<string>> {
  const result = (await execute(OpenIncidentDocument, { input })).openIncident
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { done: result.id }
}

export async function changeRequest(commandId: string, record: RequestRecord, change: PrivacyRequestChangeInput): Promise<Sent<RequestRecord>> {
  const input = { commandId, id: record.summary.id, expectedVersion: record.version, change }
  const result = (await execute(ChangePrivacyRequestDocument, { input })).changePrivacyRequest
  if (result.__typename === 'PrivacyRequestChanged') return { done: requestOf(readFragment(PrivacyRequestPartsFragmentDoc, result.privacyRequest)) }
  if (result.__typename === 'InvalidInput') return { problems: result.problems }
  return result.__typename === 'CaseStale' ? { stale: true } : { gone: true }
}

export async function changeIncident(commandId: string, record: IncidentRecord, change: IncidentChangeInput): Promise<Sent<IncidentRecord>> {
  const input = { commandId, id: record.summary.id, expectedVersion: record.version, change }
  const result = (await execute(ChangeIncidentDocument, { input })).changeIncident
  if (result.__typename === 'IncidentChanged') return { done: incidentOf(readFragment(IncidentPartsFragmentDoc, result.incident)) }
  if (result.__typename === 'InvalidInput') return { problems: result.problems }
  return result.__typename === 'CaseStale' ? { stale: true } : { gone: true }
}
