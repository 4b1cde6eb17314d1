// Problems of a form in one shape, whether found here or by the server, for the summary and the fields.
import type { FieldErrors, FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { problemText } from '../lib/problem-text'
import type { FormProblem } from '../ui/error-summary'

interface ServerProblem {
  field: string
  code: string
  message: string
}

/** Puts what the server found wrong beside the inputs that it is about; what is about none of them belongs to the whole form. */
export function showProblems<V extends FieldValues>(problems: readonly ServerProblem[], fields: readonly Path<V>[], form: UseFormReturn<V>) {
  const rest: string[] = []
  for (const problem of problems) {
    const field = fields.find((name) => name === problem.field)
    if (field) form.setError(field, { message: problemText(problem) })
    else rest.push(problemText(problem))
  }
  if (rest.length > 0) form.setError('root', { message: rest.join(' ') })
}

/** In the order of the form. `targets` holds the id of the input where it is not the name of the field. */
export function summaryOf<V extends FieldValues>(errors: FieldErrors<V>, fields: readonly Path<V>[], targets: Partial<Record<string, string>> = {}): FormProblem[] {
  const told = fields.flatMap((field) => {
    const message = errors[field]?.message
    return typeof message === 'string' ? [{ target: targets[field] ?? field, message }] : []
  })
  const root = errors.root?.message
  return root ? [...told, { message: root }] : told
}
