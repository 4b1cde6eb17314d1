// よくある質問: what is asked often and how it is answered, with everything that happened to it.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { PAGE_SIZE } from '../lib/search-params'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  type ArticleFilter, type ArticleHeadFragment, ArticleHeadFragmentDoc, ArticleOutcomeFragmentDoc, type ArticlePartsFragment, ArticlePartsFragmentDoc, ArticlesDocument, type ArticlesQuery, ChangeArticleDocument,
  type ChangeArticleInput, OneArticleDocument, type OneArticleQuery, SaveArticleDocument, type SaveArticleInput,
} from './gql/graphql'

type Node = Extract<ArticlesQuery['articles'], { __typename: 'ArticleConnection' }>['nodes'][number]
type Bare<T> = Omit<T, ' $fragmentName' | ' $fragmentRefs'>

export type ArticleRow = Bare<ArticleHeadFragment> & Pick<Node, 'ja' | 'en'>
export type Article = Bare<ArticleHeadFragment> & Pick<ArticlePartsFragment, 'ja' | 'en'>
export type ArticleEntry = NonNullable<OneArticleQuery['article']>['history'][number]

export const ARTICLES_KEY = ['articles'] as const
const MOST_AT_A_TIME = 100

export const articlesQuery = (filter: ArticleFilter, shown = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey: [...ARTICLES_KEY, 'list', filter],
    queryFn: async ({ pageParam, signal }) => {
      const first = pageParam === undefined ? Math.max(PAGE_SIZE, Math.min(shown, MOST_AT_A_TIME)) : PAGE_SIZE
      const { articles } = await execute(ArticlesDocument, { filter, first, after: pageParam }, signal)
      if (articles.__typename === 'InvalidInput') throw new RefusedQuestion(articles.problems)
      return { rows: articles.nodes.map((node): ArticleRow => ({ ...readFragment(ArticleHeadFragmentDoc, node), ja: node.ja, en: node.en })), pageInfo: articles.pageInfo }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? (last.pageInfo.endCursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

function articleOf(masked: FragmentType<typeof ArticlePartsFragmentDoc>): Article {
  const parts = readFragment(ArticlePartsFragmentDoc, masked)
  return { ...readFragment(ArticleHeadFragmentDoc, parts), ja: parts.ja, en: parts.en }
}

/** Null when there is no such article. */
export const articleQuery = (id: string) =>
  queryOptions({
    queryKey: [...ARTICLES_KEY, 'one', id],
    queryFn: async ({ signal }) => {
      const { article } = await execute(OneArticleDocument, { id }, signal)
      return article ? { article: articleOf(article.article), history: article.history } : null
    },
    staleTime: 10_000,
  })

interface Problem {
  field: string
  code: string
  message: string
}

export type ArticleOutcome = { done: Article } | { conflict: Article } | { problems: readonly Problem[] } | { gone: true }

function outcomeOf(masked: FragmentType<typeof ArticleOutcomeFragmentDoc>): ArticleOutcome {
  const result = readFragment(ArticleOutcomeFragmentDoc, masked)
  if (result.__typename === 'ArticleSaved') return { done: articleOf(result.article) }
  if (result.__typename === 'ArticleConflict') return { conflict: articleOf(result.current) }
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { gone: true }
}

export const saveArticle = async (input: SaveArticleInput) => outcomeOf((await execute(SaveArticleDocument, { input })).saveArticle)

export const changeArticle = async (input: ChangeArticleInput) => outcomeOf((await execute(ChangeArticleDocument, { input })).changeArticle)
