// Saved views of the lists: of declarations, and of inquiries.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { ListViewsDocument, type ListViewsQuery, type ViewedList } from './gql/graphql'

export type ListView = ListViewsQuery['listViews'][number]

export const viewsKey = (list: ViewedList) => ['list-views', list] as const

export const listViewsQuery = (list: ViewedList) =>
  queryOptions({
    queryKey: viewsKey(list),
    queryFn: async ({ signal }) => (await execute(ListViewsDocument, { list }, signal)).listViews,
    staleTime: 60_000,
  })
