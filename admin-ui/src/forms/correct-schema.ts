// What a correction must hold before it is sent. The server decides in the end; this only saves a round trip.
import type { TFunction } from 'i18next'
import type { CorrectionKind, DeclarationField } from '../graphql/gql/graphql'
import { FIELD_SPECS } from '../lib/declaration-fields'
import { readDay } from '../lib/date-text'
import { today } from '../lib/format'
import { z } from './zod'

export interface CorrectionValues {
  kind: CorrectionKind | ''
  since: string
  reason: string
  changes: { field: DeclarationField; value: string; before: string }[]
  /** Kept beside the form; here only for what is wrong with them. */
  attachments?: string
  noDocument?: string
}

const MAX_REASON = 1000

/** A value as the register takes it: a day in its one form, everything else as it was typed. */
export const sent = (field: DeclarationField, value: string): string => (FIELD_SPECS[field].input === 'date' && readDay(value)) || value

type Problem = [path: (string | number)[], message: string]

function sinceProblems(since: string, t: TFunction): Problem[] {
  if (since.trim() === '') return [[['since'], t('correct.problem.since')]]
  const day = readDay(since)
  if (!day) return [[['since'], t('day.unreadable')]]
  return day > today() ? [[['since'], t('correct.problem.sinceFuture')]] : []
}

function problemsOf(values: CorrectionValues, t: TFunction): Problem[] {
  const problems: Problem[] = []
  if (values.changes.length === 0) problems.push([['changes'], t('correct.problem.fields')])
  for (const [index, { field, value, before }] of values.changes.entries()) {
    const spec = FIELD_SPECS[field]
    const word = t(`field.${field}`)
    if (spec.required && value.trim() === '') {
      problems.push([['changes', index, 'value'], spec.input === 'choice' ? t('correct.problem.choice', { field: word }) : t('correct.problem.empty', { field: word })])
    } else if (spec.input === 'date' && value.trim() !== '' && !readDay(value)) problems.push([['changes', index, 'value'], t('day.unreadable')])
    else if (sent(field, value) === before) problems.push([['changes', index, 'value'], t('correct.problem.unchanged', { field: word })])
  }
  if (values.kind === '') problems.push([['kind'], t('correct.problem.kind')])
  if (values.kind === 'CHANGE') problems.push(...sinceProblems(values.since, t))
  if (values.reason.trim() === '') problems.push([['reason'], t('correct.problem.reason')])
  if ([...values.reason].length > MAX_REASON) problems.push([['reason'], t('correct.problem.reasonLong')])
  return problems
}

export function correctionSchema(t: TFunction) {
  return z.custom<CorrectionValues>().check((context) => {
    for (const [path, message] of problemsOf(context.value, t)) {
      context.issues.push({ code: 'custom', input: context.value, path, message })
    }
  })
}
