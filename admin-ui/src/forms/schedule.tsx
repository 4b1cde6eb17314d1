// One schedule: a new one, or one that is there.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Controller, useForm, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { commandWord, OUR_ZONE, scheduleText } from '../components/operations/words'
import { FasterBand, type Faster, SaveFault } from '../components/save-fault'
import { execute } from '../graphql/execute'
import { readFragment } from '../graphql/gql/fragment-masking'
import { DefineScheduleDocument, type Misfire, type ScheduleFieldsInput, type SchedulePartsFragment, SchedulePartsFragmentDoc } from '../graphql/gql/graphql'
import { changeSchedule, SCHEDULES_KEY, schedulesQuery } from '../graphql/schedules'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { blockConversionEnter } from '../lib/ime'
import { DayInput } from '../ui/day-input'
import { ErrorSummary } from '../ui/error-summary'
import { SelectInput, TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'
import { plain, usePreview, PreviewBox } from './schedule-preview'

export interface ScheduleValues {
  name: string
  expression: string
  zone: string
  command: string
  misfire: Misfire
  misfireAtMost: string
  notAfterDate: string
  notAfterTime: string
  jitter: string
  enabled: boolean
}

const FIELDS = ['name', 'command', 'expression', 'zone', 'misfire', 'misfireAtMost', 'notAfterDate', 'notAfterTime', 'jitter'] as const
const TARGETS = { misfire: 'misfire-SKIP' }
const MISFIRES = ['SKIP', 'ONCE', 'ALL'] as const satisfies readonly Misfire[]
const MOST_AT_ONCE = 10_000
const LONGEST_JITTER = 3600

const EMPTY: ScheduleValues = { name: '', expression: '', zone: OUR_ZONE, command: '', misfire: 'ONCE', misfireAtMost: '100', notAfterDate: '', notAfterTime: '', jitter: '0', enabled: true }

const valuesOf = (schedule: SchedulePartsFragment): ScheduleValues => ({
  name: schedule.name,
  expression: schedule.expression,
  zone: schedule.zone,
  command: schedule.command,
  misfire: schedule.misfire,
  misfireAtMost: String(schedule.misfireAtMost ?? EMPTY.misfireAtMost),
  notAfterDate: schedule.notAfterDate ?? '',
  notAfterTime: schedule.notAfterTime ?? '',
  jitter: String(schedule.jitter),
  enabled: schedule.enabled,
})

/** A whole number as people type it, in full width too; undefined where it is none in the range. */
function wholeNumber(text: string, min: number, max: number): number | undefined {
  const narrow = plain(text).replaceAll(',', '')
  const value = /^\d{1,6}$/.test(narrow) ? Number(narrow) : undefined
  return value !== undefined && value >= min && value <= max ? value : undefined
}

const sent = (values: ScheduleValues): ScheduleFieldsInput => ({
  name: values.name,
  expression: plain(values.expression),
  zone: plain(values.zone),
  command: values.command,
  misfire: values.misfire,
  misfireAtMost: values.misfire === 'ALL' ? wholeNumber(values.misfireAtMost, 1, MOST_AT_ONCE) : undefined,
  notAfterDate: readDay(values.notAfterDate) ?? values.notAfterDate,
  notAfterTime: values.notAfterTime,
  jitter: wholeNumber(values.jitter, 0, LONGEST_JITTER) ?? 0,
  enabled: values.enabled,
})

function useSaveSchedule(schedule: SchedulePartsFragment | undefined, form: UseFormReturn<ScheduleValues>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [faster, setFaster] = useState<Faster & { version: string }>()
  const finished = (word: string) => {
    toast(word)
    steps.done()
  }
  const save = useMutation({
    mutationFn: async (values: ScheduleValues) => {
      const fields = sent(values)
      if (!schedule) return (await execute(DefineScheduleDocument, { input: { commandId: commandId(fields), schedule: fields } })).defineSchedule
      const content = { id: schedule.id, expectedVersion: faster?.version ?? schedule.version, schedule: fields }
      return changeSchedule({ commandId: commandId(content), ...content })
    },
    onSuccess: async (result, { name, misfire }) => {
      await client.invalidateQueries({ queryKey: SCHEDULES_KEY })
      if (result.__typename === 'ScheduleDefined') finished(t('schedules.added', { name }))
      if (result.__typename === 'ScheduleChanged') finished(t('schedules.changed', { name }))
      if (result.__typename === 'NotFound') form.setError('root', { message: t('schedules.gone') })
      if (result.__typename === 'InvalidInput') {
        // What is wrong with a policy is its number, where it has one.
        const problems = result.problems.map((problem) => (problem.field === 'misfire' && misfire === 'ALL' ? { ...problem, field: 'misfireAtMost' } : problem))
        showProblems(problems, FIELDS, form)
      }
      if (result.__typename === 'ScheduleConflict') {
        const theirs = readFragment(SchedulePartsFragmentDoc, result.schedule)
        if (theirs.state === 'REMOVED') form.setError('root', { message: t('schedules.gone') })
        else setFaster({ at: result.at, by: result.by, text: scheduleText(theirs, t), version: theirs.version })
      }
    },
  })
  return { save, faster }
}

/** `schedule`: undefined for a new one. */
export function ScheduleForm({ schedule: newest }: { schedule?: SchedulePartsFragment }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the page behind is read again.
  const [schedule] = useState(newest)
  const form = useForm<ScheduleValues>({ shouldFocusError: false, defaultValues: schedule ? valuesOf(schedule) : EMPTY })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const { save, faster } = useSaveSchedule(schedule, form, steps)
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <FasterBand faster={faster} />
        <WhatAndWhen form={form} />
        <MisfireChoice form={form} />
        <EndAndMore form={form} />
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t(faster ? 'sheet.overwrite' : 'sheet.save')} />
    </form>
  )
}

type PartProps = { form: UseFormReturn<ScheduleValues> }

function zones(): string[] {
  // Not in every browser that we promise; then the common ones are offered, and any other is typed.
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
  return [...new Set([OUR_ZONE, 'UTC', ...known])]
}

function WhatAndWhen({ form }: PartProps) {
  const { t } = useTranslation()
  const { errors } = form.formState
  const commands = useQuery(schedulesQuery).data?.commands ?? []
  const preview = usePreview(form.watch('expression'), form.watch('zone'))
  const [offered] = useState(zones)
  const own = form.watch('command')
  const required = (word: string) => (text: string) => text.trim() !== '' || word
  return (
    <>
      <TextInput id="name" label={t('schedules.field.name')} help={t('schedules.field.nameHelp')} required autoComplete="off" error={errors.name?.message} {...form.register('name', { validate: required(t('schedules.missing.name')) })} />
      <SelectInput id="command" label={t('schedules.field.command')} required error={errors.command?.message} {...form.register('command', { validate: required(t('schedules.missing.command')) })}>
        <option value="">{t('schedules.field.commandNone')}</option>
        {[...new Set([...commands, own])].filter(Boolean).map((command) => (
          <option key={command} value={command}>
            {commandWord(command, t)}
          </option>
        ))}
      </SelectInput>
      <div className="flex flex-col gap-2">
        <TextInput
          id="expression"
          label={t('schedules.field.expression')}
          help={t('schedules.field.expressionHelp')}
          required
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="none"
          className="[word-spacing:0.35em]"
          error={errors.expression?.message ?? preview.problems.expression}
          {...form.register('expression', { validate: required(t('schedules.missing.expression')) })}
        />
        <PreviewBox preview={preview} />
      </div>
      <TextInput
        id="zone"
        label={t('schedules.field.zone')}
        help={t('schedules.field.zoneHelp')}
        required
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        list="zones"
        className="max-w-80"
        error={errors.zone?.message ?? preview.problems.zone}
        {...form.register('zone', { validate: required(t('schedules.missing.zone')) })}
      />
      <datalist id="zones">
        {offered.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
    </>
  )
}

function MisfireChoice({ form }: PartProps) {
  const { t } = useTranslation()
  const { errors } = form.formState
  const chosen = form.watch('misfire')
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" aria-describedby="misfire-help">
      <legend className="font-bold">{t('schedules.field.misfire')}</legend>
      <p id="misfire-help" className="text-sm text-muted">
        {t('schedules.field.misfireHelp')}
      </p>
      {MISFIRES.map((value) => (
        <label key={value} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2.5 has-checked:border-accent has-checked:bg-selected">
          <input id={`misfire-${value}`} type="radio" value={value} className="mt-1 size-5 shrink-0 accent-accent" aria-labelledby={`misfire-${value}-word`} aria-describedby={`misfire-${value}-help`} {...form.register('misfire')} />
          <span>
            <span id={`misfire-${value}-word`} className="block font-bold">
              {t(`schedules.misfire.${value}`)}
            </span>
            <span id={`misfire-${value}-help`} className="block text-sm text-muted">
              {t(`schedules.misfireHelp.${value}`)}
            </span>
          </span>
        </label>
      ))}
      {chosen === 'ALL' && (
        <TextInput
          id="misfireAtMost"
          label={t('schedules.field.misfireAtMost')}
          help={t('schedules.field.misfireAtMostHelp')}
          required
          inputMode="numeric"
          autoComplete="off"
          className="num max-w-40"
          error={errors.misfireAtMost?.message}
          {...form.register('misfireAtMost', {
            validate: (text, { misfire }) => misfire !== 'ALL' || wholeNumber(text, 1, MOST_AT_ONCE) !== undefined || t('schedules.missing.misfireAtMost'),
          })}
        />
      )}
    </fieldset>
  )
}

function EndAndMore({ form }: PartProps) {
  const { t } = useTranslation()
  const { errors } = form.formState
  return (
    <>
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <Controller
          control={form.control}
          name="notAfterDate"
          rules={{
            validate: (text, { notAfterTime }) => {
              if (text.trim() === '') return notAfterTime.trim() === '' || t('schedules.missing.notAfterDate')
              return readDay(text) !== undefined || t('day.unreadable')
            },
          }}
          render={({ field }) => <DayInput {...field} id="notAfterDate" label={t('schedules.field.notAfterDate')} help={t('schedules.field.notAfterDateHelp')} error={errors.notAfterDate?.message} />}
        />
        <TextInput id="notAfterTime" label={t('schedules.field.notAfterTime')} help={t('schedules.field.notAfterTimeHelp')} optional autoComplete="off" className="num max-w-40" error={errors.notAfterTime?.message} {...form.register('notAfterTime')} />
      </div>
      <TextInput
        id="jitter"
        label={t('schedules.field.jitter')}
        help={t('schedules.field.jitterHelp')}
        required
        inputMode="numeric"
        autoComplete="off"
        className="num max-w-40"
        error={errors.jitter?.message}
        {...form.register('jitter', { validate: (text) => wholeNumber(text, 0, LONGEST_JITTER) !== undefined || t('schedules.missing.jitter') })}
      />
      <label className="flex min-h-8 items-center gap-2 touch:min-h-11">
        <input type="checkbox" className="size-5 accent-accent" {...form.register('enabled')} />
        {t('schedules.field.enabled')}
      </label>
    </>
  )
}
