// The fields of a new declaration, in the sections of the form.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useController, useFormContext, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { valueWord } from '../components/declarations/fact-value'
import { prefecturesQuery } from '../graphql/declarations'
import type { DeclarationField } from '../graphql/gql/graphql'
import { checkCorporateNumber } from '../lib/corporate-number'
import { FIELD_SPECS, type FieldInput, INDUSTRIES } from '../lib/declaration-fields'
import { DayInput } from '../ui/day-input'
import { FieldError, RequiredMark, SelectInput, TextArea, TextInput } from '../ui/field'
import { Icon } from '../ui/icons'
import { type DeclareValues, isRequired } from './declare-schema'

export const declareId = (field: DeclarationField) => `declare-${field}`

const KEYBOARDS: Partial<Record<FieldInput, 'numeric' | 'email' | 'tel' | 'url'>> = { digits: 'numeric', email: 'email', tel: 'tel', url: 'url' }

/** How a field is filled in by a browser is never wanted: the person who types is not the person it is about. */
const PLAIN = { autoComplete: 'off', spellCheck: false } as const

/** In pairs, so that what stands side by side is level. */
const HELPED = ['CORPORATE_NUMBER', 'NAME', 'NAME_KANA', 'CAPITAL_YEN', 'POLICY_URL'] as const

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 border-t border-line pt-5">
      <legend className="float-left mb-4 w-full text-lg font-bold">
        {title}
        {lead && <span className="mt-0.5 block text-sm font-normal text-muted">{lead}</span>}
      </legend>
      <div className="clear-both grid grid-cols-1 gap-x-6 gap-y-5 sm:grid-cols-2">{children}</div>
    </fieldset>
  )
}

/** One input; `wide` takes the whole line. */
export function Input({ field, wide, aside }: { field: DeclarationField; wide?: boolean; aside?: ReactNode }) {
  const { t } = useTranslation()
  const { register, control, formState } = useFormContext<DeclareValues>()
  const [star, entity] = useWatch({ control, name: ['STAR', 'ENTITY_TYPE'] })
  const helped = HELPED.find((item) => item === field)
  const required = isRequired(field, { star, entity })
  const shared = {
    id: declareId(field),
    label: t(`field.${field}`),
    required,
    optional: !required,
    error: formState.errors[field]?.message,
    help: helped && t(`fieldHelp.${helped}`),
  }
  const { input } = FIELD_SPECS[field]
  const wiring = { ...PLAIN, ...register(field) }
  const made =
    input === 'date' ? (
      <Day field={field} shared={shared} />
    ) : input === 'lines' ? (
      <TextArea {...shared} {...wiring} rows={3} />
    ) : (
      <TextInput {...shared} {...wiring} inputMode={KEYBOARDS[input]} />
    )
  return (
    <div className={wide ? 'min-w-0 sm:col-span-2' : 'min-w-0'}>
      {made}
      {aside}
    </div>
  )
}

function Day({ field, shared }: { field: DeclarationField; shared: Pick<React.ComponentProps<typeof DayInput>, 'id' | 'label' | 'required' | 'error' | 'help'> }) {
  const { field: wiring } = useController<DeclareValues, DeclarationField>({ name: field })
  return <DayInput {...shared} {...wiring} />
}

/** Whether the digits fit each other, while they are typed. */
export function CorporateNumber() {
  const { t } = useTranslation()
  const { control, formState } = useFormContext<DeclareValues>()
  const typed = useWatch({ control, name: 'CORPORATE_NUMBER' })
  const check = checkCorporateNumber(typed)
  const shown = check !== 'incomplete' && !formState.errors.CORPORATE_NUMBER
  return (
    <Input
      field="CORPORATE_NUMBER"
      aside={
        <p role="status" className={`mt-1 flex min-h-5 items-center gap-1 text-sm ${check === 'right' ? 'text-good' : 'font-bold text-bad'}`}>
          {shown && (
            <>
              <Icon name={check === 'right' ? 'check' : 'error'} className="size-4" />
              {t(check === 'right' ? 'declare.digitRight' : 'declare.digitWrong')}
            </>
          )}
        </p>
      }
    />
  )
}

interface Choice {
  value: string
  word: string
  help?: string
}

/** A choice of few, all of them in sight. */
export function Radios({ field, choices, wide }: { field: DeclarationField; choices: readonly Choice[]; wide?: boolean }) {
  const { t } = useTranslation()
  const { register, formState } = useFormContext<DeclareValues>()
  const id = declareId(field)
  const error = formState.errors[field]?.message
  return (
    <div role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={error ? `${id}-error` : undefined} aria-required className={`min-w-0 ${wide ? 'sm:col-span-2' : ''}`}>
      <p id={`${id}-label`} className="mb-1 flex items-center gap-2 font-bold">
        {t(`field.${field}`)}
        <RequiredMark required />
      </p>
      <div className="flex flex-wrap gap-2">
        {choices.map(({ value, word, help }, index) => (
          <label key={value} className="flex min-h-10 min-w-0 flex-1 basis-36 cursor-pointer items-start gap-2.5 rounded-md border border-control px-3 py-2 has-checked:border-accent has-checked:bg-selected touch:min-h-11">
            <input id={index === 0 ? id : undefined} type="radio" value={value} className="size-6 shrink-0 accent-accent" {...register(field)} />
            <span>
              {word}
              {help && <span className="block text-sm text-muted">{help}</span>}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={`${id}-error`} error={error} />
    </div>
  )
}

export function Prefecture() {
  const { t } = useTranslation()
  const prefectures = useQuery(prefecturesQuery).data ?? []
  return <Select field="PREFECTURE" choices={prefectures.map(({ name }) => ({ value: name, word: name }))} empty={t('choice.none')} />
}

export function Industry() {
  const { t } = useTranslation()
  return <Select field="INDUSTRY" choices={INDUSTRIES.map((value) => ({ value, word: valueWord('INDUSTRY', value, t) }))} empty={t('choice.none')} />
}

function Select({ field, choices, empty }: { field: DeclarationField; choices: readonly Choice[]; empty: string }) {
  const { t } = useTranslation()
  const { register, formState } = useFormContext<DeclareValues>()
  return (
    <SelectInput id={declareId(field)} label={t(`field.${field}`)} required error={formState.errors[field]?.message} autoComplete="off" {...register(field)}>
      <option value="">{empty}</option>
      {choices.map(({ value, word }) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </SelectInput>
  )
}
