// A template: a new one, or one that is there. Beside each text stands how it looks once it is filled.
import { useEffect } from 'react'
import { Controller, useForm, type UseFormReturn, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SaveFault } from '../components/save-fault'
import { MergeFields, TemplatePreview } from '../components/templates/preview'
import { EnglishOlder } from '../components/templates/words'
import { TextConflict } from '../components/text-conflict'
import type { InquiryTag, TextLanguage } from '../graphql/gql/graphql'
import { type ReplyTemplate, saveReplyTemplate, TEMPLATES_KEY } from '../graphql/reply-templates'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { TAGS } from '../lib/inquiries'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { TextArea, TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { summaryOf } from './problems'
import { useConflictFields, useTextsSave } from './texts-save'

interface Values extends Record<string, string> {
  name: string
  /** With spaces in between. */
  tags: string
  ja: string
  en: string
}

const FIELDS = ['name', 'tags', 'ja', 'en'] as const
const LONGEST_NAME = 60
const LONGEST_TEXT = 10_000
const EMPTY: Values = { name: '', tags: '', ja: '', en: '' }

const valuesOf = ({ name, tags, ja, en }: ReplyTemplate): Values => ({ name, tags: TAGS.filter((tag) => tags.includes(tag)).join(' '), ja, en: en ?? '' })
const tagsOf = (text: string) => text.split(' ').filter(Boolean) as InquiryTag[]

interface Props {
  template?: ReplyTemplate
  onDirty: (dirty: boolean) => void
  onCancel: () => void
  onSaved: (saved: ReplyTemplate) => void
}

function useSave({ template, onSaved }: Pick<Props, 'template' | 'onSaved'>, form: UseFormReturn<Values>) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const send = (values: Values, base: ReplyTemplate | undefined) => {
    const content = { id: base?.id, expectedVersion: base?.version, name: values.name.trim(), tags: tagsOf(values.tags), ja: values.ja.trim(), en: values.en.trim() || null }
    return saveReplyTemplate({ commandId: commandId(content), ...content })
  }
  return useTextsSave(form, { known: template, fields: FIELDS, empty: EMPTY, valuesOf, send, queryKey: TEMPLATES_KEY, gone: t('templates.gone'), onSaved })
}

function Tags({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string }) {
  const { t } = useTranslation()
  const chosen = tagsOf(value)
  return (
    <fieldset className="flex flex-col gap-1" aria-describedby={error && 'tags-error'}>
      <legend className="font-bold">{t('templates.tags')}</legend>
      <p className="text-sm text-muted">{t('templates.tagsHelp')}</p>
      <div className="flex flex-wrap gap-x-5">
        {TAGS.map((tag, index) => (
          <label key={tag} className="flex min-h-8 items-center gap-2 text-sm touch:min-h-11">
            <input
              id={index === 0 ? 'tags' : undefined}
              type="checkbox"
              className="size-5 accent-accent"
              checked={chosen.includes(tag)}
              onChange={(event) => onChange(TAGS.filter((item) => (item === tag ? event.target.checked : chosen.includes(item))).join(' '))}
            />
            {t(`inquiries.tag.${tag}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function TemplateText({ form, name, language, older }: { form: UseFormReturn<Values>; name: 'ja' | 'en'; language: TextLanguage; older: boolean }) {
  const { t } = useTranslation()
  const text = useWatch({ control: form.control, name })
  const insert = (code: string) => {
    const field = document.getElementById(name)
    const [from, to] = field instanceof HTMLTextAreaElement ? [field.selectionStart, field.selectionEnd] : [text.length, text.length]
    form.setValue(name, text.slice(0, from) + code + text.slice(to), { shouldDirty: true })
    requestAnimationFrame(() => {
      if (!(field instanceof HTMLTextAreaElement)) return
      field.focus()
      field.setSelectionRange(from + code.length, from + code.length)
    })
  }
  const missing = (typed: string) => name === 'en' || typed.trim() !== '' || t('templates.jaMissing')
  const long = (typed: string) => [...typed].length <= LONGEST_TEXT || t('templates.textLong')
  return (
    <div className="grid gap-x-6 gap-y-3 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-2">
        <TextArea
          id={name}
          label={t(name === 'ja' ? 'templates.ja' : 'templates.en')}
          help={name === 'ja' ? t('templates.textHelp') : t('templates.enHelp')}
          required={name === 'ja'}
          optional={name === 'en'}
          lang={name}
          rows={9}
          aside={older && <EnglishOlder />}
          error={form.formState.errors[name]?.message}
          {...form.register(name, { validate: { missing, long } })}
        />
        <MergeFields language={language} onInsert={insert} />
      </div>
      <TemplatePreview text={text} language={language} />
    </div>
  )
}

export function ReplyTemplateForm({ template, onDirty, onCancel, onSaved }: Props) {
  const { t } = useTranslation()
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: template ? valuesOf(template) : EMPTY })
  const { errors, submitCount, isDirty } = form.formState
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const { save, conflict, take } = useSave({ template, onSaved: (saved) => {
    onDirty(false)
    toast(t('templates.saved', { name: saved.name }))
    onSaved(saved)
  } }, form)
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  const told = (name: string, text: string) => (name === 'tags' ? tagsOf(text).map((tag) => t(`inquiries.tag.${tag}`)).join(t('app.separator')) : text)
  const fields = useConflictFields(form, conflict, (name) => t(`templates.${name as (typeof FIELDS)[number]}`), told)
  return (
    <form noValidate className="flex flex-col gap-6" onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
      <SaveFault error={save.error} />
      {conflict && <TextConflict fields={fields} onTake={take} />}
      <div className="max-w-2xl">
        <TextInput id="name" label={t('templates.name')} help={t('templates.nameHelp')} required autoComplete="off" error={errors.name?.message} {...form.register('name', { validate: (text) => (text.trim() === '' ? t('templates.nameMissing') : [...text.trim()].length <= LONGEST_NAME || t('templates.nameLong')) })} />
      </div>
      <Controller control={form.control} name="tags" render={({ field }) => <Tags value={field.value} onChange={field.onChange} error={errors.tags?.message} />} />
      <TemplateText form={form} name="ja" language="JA" older={false} />
      <TemplateText form={form} name="en" language="EN" older={template?.isEnglishOlder ?? false} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={save.isPending ? t('sheet.saving') : undefined}>
          {save.isPending ? t('sheet.saving') : t('sheet.save')}
        </Button>
      </div>
    </form>
  )
}
