// Whether it was wrong from the start or has changed on a day, and the reason for the record.
import { useController, useFormContext, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { today } from '../lib/format'
import { DayInput } from '../ui/day-input'
import { FieldError, RequiredMark, TextArea } from '../ui/field'
import type { CorrectionValues } from './correct-schema'

const KINDS = [
  { value: 'ERROR', word: 'correct.kindError', help: 'correct.kindErrorHelp' },
  { value: 'CHANGE', word: 'correct.kindChange', help: 'correct.kindChangeHelp' },
] as const

export function KindFields() {
  const { t } = useTranslation()
  const { register, control, formState } = useFormContext<CorrectionValues>()
  const kind = useWatch({ control, name: 'kind' })
  const error = formState.errors.kind?.message
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" aria-describedby={error ? 'kind-error' : undefined}>
      <legend className="mb-2 flex items-center gap-2 font-bold">
        {t('correct.kind')}
        <RequiredMark required />
      </legend>
      {KINDS.map(({ value, word, help }) => (
        <label key={value} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2.5 has-checked:border-accent has-checked:bg-selected">
          <input id={`kind-${value}`} type="radio" value={value} className="mt-1 size-5 shrink-0 accent-accent" aria-describedby={`kind-${value}-help`} aria-labelledby={`kind-${value}-word`} {...register('kind')} />
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
      {kind === 'CHANGE' && <Since />}
    </fieldset>
  )
}

function Since() {
  const { t } = useTranslation()
  const { field, fieldState } = useController<CorrectionValues, 'since'>({ name: 'since' })
  return <DayInput {...field} id="since" label={t('correct.since')} help={t('correct.sinceHelp')} required max={today()} error={fieldState.error?.message} />
}

export function ReasonField() {
  const { t } = useTranslation()
  const { register, formState } = useFormContext<CorrectionValues>()
  return <TextArea id="reason" label={t('correct.reason')} help={t('correct.reasonHelp')} required error={formState.errors.reason?.message} {...register('reason')} />
}
