// Who may be meant by somebody that has forgotten their number.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { FindDeclarerDocument } from './gql/graphql'

/** What is typed may be a mail address, so nothing is kept of it once it is not asked for any more. */
export const declarersQuery = (text: string) =>
  queryOptions({
    queryKey: ['declarations', 'declarers', text],
    queryFn: async ({ signal }) => {
      const { findDeclarer } = await execute(FindDeclarerDocument, { text }, signal)
      if (findDeclarer.__typename === 'InvalidInput') throw new RefusedQuestion(findDeclarer.problems)
      return findDeclarer
    },
    enabled: text !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
