// How many inquiries came and went in some days, and how long it took. The days stand in the address, as text that anybody may have typed.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { readDay } from '../lib/date-text'
import { today } from '../lib/format'
import { RefusedQuestion } from './declarations'
import { execute } from './execute'
import { InquiryNumbersDocument, type InquiryNumbersQuery } from './gql/graphql'

export type InquiryNumbers = Extract<InquiryNumbersQuery['inquiryNumbers'], { __typename: 'InquiryNumbers' }>

/** Both days are counted. */
export interface Period {
  from: string
  to: string
}

export const PRESETS = ['last30', 'thisMonth', 'lastMonth', 'lastYear'] as const
export type Preset = (typeof PRESETS)[number]

const moved = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export function presetPeriod(preset: Preset, now = today()): Period {
  const first = `${now.slice(0, 8)}01`
  if (preset === 'thisMonth') return { from: first, to: now }
  if (preset === 'lastMonth') return { from: `${moved(first, -1).slice(0, 8)}01`, to: moved(first, -1) }
  return { from: moved(now, preset === 'lastYear' ? -364 : -29), to: now }
}

/** As an address says it. */
export const searchOf = ({ from, to }: Period) => ({ from, until: to })

/** What an address asks; undefined where it names no days, or one that is none. Without any, the last thirty days. */
export function readPeriod({ from, until }: { from?: string; until?: string }): Period | undefined {
  if (from === undefined && until === undefined) return presetPeriod('last30')
  const [first, last] = [readDay(from ?? ''), readDay(until ?? '')]
  return first !== undefined && last !== undefined ? { from: first, to: last } : undefined
}

export const inquiryNumbersQuery = (period: Period) =>
  queryOptions({
    queryKey: ['inquiry-numbers', period],
    queryFn: async ({ signal }) => {
      const { inquiryNumbers } = await execute(InquiryNumbersDocument, { ...period }, signal)
      if (inquiryNumbers.__typename === 'InvalidInput') throw new RefusedQuestion(inquiryNumbers.problems)
      return { ...inquiryNumbers, period }
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
