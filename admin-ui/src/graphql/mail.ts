// Mail that goes out: the ledger page by page, where mails stand by now, one of them, and to whom nothing goes.
import { infiniteQueryOptions, keepPreviousData, type InfiniteData, queryOptions } from '@tanstack/react-query'
import { countsOf, isMoving, sumOf } from '../lib/mail'
import { type MailListSearch, PAGE_SIZE } from '../lib/search-params'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  type MailFilter, type MailHeadFragment, MailHeadFragmentDoc, MailListDocument, MailPulseDocument, MailSetupDocument, type MailStandingFragment, MailStandingFragmentDoc,
  MailStandingOfDocument, type MailWordsOfQuery, MailWordsOfDocument, OneMailDocument, SuppressionPartsFragmentDoc, SuppressionsDocument,
} from './gql/graphql'

/** The most that the server answers at a time. */
const MOST_AT_A_TIME = 200
/** While something is on its way, and while nothing is. */
const [SOON_MS, LATER_MS] = [4_000, 30_000]

/** Everything of mail. */
export const MAIL_KEY = ['mail'] as const
export const SUPPRESSIONS_KEY = [...MAIL_KEY, 'suppressions'] as const
/** What is asked again at once after a decision; the rows of a list stay where they are. */
export const MAIL_PULSE_KEY = [...MAIL_KEY, 'pulse'] as const

export type MailQuestion = Omit<MailListSearch, 'shown'>
export type MailRow = Omit<MailStandingFragment & MailHeadFragment, ' $fragmentName'>

type Masked<Doc extends typeof MailStandingFragmentDoc | typeof MailHeadFragmentDoc> = FragmentType<Doc>

export const standingOf = (mail: Masked<typeof MailStandingFragmentDoc>): MailStandingFragment => readFragment(MailStandingFragmentDoc, mail)

const rowOf = (mail: Masked<typeof MailStandingFragmentDoc> & Masked<typeof MailHeadFragmentDoc>): MailRow => ({
  ...readFragment(MailHeadFragmentDoc, mail),
  ...standingOf(mail),
})

const filterOf = ({ address, number, state }: MailQuestion): MailFilter => ({ address, number, states: state })

async function mailPage(question: MailQuestion, first: number, after: string | undefined, signal: AbortSignal) {
  const { mails } = await execute(MailListDocument, { filter: filterOf(question), first, after }, signal)
  if (mails.__typename === 'InvalidInput') throw new RefusedQuestion(mails.problems)
  return { nodes: mails.nodes.map(rowOf), pageInfo: mails.pageInfo }
}

/** `shown`: rows that were there before, when the page is loaded anew. */
export const mailsQuery = (question: MailQuestion, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...MAIL_KEY, 'list', question],
    queryFn: ({ pageParam, signal, client, queryKey }) => {
      const before = client.getQueryData<InfiniteData<Awaited<ReturnType<typeof mailPage>>>>(queryKey)?.pages[0]?.nodes.length
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(before ?? shown, MOST_AT_A_TIME)) : PAGE_SIZE
      return mailPage(question, first, pageParam, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    gcTime: 30 * 60_000,
    staleTime: 30_000,
    // Rows come and go when somebody asks for it; until then the pulse says where they stand.
    refetchOnWindowFocus: false,
  })

/** Where the newest mails stand, and how many stand where. Without the states of the question: a row that has moved on is still told. */
export const mailPulseQuery = ({ address, number }: MailQuestion) =>
  queryOptions({
    queryKey: [...MAIL_PULSE_KEY, address ?? null, number ?? null],
    queryFn: async ({ signal }) => {
      const { mailCounts, mails } = await execute(MailPulseDocument, { filter: filterOf({ address, number }), first: MOST_AT_A_TIME }, signal)
      // What is wrong with the question the list says.
      return { counts: countsOf(mailCounts), newest: mails.__typename === 'MailConnection' ? mails.nodes.map(standingOf) : [] }
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && (sumOf(state.data.counts, ['QUEUED', 'CLAIMED']) > 0 || state.data.newest.some(isMoving)) ? SOON_MS : LATER_MS),
  })

/** Null when there is no such mail. */
export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: [...MAIL_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { mail } = await execute(OneMailDocument, { id }, signal)
      return mail ? { ...mail, ...rowOf(mail) } : null
    },
    staleTime: 5_000,
    refetchOnWindowFocus: false,
  })

export type OneMail = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof mailQuery>['queryFn']>>>>

/** Where one mail stands, asked until it has settled. */
export const standingQuery = (id: string) =>
  queryOptions({
    queryKey: [...MAIL_PULSE_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { mail } = await execute(MailStandingOfDocument, { id }, signal)
      return mail ? standingOf(mail) : null
    },
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 1_500 : LATER_MS),
  })

export type MailWordsInfo = NonNullable<MailWordsOfQuery['mail']>['words']

/** A recorded read: asked once, when somebody opens it, and not kept. */
export const mailWordsQuery = (id: string) =>
  queryOptions({
    queryKey: [...MAIL_KEY, 'words', id],
    queryFn: async ({ signal }) => (await execute(MailWordsOfDocument, { id }, signal)).mail?.words ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const mailSetupQuery = queryOptions({
  queryKey: [...MAIL_KEY, 'setup'],
  queryFn: async ({ signal }) => (await execute(MailSetupDocument, {}, signal)).mailSetup,
  staleTime: 5 * 60_000,
})

export const suppressionsQuery = (address: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...SUPPRESSIONS_KEY, address ?? null],
    queryFn: async ({ pageParam, signal }) => {
      const { suppressions } = await execute(SuppressionsDocument, { address, first: PAGE_SIZE, after: pageParam }, signal)
      if (suppressions.__typename === 'InvalidInput') throw new RefusedQuestion(suppressions.problems)
      return { nodes: suppressions.nodes.map((node) => readFragment(SuppressionPartsFragmentDoc, node)), pageInfo: suppressions.pageInfo }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
