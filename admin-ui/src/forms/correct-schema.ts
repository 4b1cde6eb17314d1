// What a correction must hold before it is sent. The server decides in the end; this only saves a round trip.
import type { TFunction } from 'i18next'
import type { CorrectionKind, DeclarationField } from '../graphql/gql/graphql'
import { FIELD_SPECS } from '../lib/declaration-fields'
import { today } from '../lib/format'
import { z } from './zod'

export interface CorrectionValues {
  kind: CorrectionKind | ''
  since: string
  reason: string
  changes: { field: DeclarationField; value: string; before: string }[]
}

const MAX_REASON = 1000

type Problem = [path: (string | number)[], message: string]

function problemsOf(values: CorrectionValues, t: TFunction): Problem[] {
  const problems: Problem[] = []
  if (values.changes.length === 0) problems.push([['changes'], t('correct.problem.fields')])
  for (const [index, { field, value, before }] of values.changes.entries()) {
    const spec = FIELD_SPECS[field]
    const word = t(`field.${field}`)
    if (spec.required && value.trim() === '') {
      problems.push([['changes', index, 'value'], spec.input === 'choice' ? t('correct.problem.choice', { field: word }) : t('correct.problem.empty', { field: word })])
    } else if (value === before) problems.push([['changes', index, 'value'], t('correct.problem.unchanged')])
  }
  if (values.kind === '') problems.push([['kind'], t('correct.problem.kind')])
  if (values.kind === 'CHANGE' && values.since === '') problems.push([['since'], t('correct.problem.since')])
  if (values.kind === 'CHANGE' && values.since > today()) problems.push([['since'], t('correct.problem.sinceFuture')])
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
