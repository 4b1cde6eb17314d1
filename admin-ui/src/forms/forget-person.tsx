// Somebody in a declaration is to be forgotten for ever: in which role and why. It is only asked for; a second person decides.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { type FieldError as FormError, useForm, type UseFormRegisterReturn, type UseFormReturn, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Requested } from '../components/approvals/requested'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { type Faster, FasterBand, SaveFault } from '../components/save-fault'
import { requestForgetting } from '../graphql/approvals'
import { declarationQuery, type DeclarationRecord } from '../graphql/declaration'
import { readFragment } from '../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, HistoryPartsFragmentDoc, type PersonRole } from '../graphql/gql/graphql'
import { APPROVALS_KEY } from '../graphql/open-approvals'
import { useCommandId } from '../lib/command-id'
import { formatDeclarationNumber } from '../lib/format'
import { blockConversionEnter } from '../lib/ime'
import { personsOf, type RolePerson } from '../lib/persons'
import { Band } from '../ui/band'
import { ErrorSummary } from '../ui/error-summary'
import { FieldError, RequiredMark, TextArea } from '../ui/field'
import { TypedText } from '../ui/typed-text'
import { showProblems, summaryOf } from './problems'

interface Values {
  person: PersonRole | ''
  reason: string
}

const FIELDS = ['person', 'reason'] as const
const MOST_CHARACTERS = 1000

const factsOf = (record: DeclarationRecord) => readFragment(FactPartsFragmentDoc, record)

/** Who is in the record now, for somebody who meets it changed. */
function personsWord(record: DeclarationRecord, t: TFunction): string {
  const named = personsOf(factsOf(record)).filter(({ role }) => role !== 'REMARKS')
  return named.map(({ role, who }) => `${t(`person.${role}`)}: ${who ?? t('forgetting.nobody')}`).join(t('app.separator'))
}

function fasterOf(record: DeclarationRecord, t: TFunction): Faster {
  const entries = record.history.map((entry) => readFragment(HistoryPartsFragmentDoc, entry))
  const last = entries.toSorted((a, b) => Number(a.position) - Number(b.position)).at(-1)
  const by = last && (last.actor.kind === 'STAFF' ? last.actor : { name: t(`history.actor.${last.actor.kind}`) })
  return { at: last?.recordedAt, by, text: personsWord(record, t) }
}

function useRequest(started: DeclarationRecord, form: UseFormReturn<Values>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [newer, setNewer] = useState<DeclarationRecord>()
  const [requested, setRequested] = useState<{ id: string; person: PersonRole }>()
  const base = newer ?? started
  const request = useMutation({
    mutationFn: ({ person, reason }: { person: PersonRole; reason: string }) => {
      const content = { declarationId: started.id, expectedVersion: base.version, person, reason: reason.trim() }
      return requestForgetting({ commandId: commandId(content), ...content })
    },
    onSuccess: async (result, { person }) => {
      if (result.__typename === 'ApprovalRequested') {
        steps.onDirty(false)
        setRequested({ id: result.id, person })
        await client.invalidateQueries({ queryKey: APPROVALS_KEY })
      }
      if (result.__typename === 'RequestStale') {
        // The page behind shows it too.
        const now = await client.fetchQuery({ ...declarationQuery(started.id), staleTime: 0 })
        if (now.__typename === 'Declaration') setNewer(now)
        else form.setError('root', { message: t('forgetting.gone') })
      }
      if (result.__typename === 'NotFound') form.setError('root', { message: t('forgetting.gone') })
      if (result.__typename === 'InvalidInput') showProblems(result.problems, FIELDS, form)
    },
  })
  return { request, requested, base, faster: newer && fasterOf(newer, t) }
}

export function ForgetPersonForm({ record: newest }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the page behind is read again: a new contact must not be taken for the old one.
  const [started] = useState(newest)
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { person: '', reason: '' } })
  const { errors, submitCount } = form.formState
  const { request, requested, base, faster } = useRequest(started, form, steps)
  const [person, reason] = useWatch({ control: form.control, name: ['person', 'reason'] })
  const { onDirty } = steps
  const dirty = requested === undefined && (person !== '' || reason.trim() !== '')
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  // The button is pressed at the end of the form, and what came of it stands at its top.
  const news = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (base !== started || request.error) news.current?.scrollIntoView({ block: 'start' })
  }, [base, started, request.error])
  const facts = factsOf(base)
  const persons = personsOf(facts)
  const left = persons.filter(({ erased }) => !erased)
  const submit = form.handleSubmit((values) => {
    if (values.person !== '' && !request.isPending) request.mutate({ person: values.person, reason: values.reason })
  })
  if (requested) return <Requested id={requested.id} text={t('forgetting.done', { person: t(`person.${requested.person}`) })} />
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS, { person: `person-${left[0]?.role}` })} attempt={submitCount} />
        <div ref={news} className="scroll-mt-5 flex flex-col gap-6 empty:hidden">
          <SaveFault error={request.error} />
          <FasterBand faster={faster} lead={t('forgetting.staleLead')} />
        </div>
        <p>{t('forgetting.lead', { number: formatDeclarationNumber(facts.number) })}</p>
        <Warning />
        <PersonChoice
          persons={persons}
          published={facts.published}
          error={errors.person}
          field={form.register('person', { validate: (role) => left.some((one) => one.role === role) || t('forgetting.personMissing') })}
        />
        <TextArea
          id="reason"
          label={t('forgetting.reason')}
          help={t('forgetting.reasonHelp')}
          required
          error={errors.reason?.message}
          {...form.register('reason', {
            validate: (text) => {
              if (text.trim() === '') return t('approvals.reasonMissing')
              return [...text.trim()].length <= MOST_CHARACTERS || t('approvals.reasonLong')
            },
          })}
        />
      </div>
      <SheetFooter onClose={steps.close} saving={request.isPending} word={t('approvalRequest.send')} />
    </form>
  )
}

function Warning() {
  const { t } = useTranslation()
  return (
    <Band tone="warn" role="note" label={t('forgetting.warning')}>
      <p className="font-bold">{t('forgetting.warning')}</p>
      <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-5 text-sm text-text">
        {(['everywhere', 'stays', 'others', 'copies'] as const).map((name) => (
          <li key={name}>{t(`forgetting.${name}`)}</li>
        ))}
      </ul>
    </Band>
  )
}

interface ChoiceProps {
  persons: readonly RolePerson[]
  published: boolean
  error: FormError | undefined
  field: UseFormRegisterReturn<'person'>
}

function PersonChoice({ persons, published, error, field }: ChoiceProps) {
  const { t } = useTranslation()
  const erased = persons.filter((one) => one.erased)
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" aria-describedby={error ? 'person-error' : undefined}>
      <legend className="mb-2 flex items-center gap-2 font-bold">
        {t('forgetting.which')}
        <RequiredMark required />
      </legend>
      {persons
        .filter((one) => !one.erased)
        .map(({ role, who }) => (
          <label key={role} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2.5 has-checked:border-accent has-checked:bg-selected">
            <input
              id={`person-${role}`}
              type="radio"
              value={role}
              className="mt-1 size-5 shrink-0 accent-accent"
              aria-labelledby={`person-${role}-word`}
              aria-describedby={`person-${role}-help`}
              {...field}
            />
            <span className="min-w-0">
              <span id={`person-${role}-word`} className="block font-bold">
                {t(`person.${role}`)}
              </span>
              <span id={`person-${role}-help`} className="block text-sm text-muted">
                {role !== 'REMARKS' && (
                  <span className="block break-words text-text">
                    <TypedText text={who === undefined ? t('forgetting.nobodyNow') : t('forgetting.now', { who })} />
                  </span>
                )}
                {t(`forgetting.covers.${role}`)}
                {role === 'SOLE_TRADER' && published && ` ${t('forgetting.publicationEnds')}`}
              </span>
            </span>
          </label>
        ))}
      {erased.length > 0 && <p className="text-sm text-muted">{t('forgetting.erased', { persons: erased.map(({ role }) => t(`person.${role}`)).join(t('app.separator')) })}</p>}
      <FieldError id="person-error" error={error?.message} />
    </fieldset>
  )
}
