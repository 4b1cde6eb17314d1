// The fields being corrected: one input each, a way to take one away, and a way to add another.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useController, useFieldArray, useFormContext } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { prefecturesQuery } from '../graphql/declarations'
import type { DeclarationField } from '../graphql/gql/graphql'
import { FIELD_SPECS, type FieldInput, fieldsOf, GROUPS } from '../lib/declaration-fields'
import { valueWord } from '../components/declarations/fact-value'
import { Button, IconButton } from '../ui/button'
import { DayInput } from '../ui/day-input'
import { FieldError, RequiredMark, SelectInput, TextArea, TextInput } from '../ui/field'
import type { CorrectionValues } from './correct-schema'

export const changeId = (field: DeclarationField) => `change-${field}`

const HELPED = [
  'CORPORATE_NUMBER', 'DECLARATION_NO', 'NAME', 'NAME_KANA', 'EMPLOYEES', 'CAPITAL_YEN', 'POSTAL_CODE', 'DIAGNOSIS_SCORE', 'POLICY_URL', 'CONTACT_PHONE',
] as const

/** Kinds of the on-screen keyboard; the type stays `text` so that the browser never refuses what was typed. */
const KEYBOARDS: Partial<Record<FieldInput, 'numeric' | 'email' | 'tel' | 'url'>> = { digits: 'numeric', email: 'email', tel: 'tel', url: 'url' }

interface Props {
  texts: Partial<Record<DeclarationField, string>>
  /** Puts the cursor into the first field: it was asked for by name. */
  focusFirst: boolean
}

export function ChangeFields({ texts, focusFirst }: Props) {
  const { t } = useTranslation()
  const { control, formState } = useFormContext<CorrectionValues>()
  const { fields: changes, append, remove } = useFieldArray({ control, name: 'changes' })
  const [focused, setFocused] = useState(focusFirst ? changes[0]?.field : undefined)
  useEffect(() => {
    if (focused) document.getElementById(changeId(focused))?.focus()
  }, [focused])
  const taken = changes.map((change) => change.field)
  return (
    <fieldset className="flex min-w-0 flex-col gap-5">
      <legend className="mb-2 flex items-center gap-2 text-lg font-bold">
        {t('correct.what')}
        <RequiredMark required />
      </legend>
      {changes.map((change, index) => (
        <Change
          key={change.id}
          index={index}
          field={change.field}
          before={change.before}
          onRemove={() => {
            remove(index)
            document.getElementById('add-field')?.focus()
          }}
        />
      ))}
      <AddField
        texts={texts}
        taken={taken}
        error={formState.errors.changes?.message ?? formState.errors.changes?.root?.message}
        onAdd={(field) => {
          append({ field, value: texts[field] ?? '', before: texts[field] ?? '' }, { shouldFocus: false })
          setFocused(field)
        }}
      />
    </fieldset>
  )
}

function Change({ index, field, before, onRemove }: { index: number; field: DeclarationField; before: string; onRemove: () => void }) {
  const { t } = useTranslation()
  const { register, formState } = useFormContext<CorrectionValues>()
  const spec = FIELD_SPECS[field]
  const word = t(`field.${field}`)
  const helped = HELPED.find((item) => item === field)
  const shared = {
    id: changeId(field),
    label: word,
    required: spec.required,
    error: formState.errors.changes?.[index]?.value?.message,
    help: (
      <>
        {helped && <span className="block">{t(`fieldHelp.${helped}`)}</span>}
        <span className="block whitespace-pre-wrap">{t('correct.current', { text: before === '' ? t('closed.empty') : valueWord(field, before, t) })}</span>
      </>
    ),
    aside: <IconButton icon="close" label={t('correct.removeField', { field: word })} onClick={onRemove} />,
  }
  if (spec.input === 'date') return <ChangedDay {...shared} index={index} />
  const wiring = { autoComplete: 'off', ...register(`changes.${index}.value`) }
  if (spec.input === 'lines') return <TextArea {...shared} {...wiring} rows={4} />
  if (spec.input !== 'choice') return <TextInput {...shared} {...wiring} inputMode={KEYBOARDS[spec.input]} spellCheck={false} />
  return (
    <SelectInput {...shared} {...wiring}>
      <Choices field={field} before={before} required={spec.required} />
    </SelectInput>
  )
}

function ChangedDay({ index, ...shared }: { index: number } & Pick<React.ComponentProps<typeof DayInput>, 'id' | 'label' | 'required' | 'error' | 'help' | 'aside'>) {
  const { field } = useController<CorrectionValues, `changes.${number}.value`>({ name: `changes.${index}.value` })
  return <DayInput {...shared} {...field} />
}

function Choices({ field, before, required }: { field: DeclarationField; before: string; required: boolean | undefined }) {
  const { t } = useTranslation()
  const prefectures = useQuery({ ...prefecturesQuery, enabled: field === 'PREFECTURE' }).data ?? []
  const choices = field === 'PREFECTURE' ? prefectures.map((item) => item.name) : (FIELD_SPECS[field].choices ?? [])
  return (
    <>
      {(before === '' || !required) && <option value="">{t(required ? 'choice.none' : 'choice.empty')}</option>}
      {before !== '' && !choices.includes(before) && <option value={before}>{t('choice.asIs', { text: before })}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {valueWord(field, choice, t)}
        </option>
      ))}
    </>
  )
}

function AddField({ texts, taken, error, onAdd }: { texts: Props['texts']; taken: DeclarationField[]; error: string | undefined; onAdd: (field: DeclarationField) => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<DeclarationField | ''>('')
  const free = (field: DeclarationField) => texts[field] !== undefined && !taken.includes(field)
  return (
    <div>
      <label htmlFor="add-field" className={taken.length === 0 ? 'font-bold' : 'text-sm'}>
        {t('correct.addLabel')}
      </label>
      <div className="mt-1 flex flex-wrap gap-2">
        <select
          id="add-field"
          className="control min-w-0 flex-1 basis-48"
          value={chosen}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? 'add-field-error' : undefined}
          onChange={(event) => setChosen(event.target.value as DeclarationField | '')}
        >
          <option value="">{t('choice.none')}</option>
          {GROUPS.map((group) => (
            <optgroup key={group} label={t(`group.${group}`)}>
              {fieldsOf(group)
                .filter(free)
                .map((field) => (
                  <option key={field} value={field}>
                    {t(`field.${field}`)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
        <Button
          icon="plus"
          onClick={() => {
            if (chosen === '') document.getElementById('add-field')?.focus()
            else onAdd(chosen)
            setChosen('')
          }}
        >
          {t('correct.add')}
        </Button>
      </div>
      <FieldError id="add-field-error" error={error} />
    </div>
  )
}
