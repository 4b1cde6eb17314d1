// Saved views of the list of declarations.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { ListViewsDocument, type ListViewsQuery } from './gql/graphql'

export type ListView = ListViewsQuery['listViews'][number]

export const VIEWS_KEY = ['list-views'] as const

export const listViewsQuery = queryOptions({
  queryKey: VIEWS_KEY,
  queryFn: async ({ signal }) => (await execute(ListViewsDocument, {}, signal)).listViews,
  staleTime: 60_000,
})
