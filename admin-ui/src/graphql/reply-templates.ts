// 回答テンプレート: texts that are written once, and put into answers filled with what is known.
import { queryOptions } from '@tanstack/react-query'
import { execute } from './execute'
import { type FragmentType, readFragment } from './gql/fragment-masking'
import {
  ChangeReplyTemplateDocument, type ChangeReplyTemplateInput, FilledTemplateDocument, type FilledTemplateQueryVariables, ReplyTemplateOutcomeFragmentDoc, type ReplyTemplatePartsFragment, ReplyTemplatePartsFragmentDoc,
  ReplyTemplatesDocument, SaveReplyTemplateDocument, type SaveReplyTemplateInput,
} from './gql/graphql'

export type ReplyTemplate = ReplyTemplatePartsFragment

export const TEMPLATES_KEY = ['reply-templates'] as const

export const replyTemplatesQuery = (withRetired: boolean) =>
  queryOptions({
    queryKey: [...TEMPLATES_KEY, withRetired],
    queryFn: async ({ signal }) => (await execute(ReplyTemplatesDocument, { withRetired }, signal)).replyTemplates.map((template): ReplyTemplate => readFragment(ReplyTemplatePartsFragmentDoc, template)),
    staleTime: 30_000,
  })

/** Null when one of the two does not exist. It is filled anew each time: names and numbers change. */
export const fillTemplate = async (what: FilledTemplateQueryVariables) => (await execute(FilledTemplateDocument, what)).filledTemplate ?? null

interface Problem {
  field: string
  code: string
  message: string
}

export type TemplateOutcome = { done: ReplyTemplate } | { conflict: ReplyTemplate } | { problems: readonly Problem[] } | { gone: true }

function outcomeOf(masked: FragmentType<typeof ReplyTemplateOutcomeFragmentDoc>): TemplateOutcome {
  const result = readFragment(ReplyTemplateOutcomeFragmentDoc, masked)
  if (result.__typename === 'ReplyTemplateSaved') return { done: readFragment(ReplyTemplatePartsFragmentDoc, result.template) }
  if (result.__typename === 'ReplyTemplateConflict') return { conflict: readFragment(ReplyTemplatePartsFragmentDoc, result.current) }
  return result.__typename === 'InvalidInput' ? { problems: result.problems } : { gone: true }
}

export const saveReplyTemplate = async (input: SaveReplyTemplateInput) => outcomeOf((await execute(SaveReplyTemplateDocument, { input })).saveReplyTemplate)

export const changeReplyTemplate = async (input: ChangeReplyTemplateInput) => outcomeOf((await execute(ChangeReplyTemplateDocument, { input })).changeReplyTemplate)
