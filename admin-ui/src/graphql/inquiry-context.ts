// What stands beside a thread: whom it may be about, what was sent to them, and which answers there are already.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import { InquiryContextDocument, type InquiryContextQuery, MailHeadFragmentDoc, MailStandingFragmentDoc, RowPartsFragmentDoc } from './gql/graphql'
import { INQUIRIES_KEY } from './inquiry-counts'

/** Null when there is no such inquiry. `messages`: how many came in; what another one says may lead to others. */
export const inquiryContextQuery = (id: string, messages: number) =>
  queryOptions({
    queryKey: [...INQUIRIES_KEY, 'context', id, messages],
    queryFn: async ({ signal }) => {
      const { inquiryContext } = await execute(InquiryContextDocument, { id }, signal)
      if (!inquiryContext) return null
      return {
        ...inquiryContext,
        declarations: inquiryContext.declarations.map(({ row, ...found }) => ({ ...found, row: readFragment(RowPartsFragmentDoc, row) })),
        mails: inquiryContext.mails.map((mail) => ({ ...readFragment(MailStandingFragmentDoc, mail), ...readFragment(MailHeadFragmentDoc, mail) })),
      }
    },
    placeholderData: keepPreviousData,
    // It names persons: each asking is noted as a read.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export type InquiryContextShown = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof inquiryContextQuery>['queryFn']>>>>
export type FoundDeclaration = InquiryContextShown['declarations'][number]
export type SuggestedAnswer = NonNullable<InquiryContextQuery['inquiryContext']>['answers'][number]
