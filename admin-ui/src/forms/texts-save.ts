// Saving texts that colleagues may have changed meanwhile: what only one of them changed is put together, what both did is asked about.
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type FieldValues, type Path, type PathValue, type UseFormReturn, useWatch } from 'react-hook-form'
import { type ConflictField, mergeTexts } from '../components/text-conflict'
import { showProblems } from './problems'

type Texts = Record<string, string>
type Problem = { field: string; code: string; message: string }
type Outcome<T> = { done: T } | { conflict: T } | { problems: readonly Problem[] } | { gone: true }

interface Save<T, V extends Texts & FieldValues> {
  /** What there is; undefined: it is a new one. */
  known: T | undefined
  fields: readonly (Path<V> & keyof V & string)[]
  empty: V
  valuesOf: (known: T) => V
  /** Sends it against what the person started from. */
  send: (values: V, base: T | undefined) => Promise<Outcome<T>>
  queryKey: QueryKey
  /** The sentence when there is none any more. */
  gone: string
  /** The field as the form calls it. */
  fieldOf?: (name: string) => string
  onSaved: (saved: T) => void
}

export function useTextsSave<T, V extends Texts & FieldValues>(form: UseFormReturn<V>, { known, fields, empty, valuesOf, send, queryKey, gone, fieldOf = (name) => name, onSaved }: Save<T, V>) {
  const client = useQueryClient()
  // What the person started from, until somebody else has saved.
  const [base, setBase] = useState(known)
  const [conflict, setConflict] = useState<{ theirs: V; both: readonly (keyof V & string)[] }>()
  const put = (field: keyof V & string, text: string) => form.setValue(field as Path<V>, text as PathValue<V, Path<V>>, { shouldDirty: true })
  const save = useMutation({
    mutationFn: (values: V) => send(values, base),
    onSuccess: async (outcome, mine) => {
      await client.invalidateQueries({ queryKey })
      if ('done' in outcome) return onSaved(outcome.done)
      if ('gone' in outcome) return form.setError('root', { message: gone })
      if ('problems' in outcome) return showProblems(outcome.problems.map((problem) => ({ ...problem, field: fieldOf(problem.field) })), fields, form)
      const theirs = valuesOf(outcome.conflict)
      const { merged, both } = mergeTexts<V>(base ? valuesOf(base) : empty, mine, theirs)
      for (const field of fields) put(field, merged[field])
      setBase(outcome.conflict)
      return setConflict({ theirs, both })
    },
  })
  const take = ({ name }: ConflictField) => {
    put(name, conflict?.theirs[name] ?? '')
    setConflict((now) => now && { ...now, both: now.both.filter((item) => item !== name) })
  }
  return { save, conflict, take }
}

/** What both changed and nobody has decided about yet; `told`: how a value is said. */
export function useConflictFields<V extends Texts & FieldValues>(form: UseFormReturn<V>, conflict: { theirs: V; both: readonly (keyof V & string)[] } | undefined, label: (name: keyof V & string) => string, told: (name: string, text: string) => string): ConflictField[] {
  const now = useWatch({ control: form.control }) as Partial<Texts>
  return conflict?.both.map((name) => ({ name, label: label(name), theirs: told(name, conflict.theirs[name] ?? ''), mine: told(name, now[name] ?? '') })) ?? []
}
