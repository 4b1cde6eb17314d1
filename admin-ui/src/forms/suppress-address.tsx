// One more address to which nothing is sent.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { SaveFault } from '../components/save-fault'
import { execute } from '../graphql/execute'
import { type MailClass, SuppressAddressDocument } from '../graphql/gql/graphql'
import { MAIL_PULSE_KEY, SUPPRESSIONS_KEY } from '../graphql/mail'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { blockConversionEnter } from '../lib/ime'
import { DayInput } from '../ui/day-input'
import { ErrorSummary } from '../ui/error-summary'
import { SelectInput, TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  address: string
  class: MailClass | ''
  until: string
}

const FIELDS = ['address', 'class', 'until'] as const
export const MAIL_CLASSES = ['TRANSACTIONAL', 'ADMINISTRATIVE', 'PROMOTIONAL', 'OPTIONAL'] as const satisfies readonly MailClass[]

/** `address`: what was looked for and not found. */
export function SuppressAddressForm({ address }: { address: string | undefined }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const commandId = useCommandId()
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { address: address ?? '', class: '', until: '' } })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const save = useMutation({
    mutationFn: async (values: Values) => {
      const content = { address: values.address.trim(), class: values.class || null, until: readDay(values.until) ?? values.until.trim() }
      return (await execute(SuppressAddressDocument, { input: { commandId: commandId(content), ...content } })).suppressAddress
    },
    onSuccess: async (result, values) => {
      if (result.__typename === 'InvalidInput') return showProblems(result.problems, FIELDS, form)
      await Promise.all([client.invalidateQueries({ queryKey: SUPPRESSIONS_KEY }), client.invalidateQueries({ queryKey: MAIL_PULSE_KEY })])
      toast(t('suppression.added', { address: values.address.trim() }))
      steps.done()
    },
  })
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <p>{t('suppression.addLead')}</p>
        <TextInput
          id="address"
          label={t('suppression.address')}
          help={t('suppression.addressHelp')}
          required
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.address?.message}
          {...form.register('address', { validate: (text) => text.trim() !== '' || t('suppression.addressMissing') })}
        />
        <SelectInput id="class" label={t('suppression.class')} help={t('suppression.classHelp')} error={errors.class?.message} {...form.register('class')}>
          <option value="">{t('suppression.allClasses')}</option>
          {MAIL_CLASSES.map((value) => (
            <option key={value} value={value}>
              {t(`mailClass.${value}`)}
            </option>
          ))}
        </SelectInput>
        <Controller
          control={form.control}
          name="until"
          rules={{ validate: (text) => text.trim() === '' || readDay(text) !== undefined || t('day.unreadable') }}
          render={({ field }) => <DayInput {...field} id="until" label={t('suppression.untilLabel')} help={t('suppression.untilHelp')} error={errors.until?.message} />}
        />
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t('suppression.save')} />
    </form>
  )
}
