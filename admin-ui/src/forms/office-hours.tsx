// The hours of business days, and the turn of the year.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { FasterBand, type Faster, LastChanged, SaveFault } from '../components/save-fault'
import { CALENDAR_KEY } from '../graphql/calendar'
import { execute } from '../graphql/execute'
import { type CalendarNowQuery, SetOfficeHoursDocument } from '../graphql/gql/graphql'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { ErrorSummary } from '../ui/error-summary'
import { TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  opens: string
  closes: string
  closedAtYearEnd: boolean
}

const FIELDS = ['opens', 'closes'] as const

export function OfficeHoursForm({ hours: newest }: { hours: CalendarNowQuery['calendar']['hours'] }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const commandId = useCommandId()
  // What the person started from stays, even when the page behind is read again.
  const [hours] = useState(newest)
  const [faster, setFaster] = useState<Faster & { version: string }>()
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { opens: hours.opens, closes: hours.closes, closedAtYearEnd: hours.closedAtYearEnd } })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const save = useMutation({
    mutationFn: async (values: Values) => {
      const content = { expectedVersion: faster?.version ?? hours.version, ...values }
      return (await execute(SetOfficeHoursDocument, { input: { commandId: commandId(content), ...content } })).setOfficeHours
    },
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: CALENDAR_KEY })
      if (result.__typename === 'OfficeHoursSet') {
        toast(t('hours.done'))
        steps.done()
      }
      if (result.__typename === 'OfficeHoursConflict') {
        const text = [t('calendar.hoursText', result), t(result.closedAtYearEnd ? 'calendar.yearEndClosed' : 'calendar.yearEndOpen')]
        setFaster({ ...result, text: text.join(t('app.separator')) })
      }
      if (result.__typename === 'InvalidInput') showProblems(result.problems, FIELDS, form)
    },
  })
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  const isThere = (text: string) => text.trim() !== '' || t('hours.missing')
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <FasterBand faster={faster} />
        {FIELDS.map((field) => (
          <TextInput key={field} id={field} label={t(`hours.${field}`)} help={t('hours.help')} required autoComplete="off" className="num max-w-40" error={errors[field]?.message} {...form.register(field, { validate: isThere })} />
        ))}
        <label className="flex min-h-8 items-center gap-2">
          <input type="checkbox" className="size-5 accent-accent" {...form.register('closedAtYearEnd')} />
          {t('hours.yearEnd')}
        </label>
        <LastChanged at={hours.changedAt} by={hours.changedBy} />
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t(faster ? 'sheet.overwrite' : 'sheet.save')} />
    </form>
  )
}
