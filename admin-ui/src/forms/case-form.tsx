// One form for every step of a case and every command of a record: its fields are a list, what it sends is the caller's.
import { useMutation } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { type ReactNode, useEffect, useState } from 'react'
import { Controller, useForm, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { SaveFault } from '../components/save-fault'
import type { Sent } from '../graphql/cases'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { DayInput } from '../ui/day-input'
import { problemText } from '../lib/problem-text'
import { ErrorSummary, type FormProblem } from '../ui/error-summary'
import { FieldError, RequiredMark, SelectInput, TextArea, TextInput } from '../ui/field'
import { showProblems, summaryOf } from './problems'

export interface CaseField {
  /** As the server names it. */
  name: string
  kind: 'line' | 'lines' | 'day' | 'time' | 'number' | 'choice' | 'choices'
  label: string
  help?: string
  required?: boolean
  choices?: readonly { value: string; word: string }[]
  initial?: string
  rows?: number
  /** The most characters. */
  limit?: number
  /** The last day that can be picked. */
  max?: string
  keyboard?: 'email' | 'tel' | 'url'
  /** Whether it is asked for, by what is typed so far (under names with _ for dots); always when left out. Else it is not sent. */
  shown?: (typed: CaseValues) => boolean
  /** An input of its own, with what is wrong with its text. */
  own?: { wrong: (text: string) => string | true; input: (bound: Bound, error: string | undefined, typed: CaseValues) => ReactNode }
}

export type CaseValues = Record<string, string>

/** Somebody was faster: what is known of it, and the way to send once more on top of that. */
export interface Again<C> {
  conflict: C
  values: CaseValues
  submit: (values: CaseValues) => void
  saving: boolean
  error: Error | null
}

const TIME = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/

/** 9:05 as 09:05; undefined when it is no time of day. */
export function readTime(text: string): string | undefined {
  const found = TIME.exec(text.trim().normalize('NFKC'))
  return found ? `${(found[1] ?? '').padStart(2, '0')}:${found[2] ?? ''}` : undefined
}

const MISSING = { line: 'cases.missing', lines: 'cases.missing', day: 'cases.dayMissing', time: 'cases.timeMissing', number: 'cases.numberMissing', choice: 'cases.chooseMissing', choices: 'cases.chooseMissing' } as const

/** Names the field, as the summary of all problems stands apart from the fields. */
function wrong({ kind, label, required, limit, own }: CaseField, text: string, t: TFunction): string | true {
  const typed = text.trim()
  if (own) return own.wrong(typed)
  const missing = t(MISSING[kind], { label })
  if (typed === '') return required ? missing : true
  if (limit !== undefined && [...text].length > limit) return t('cases.tooLong', { label, limit })
  if (kind === 'day' && readDay(typed) === undefined) return t('day.unreadable')
  if (kind === 'time' && readTime(typed) === undefined) return missing
  if (kind === 'number' && !/^\d{1,9}$/.test(typed.normalize('NFKC'))) return missing
  return true
}

/** As it is sent: days and times in their one form. */
function read(field: CaseField, text: string): string {
  const typed = text.trim()
  if (field.kind === 'day') return readDay(typed) ?? typed
  if (field.kind === 'time') return readTime(typed) ?? typed
  return field.kind === 'number' ? typed.normalize('NFKC') : typed
}

/** Inputs of a form that are no texts, with a check of their own. */
export interface Beside {
  node: ReactNode
  /** As the server names them. */
  names: readonly string[]
  /** What is wrong with them now, for the summary. */
  problems: readonly FormProblem[]
  /** Says what is missing; whether nothing is. */
  check: () => boolean
  /** Takes what the server found wrong. */
  tell: (field: string, message: string) => void
  /** As it is sent: another content is another command. */
  content: () => unknown
}

interface Props<T, C> {
  fields: readonly CaseField[]
  word: string
  lead?: ReactNode
  /** `over`: the conflict that the person has looked at. */
  send: (commandId: string, values: CaseValues, over?: C) => Promise<Sent<T, C>>
  onDone: (done: T) => void | Promise<void>
  /** Inputs that are no texts. */
  beside?: Beside
  /** In the place of the form when somebody was faster. */
  renderConflict?: (again: Again<C>) => ReactNode
}

const keyOf = (name: string) => name.replaceAll('.', '_')

export function CaseForm<T, C = never>({ fields, word, lead, send, onDone, beside, renderConflict }: Props<T, C>) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const commandId = useCommandId()
  const form = useForm<CaseValues>({ shouldFocusError: false, defaultValues: Object.fromEntries(fields.map((field) => [keyOf(field.name), field.initial ?? ''])) })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const typed = useWatch({ control: form.control }) as CaseValues
  const asked = fields.filter(({ shown }) => shown?.(typed) ?? true)
  const names = asked.map((field) => keyOf(field.name))
  const [faster, setFaster] = useState<{ conflict: C; values: CaseValues }>()
  const save = useMutation({
    mutationFn: ({ values, over }: { values: CaseValues; over?: C }) => send(commandId([values, over, beside?.content()]), values, over),
    onSuccess: async (sent, { values }) => {
      if ('conflict' in sent) return setFaster({ conflict: sent.conflict, values })
      if ('done' in sent) {
        onDirty(false)
        return onDone(sent.done)
      }
      setFaster(undefined)
      if ('problems' in sent) {
        const isBeside = ({ field }: { field: string }) => beside?.names.includes(field) ?? false
        for (const problem of sent.problems.filter(isBeside)) beside?.tell(problem.field, problemText(problem))
        return showProblems(sent.problems.filter((problem) => !isBeside(problem)).map((problem) => ({ ...problem, field: keyOf(problem.field) })), names, form)
      }
      return form.setError('root', { message: t('stale' in sent ? 'cases.stale' : 'cases.gone') })
    },
  })
  const submit = form.handleSubmit((all) => {
    if (beside && !beside.check()) return
    if (!save.isPending) save.mutate({ values: Object.fromEntries(asked.map((field) => [field.name, read(field, all[keyOf(field.name)] ?? '')])) })
  }, () => void beside?.check())
  if (faster && renderConflict)
    return renderConflict({ ...faster, saving: save.isPending, error: save.error, submit: (values) => !save.isPending && save.mutate({ values, over: faster.conflict }) })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={[...summaryOf(errors, names), ...(beside?.problems ?? [])]} attempt={submitCount} />
        <SaveFault error={save.error} />
        {typeof lead === 'string' ? <Band tone="info" role="note">{lead}</Band> : lead}
        {asked.map((field) => (
          <Controller
            key={field.name}
            control={form.control}
            name={keyOf(field.name)}
            rules={{ validate: (text) => wrong(field, text ?? '', t) }}
            render={({ field: bound, fieldState }) => <Input field={field} bound={bound} error={fieldState.error?.message} typed={typed} />}
          />
        ))}
        {beside?.node}
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={word} />
    </form>
  )
}

export interface Bound {
  name: string
  value: string | undefined
  onChange: (value: string) => void
  onBlur: () => void
}

function Input({ field, bound, error, typed }: { field: CaseField; bound: Bound; error: string | undefined; typed: CaseValues }) {
  const choose = useTranslation().t('cases.choose')
  if (field.own) return field.own.input(bound, error, typed)
  const shared = { id: bound.name, name: bound.name, label: field.label, help: field.help, error, required: field.required, value: bound.value ?? '', onBlur: bound.onBlur }
  if (field.kind === 'lines') return <TextArea {...shared} rows={field.rows ?? 4} onChange={(event) => bound.onChange(event.target.value)} />
  if (field.kind === 'day') return <DayInput {...shared} max={field.max} onChange={bound.onChange} />
  if (field.kind === 'choice')
    return (
      <SelectInput {...shared} onChange={(event) => bound.onChange(event.target.value)}>
        {field.initial === undefined && <option value="">{choose}</option>}
        {field.choices?.map(({ value, word }) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectInput>
    )
  if (field.kind === 'choices') return <Choices field={field} bound={bound} error={error} />
  return <TextInput {...shared} autoComplete="off" inputMode={field.kind === 'number' ? 'numeric' : field.keyboard} className={field.kind === 'line' ? '' : 'num max-w-40'} onChange={(event) => bound.onChange(event.target.value)} />
}

/** Any number of them; the value holds them with spaces in between. */
function Choices({ field, bound, error }: { field: CaseField; bound: Bound; error: string | undefined }) {
  const chosen = (bound.value ?? '').split(' ').filter(Boolean)
  return (
    <fieldset className="flex flex-col gap-1" aria-describedby={error && `${bound.name}-error`}>
      <legend className="flex items-center gap-2 font-bold">
        {field.label}
        <RequiredMark required={field.required} />
      </legend>
      {field.help && <p className="text-sm text-muted">{field.help}</p>}
      {field.choices?.map(({ value, word }, index) => (
        <label key={value} className="flex min-h-8 items-center gap-2 touch:min-h-11">
          <input
            id={index === 0 ? bound.name : undefined}
            type="checkbox"
            className="size-5 shrink-0"
            checked={chosen.includes(value)}
            onChange={(event) => bound.onChange((event.target.checked ? [...chosen, value] : chosen.filter((item) => item !== value)).join(' '))}
          />
          {word}
        </label>
      ))}
      <FieldError id={`${bound.name}-error`} error={error} />
    </fieldset>
  )
}
