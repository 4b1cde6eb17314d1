// A token for a program of another office: what it is for, what it may read, and until when.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ProveFirst, useProof } from '../components/credentials/prove-again'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { SaveFault } from '../components/save-fault'
import { ScopeChoice } from '../components/tokens/scope-choice'
import { execute } from '../graphql/execute'
import { type ApiTokenScope, IssueApiTokenDocument } from '../graphql/gql/graphql'
import { TOKENS_KEY } from '../graphql/tokens'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { today } from '../lib/format'
import { blockConversionEnter } from '../lib/ime'
import { addDays } from '../lib/months'
import { DayInput } from '../ui/day-input'
import { ErrorSummary } from '../ui/error-summary'
import { TextInput } from '../ui/field'
import { showProblems, summaryOf } from './problems'

interface Values {
  name: string
  scopes: ApiTokenScope[]
  /** The last day on which it is good. */
  expiresAt: string
}

export interface IssuedToken {
  name: string
  token: string
}

const FIELDS = ['name', 'scopes', 'expiresAt'] as const
/** The first that can be ticked. */
const TARGETS = { scopes: 'scope-READ_DECLARATIONS' }
const NAME_MOST = 60
const DEFAULT_DAYS = 90
const MOST_DAYS = 365

const daysAhead = (days: number) => addDays(today(), days) ?? today()
/** The end of the day in Japan. */
const endOf = (day: string) => new Date(`${day}T23:59:59+09:00`).toISOString()

export function IssueTokenForm({ onIssued }: { onIssued: (issued: IssuedToken) => void }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const commandId = useCommandId()
  const proof = useProof<Values>()
  const [last] = useState(() => daysAhead(MOST_DAYS))
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { name: '', scopes: [], expiresAt: daysAhead(DEFAULT_DAYS) } })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const save = useMutation({
    mutationFn: async (values: Values) => {
      const content = { name: values.name.trim(), scopes: values.scopes, expiresAt: endOf(readDay(values.expiresAt) ?? last) }
      return (await execute(IssueApiTokenDocument, { input: { commandId: commandId(content), ...content } })).issueApiToken
    },
    onSuccess: async (result, values) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(values)
      if (result.__typename === 'InvalidInput') {
        showProblems(result.problems, FIELDS, form)
      } else {
        // What is shown once would be lost.
        onDirty(true)
        onIssued({ name: values.name.trim(), token: result.token })
      }
      // Also when it was issued before and its answer was lost: the list tells it.
      await client.invalidateQueries({ queryKey: TOKENS_KEY })
    },
  })
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  const nameProblem = (name: string) => (name === '' ? t('tokenIssue.nameMissing') : [...name].length > NAME_MOST ? t('tokenIssue.nameLong') : true)
  const dayProblem = (day: string | undefined) => (day === undefined ? t('day.unreadable') : day < today() ? t('tokenIssue.dayOver') : day > last ? t('tokenIssue.dayLate') : true)
  return (
    <>
      <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
        <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
          <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
          <SaveFault error={save.error} />
          <p>{t('tokenIssue.lead')}</p>
          <TextInput
            id="name"
            label={t('tokenIssue.name')}
            help={t('tokenIssue.nameHelp')}
            required
            autoComplete="off"
            error={errors.name?.message}
            {...form.register('name', { validate: (text) => nameProblem(text.trim()) })}
          />
          <Controller
            control={form.control}
            name="scopes"
            rules={{ validate: (scopes) => scopes.length > 0 || t('tokenIssue.scopesMissing') }}
            render={({ field }) => <ScopeChoice chosen={field.value} onChange={field.onChange} error={errors.scopes?.message} />}
          />
          <Controller
            control={form.control}
            name="expiresAt"
            rules={{ validate: (text) => dayProblem(readDay(text)) }}
            render={({ field }) => <DayInput {...field} id="expiresAt" label={t('tokenIssue.expires')} help={t('tokenIssue.expiresHelp')} required max={last} error={errors.expiresAt?.message} />}
          />
        </div>
        <SheetFooter onClose={steps.close} saving={save.isPending} word={t('tokenIssue.save')} />
      </form>
      <ProveFirst proof={proof} goOn={save.mutate} />
    </>
  )
}
