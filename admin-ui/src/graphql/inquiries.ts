// 問い合わせ: the queues, one thread, and everything that is done with it.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { isLater } from '../lib/inquiries'
import { PAGE_SIZE } from '../lib/search-params'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  ChangeInquiryDocument, ChangeInquiryDraftDocument, DeskSettingsDocument, ChooseCharsetDocument, InquiriesDocument, type InquiryChangeInput, type InquiryDraftChangeInput, InquiryOutcomeFragmentDoc, type InquiryPartsFragment, InquiryPartsFragmentDoc, type InquiryQueue,
  type InquiryRowFragment, InquiryRowFragmentDoc, InquirySeenDeclarationDocument, type InquirySort, type InquiryTag, MergeInquiriesDocument, OneInquiryDocument, OtherInquiryDocument,
  PreviewCharsetDocument, ReplyToInquiryDocument, type ReplyToInquiryInput, SplitInquiryDocument, WithdrawReplyDocument,
} from './gql/graphql'
import { INQUIRIES_KEY } from './inquiry-counts'

export type InquiryRow = InquiryRowFragment
export type InquiryRecord = InquiryPartsFragment
export type InquiryEntry = InquiryRecord['entries'][number]
export type InquiryMessage = NonNullable<InquiryEntry['message']>
export type InquiryDraft = NonNullable<InquiryRecord['draft']>
export type InquiryReply = NonNullable<InquiryEntry['reply']>

export interface InquiryQuestion {
  queue: InquiryQueue
  q?: string
  tag?: InquiryTag
  /** Who takes care of it. */
  staff?: string
  sort: InquirySort
}

/** What colleagues do is seen within a minute; each asking is noted as a read, so it is not more often. */
const OTHERS_MS = 60_000

/** A list that is behind what was heard is looked at again. */
const BEHIND_MS = 1_500

const MOST_AT_A_TIME = 100

let newestHeard: string | undefined

/** Something happened at the desk: lists that are asked for from now on have it. */
export function heardOf(position: string) {
  if (newestHeard === undefined || isLater(position, newestHeard)) newestHeard = position
}

export const inquiriesQuery = ({ queue, q, tag, staff, sort }: InquiryQuestion, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...INQUIRIES_KEY, 'list', queue, q ?? null, tag ?? null, staff ?? null, sort],
    queryFn: async ({ pageParam, signal }) => {
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(shown, MOST_AT_A_TIME)) : PAGE_SIZE
      const { inquiries } = await execute(InquiriesDocument, { queue, filter: { search: q, tag, assigneeId: staff }, sort, first, after: pageParam, atLeast: newestHeard }, signal)
      if (inquiries.__typename === 'InvalidInput') throw new RefusedQuestion(inquiries.problems)
      return { rows: inquiries.nodes.map((node): InquiryRow => readFragment(InquiryRowFragmentDoc, node)), pageInfo: inquiries.pageInfo, isCurrent: inquiries.isCurrent }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data?.pages.some((page) => !page.isCurrent) ? BEHIND_MS : OTHERS_MS),
    staleTime: 10_000,
  })

const recordOf = (parts: FragmentType<typeof InquiryPartsFragmentDoc>): InquiryRecord => readFragment(InquiryPartsFragmentDoc, parts)

/** Null when there is no such inquiry. Each asking is noted as a read, so going back to the window asks for nothing. */
export const inquiryQuery = (id: string) =>
  queryOptions({
    queryKey: [...INQUIRIES_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { inquiry } = await execute(OneInquiryDocument, { id }, signal)
      return inquiry ? recordOf(inquiry) : null
    },
    refetchOnWindowFocus: false,
    // An answer that waits goes within seconds; who wrote it wants to see that it went.
    refetchInterval: ({ state: { data } }) => (data?.entries.some(({ reply }) => reply && isOnItsWay(reply)) ? 3000 : false),
  })

/** Whether it has still to reach its carrier. */
const isOnItsWay = ({ state, nextTryAt }: InquiryReply) => state === 'CLAIMED' || (state === 'QUEUED' && (!nextTryAt || Date.parse(nextTryAt) - Date.now() < OTHERS_MS))

/** Another inquiry in a few words; null when it is gone. */
export const otherInquiryQuery = (id: string) =>
  queryOptions({
    queryKey: [...INQUIRIES_KEY, 'other', id],
    queryFn: async ({ signal }) => {
      const { inquiry } = await execute(OtherInquiryDocument, { id }, signal)
      if (!inquiry) return null
      const words = inquiry.entries.findLast(({ message }) => message)?.message?.words
      return { ...inquiry, words }
    },
    staleTime: OTHERS_MS,
    refetchOnWindowFocus: false,
  })

/** Which version of a declaration whoever writes an answer looks at; null when there is no such. */
export const seenDeclarationQuery = (id: string, begun: string) =>
  queryOptions({
    queryKey: ['seen-declaration', id, begun],
    queryFn: async ({ signal }) => {
      const { declaration } = await execute(InquirySeenDeclarationDocument, { id }, signal)
      return declaration?.__typename === 'Declaration' ? { id, version: declaration.version } : null
    },
    // It is what was seen when the answer was begun, whatever is true later.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const previewCharsetQuery = (inquiryId: string, messageId: string, charset: string) =>
  queryOptions({
    queryKey: ['preview-charset', inquiryId, messageId, charset],
    queryFn: async ({ signal }) => (await execute(PreviewCharsetDocument, { inquiryId, messageId, charset }, signal)).previewCharset,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })

interface Problem {
  field: string
  code: string
  message: string
}

/** What came of it. `moved`: the thread as it is now, and what its reader has not seen of it; nothing was written. */
export type InquiryOutcome =
  | { done: InquiryRecord }
  | { moved: InquiryRecord; since: readonly string[]; declarationIds: readonly string[] }
  | { problems: readonly Problem[] }
  | { gone: true }

function outcomeOf(parts: FragmentType<typeof InquiryOutcomeFragmentDoc>): InquiryOutcome {
  const result = readFragment(InquiryOutcomeFragmentDoc, parts)
  if (result.__typename === 'InquiryChanged') return { done: recordOf(result.inquiry) }
  if (result.__typename === 'InquiryMoved') return { moved: recordOf(result.inquiry), since: result.since, declarationIds: [] }
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { gone: true }
}

type Seen = Pick<InquiryRecord, 'id' | 'version'>
const on = ({ id, version }: Seen, commandId: string) => ({ commandId, id, expectedVersion: version })

export const changeInquiry = async (commandId: string, seen: Seen, change: InquiryChangeInput) =>
  outcomeOf((await execute(ChangeInquiryDocument, { input: { ...on(seen, commandId), change } })).changeInquiry)

export const changeInquiryDraft = async (commandId: string, seen: Seen, change: InquiryDraftChangeInput) =>
  outcomeOf((await execute(ChangeInquiryDraftDocument, { input: { ...on(seen, commandId), change } })).changeInquiryDraft)

/** How the office works; nothing of it changes while a server runs. */
export const deskSettingsQuery = queryOptions({
  queryKey: ['desk-settings'],
  queryFn: async ({ signal }) => (await execute(DeskSettingsDocument, {}, signal)).deskSettings,
  staleTime: Number.POSITIVE_INFINITY,
})

export const mergeInquiries = async (commandId: string, part: Seen, into: Seen) =>
  outcomeOf((await execute(MergeInquiriesDocument, { input: { ...on(part, commandId), intoId: into.id, intoVersion: into.version } })).mergeInquiries)

export const splitInquiry = async (commandId: string, seen: Seen, messageIds: string[]) =>
  outcomeOf((await execute(SplitInquiryDocument, { input: { ...on(seen, commandId), messageIds } })).splitInquiry)

export const chooseCharset = async (commandId: string, seen: Seen, messageId: string, charset: string) =>
  outcomeOf((await execute(ChooseCharsetDocument, { input: { ...on(seen, commandId), messageId, charset } })).chooseCharset)

export const withdrawReply = async (commandId: string, seen: Seen, mailId: string) =>
  outcomeOf((await execute(WithdrawReplyDocument, { input: { ...on(seen, commandId), mailId } })).withdrawReply)

export type ReplyWords = Omit<ReplyToInquiryInput, 'commandId' | 'id' | 'expectedVersion'>

export async function replyToInquiry(commandId: string, seen: Seen, words: ReplyWords): Promise<InquiryOutcome> {
  const result = (await execute(ReplyToInquiryDocument, { input: { ...on(seen, commandId), ...words } })).replyToInquiry
  if (result.__typename === 'InquiryReplied') return { done: recordOf(result.inquiry) }
  if (result.__typename === 'ReplyHeld') return { moved: recordOf(result.inquiry), since: result.since, declarationIds: result.declarationIds }
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { gone: true }
}
