// One deadline: a new one, or one that is there.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Controller, useForm, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { deadlineText, whenWord } from '../components/calendar/words'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { FasterBand, type Faster, LastChanged, SaveFault } from '../components/save-fault'
import { CALENDAR_KEY } from '../graphql/calendar'
import { execute } from '../graphql/execute'
import { AddDeadlineDocument, ChangeDeadlineDocument, type DeadlinePartsFragment, RemoveDeadlineDocument } from '../graphql/gql/graphql'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { blockConversionEnter } from '../lib/ime'
import { Button } from '../ui/button'
import { DayInput } from '../ui/day-input'
import { ErrorSummary } from '../ui/error-summary'
import { TextArea, TextInput } from '../ui/field'
import { Box } from '../ui/modal'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  date: string
  time: string
  name: string
  source: string
  note: string
}

const FIELDS = ['date', 'time', 'name', 'source', 'note'] as const
const EMPTY: Values = { date: '', time: '', name: '', source: '', note: '' }

function useSaveDeadline(deadline: DeadlinePartsFragment | undefined, form: UseFormReturn<Values>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [faster, setFaster] = useState<Faster & { version: string }>()
  const which = deadline && { id: deadline.id, expectedVersion: faster?.version ?? deadline.version }
  const finished = (word: string) => {
    toast(word)
    steps.done()
  }
  const save = useMutation({
    mutationFn: async (values: Values) => {
      const text = { ...values, date: readDay(values.date) ?? values.date }
      if (!which) return (await execute(AddDeadlineDocument, { input: { commandId: commandId(text), ...text } })).addDeadline
      const content = { ...which, ...text }
      return (await execute(ChangeDeadlineDocument, { input: { commandId: commandId(content), ...content } })).changeDeadline
    },
    onSuccess: async (result, { name }) => {
      await client.invalidateQueries({ queryKey: CALENDAR_KEY })
      if (result.__typename === 'DeadlineAdded') finished(t('deadline.added', { name }))
      if (result.__typename === 'DeadlineChanged') finished(t('deadline.changed', { name }))
      if (result.__typename === 'DeadlineConflict') setFaster({ ...result, text: deadlineText(result.theirs, t) })
      if (result.__typename === 'InvalidInput') showProblems(result.problems, FIELDS, form)
      if (result.__typename === 'NotFound') form.setError('root', { message: t('deadline.gone') })
    },
  })
  const remove = useMutation({
    mutationFn: async () => (which ? (await execute(RemoveDeadlineDocument, { input: { commandId: commandId({ remove: which }), ...which } })).removeDeadline : undefined),
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: CALENDAR_KEY })
      if (result?.__typename === 'DeadlineRemoved') finished(t('deadline.removed', { name: deadline?.name ?? '' }))
      if (result?.__typename === 'DeadlineConflict') setFaster({ ...result, text: deadlineText(result.theirs, t) })
      if (result?.__typename === 'NotFound') form.setError('root', { message: t('deadline.gone') })
      if (result?.__typename === 'InvalidInput') showProblems(result.problems, FIELDS, form)
    },
  })
  return { save, remove, faster, saving: save.isPending || remove.isPending }
}

/** `deadline`: undefined for a new one. */
export function DeadlineForm({ deadline: newest }: { deadline?: DeadlinePartsFragment }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the list behind is read again.
  const [deadline] = useState(newest)
  const [asking, setAsking] = useState(false)
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: deadline ? { date: deadline.date, time: deadline.time, name: deadline.name, source: deadline.source, note: deadline.note } : EMPTY })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const { save, remove, faster, saving } = useSaveDeadline(deadline, form, steps)
  const submit = form.handleSubmit((values) => {
    if (!saving) save.mutate(values)
  })
  return (
    <>
      <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
        <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
          <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
          <SaveFault error={save.error ?? remove.error} />
          <FasterBand faster={faster} />
          <DeadlineFields form={form} />
          {deadline && <LastChanged at={deadline.changedAt} by={deadline.changedBy} />}
        </div>
        <SheetFooter onClose={steps.close} saving={saving} word={t(faster ? 'sheet.overwrite' : 'sheet.save')}>
          {deadline && (
            <Button look="danger" className="mr-auto" onClick={() => setAsking(true)} reason={saving ? t('sheet.saving') : undefined}>
              {t('deadline.remove')}
            </Button>
          )}
        </SheetFooter>
      </form>
      {deadline && (
        <RemoveQuestion
          deadline={deadline}
          open={asking}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false)
            remove.mutate()
          }}
        />
      )}
    </>
  )
}

function DeadlineFields({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation()
  const { errors } = form.formState
  const required = (word: string) => (text: string) => text.trim() !== '' || word
  return (
    <>
      <Controller
        control={form.control}
        name="date"
        rules={{ validate: (text) => (text.trim() === '' ? t('deadline.dateMissing') : readDay(text) !== undefined || t('day.unreadable')) }}
        render={({ field }) => <DayInput {...field} id="date" label={t('deadline.date')} required error={errors.date?.message} />}
      />
      <TextInput id="time" label={t('deadline.time')} help={t('deadline.timeHelp')} optional autoComplete="off" className="num max-w-40" error={errors.time?.message} {...form.register('time')} />
      <TextInput id="name" label={t('deadline.name')} help={t('deadline.nameHelp')} required autoComplete="off" error={errors.name?.message} {...form.register('name', { validate: required(t('deadline.nameMissing')) })} />
      <TextInput id="source" label={t('deadline.source')} help={t('deadline.sourceHelp')} required autoComplete="off" spellCheck={false} error={errors.source?.message} {...form.register('source', { validate: required(t('deadline.sourceMissing')) })} />
      <TextArea id="note" label={t('deadline.note')} optional rows={4} error={errors.note?.message} {...form.register('note')} />
    </>
  )
}

function RemoveQuestion({ deadline, open, onNo, onYes }: { deadline: DeadlinePartsFragment; open: boolean; onNo: () => void; onYes: () => void }) {
  const { t } = useTranslation()
  return (
    <Box title={t('deadline.removeTitle')} role="alertdialog" open={open} onClose={onNo}>
      <div className="flex flex-col gap-4 p-5">
        <p>{t('deadline.removeText', { name: deadline.name, when: whenWord(deadline, t) })}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="danger" onClick={onYes}>
            {t('deadline.removeYes')}
          </Button>
          <Button look="primary" onClick={onNo}>
            {t('deadline.removeNo')}
          </Button>
        </div>
      </div>
    </Box>
  )
}
