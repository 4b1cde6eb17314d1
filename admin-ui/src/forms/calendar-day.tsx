// What the office makes of one day.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useForm, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ownWord, reasonWord } from '../components/calendar/words'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { FasterBand, type Faster, LastChanged, SaveFault } from '../components/save-fault'
import { CALENDAR_KEY, type CalendarDayInfo } from '../graphql/calendar'
import { execute } from '../graphql/execute'
import { ClearCalendarDayDocument, type OfficeDayKind, SetCalendarDayDocument, type SetCalendarDayMutation } from '../graphql/gql/graphql'
import { currentLanguage } from '../i18n'
import { useCommandId } from '../lib/command-id'
import { formatDate } from '../lib/format'
import { blockConversionEnter } from '../lib/ime'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { FieldError, RequiredMark, TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  kind: OfficeDayKind | ''
  name: string
}

const FIELDS = ['kind', 'name'] as const
const TARGETS = { kind: 'kind-CLOSED' }
const KINDS = [
  { value: 'CLOSED', word: 'officeDay.closed', help: 'officeDay.closedHelp' },
  { value: 'OPEN', word: 'officeDay.open', help: 'officeDay.openHelp' },
] as const

type DayResult = SetCalendarDayMutation['setCalendarDay']

function useSaveDay(day: CalendarDayInfo, form: UseFormReturn<Values>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [faster, setFaster] = useState<Faster & { version: string }>()
  const date = formatDate(day.date, currentLanguage(), 'dateWithDay')
  const save = useMutation({
    mutationFn: async (wanted: { kind: OfficeDayKind; name: string } | 'clear'): Promise<DayResult> => {
      const which = { date: day.date, expectedVersion: faster?.version ?? day.version }
      if (wanted === 'clear') {
        return (await execute(ClearCalendarDayDocument, { input: { commandId: commandId(which), ...which } })).clearCalendarDay
      }
      const content = { ...which, ...wanted }
      return (await execute(SetCalendarDayDocument, { input: { commandId: commandId(content), ...content } })).setCalendarDay
    },
    onSuccess: async (result, wanted) => {
      // What is behind the sheet shows what is there now, also after a conflict, before anything else is opened from it.
      await client.invalidateQueries({ queryKey: CALENDAR_KEY })
      if (result.__typename === 'CalendarDayChanged') {
        toast(t(wanted === 'clear' ? 'officeDay.cleared' : 'officeDay.set', { date }))
        steps.done()
      }
      if (result.__typename === 'CalendarDayConflict') setFaster({ ...result, text: ownWord(result.kind, result.name, t) })
      if (result.__typename === 'InvalidInput') showProblems(result.problems, FIELDS, form)
    },
  })
  return { save, faster }
}

export function CalendarDayForm({ day: newest }: { day: CalendarDayInfo }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the month behind is read again.
  const [day] = useState(newest)
  const own = day.reason === 'OFFICE_OPEN' || day.reason === 'OFFICE_CLOSED'
  const before = day.reason === 'OFFICE_OPEN' ? 'OPEN' : 'CLOSED'
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { kind: own ? before : '', name: day.ownName ?? '' } })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const { save, faster } = useSaveDay(day, form, steps)
  const submit = form.handleSubmit(({ kind, name }) => {
    if (kind && !save.isPending) save.mutate({ kind, name })
  })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <FasterBand faster={faster} />
        <DayFacts day={day} />
        <KindChoice form={form} />
        <TextInput
          id="name"
          label={t('officeDay.name')}
          help={t('officeDay.nameHelp')}
          required
          autoComplete="off"
          error={errors.name?.message}
          {...form.register('name', { validate: (name) => name.trim() !== '' || t('officeDay.nameMissing') })}
        />
        {own && (
          <div className="border-t border-line pt-4">
            <Button look="danger" onClick={() => save.mutate('clear')} reason={save.isPending ? t('sheet.saving') : undefined} aria-describedby="clear-help">
              {t('officeDay.clear')}
            </Button>
            <p id="clear-help" className="mt-1 text-sm text-muted">
              {t('officeDay.clearHelp')}
            </p>
          </div>
        )}
        <LastChanged at={day.changedAt} by={day.changedBy} />
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t(faster ? 'sheet.overwrite' : 'sheet.save')} />
    </form>
  )
}

function KindChoice({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation()
  const error = form.formState.errors.kind?.message
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" aria-describedby={error ? 'kind-error' : undefined}>
      <legend className="mb-2 flex items-center gap-2 font-bold">
        {t('officeDay.kind')}
        <RequiredMark required />
      </legend>
      {KINDS.map(({ value, word, help }) => (
        <label key={value} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2.5 has-checked:border-accent has-checked:bg-selected">
          <input
            id={`kind-${value}`}
            type="radio"
            value={value}
            className="mt-1 size-5 shrink-0 accent-accent"
            aria-labelledby={`kind-${value}-word`}
            aria-describedby={`kind-${value}-help`}
            {...form.register('kind', { validate: (kind) => kind !== '' || t('officeDay.kindMissing') })}
          />
          <span>
            <span id={`kind-${value}-word`} className="block font-bold">
              {t(word)}
            </span>
            <span id={`kind-${value}-help`} className="block text-sm text-muted">
              {t(help)}
            </span>
          </span>
        </label>
      ))}
      <FieldError id="kind-error" error={error} />
    </fieldset>
  )
}

/** What holds of the day, for everybody who may read. */
export function DayFacts({ day }: { day: CalendarDayInfo }) {
  const { t } = useTranslation()
  const reason = reasonWord(day, t)
  return (
    <div className="flex flex-col gap-2">
      <p className="font-bold">{t(day.businessDay ? 'officeDay.isBusiness' : 'officeDay.isOff')}</p>
      <p>{t('officeDay.reason', { reason })}</p>
      {day.source === 'COMPUTED' && <p className="text-sm text-muted">{t('calendar.computed')}</p>}
      {day.deadlines.length > 0 && (
        <div>
          <h3 className="text-sm text-muted">{t('officeDay.deadlines')}</h3>
          <ul className="list-disc pl-6">
            {day.deadlines.map((deadline) => (
              <li key={deadline.id}>
                <span className="num">{deadline.time}</span> {deadline.name}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
