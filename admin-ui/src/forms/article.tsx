// A question with its answer, in Japanese and, where there is one, in English: a new one, or one that is there.
import { useEffect } from 'react'
import { Controller, useForm, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { EnglishOlder } from '../components/articles/words'
import { SaveFault } from '../components/save-fault'
import { TextConflict } from '../components/text-conflict'
import { type Article, ARTICLES_KEY, saveArticle } from '../graphql/articles'
import type { InquiryTag } from '../graphql/gql/graphql'
import { useCommandId } from '../lib/command-id'
import { readDay } from '../lib/date-text'
import { blockConversionEnter } from '../lib/ime'
import { TAGS } from '../lib/inquiries'
import { Button } from '../ui/button'
import { DayInput } from '../ui/day-input'
import { ErrorSummary } from '../ui/error-summary'
import { SelectInput, TextArea, TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { summaryOf } from './problems'
import { useConflictFields, useTextsSave } from './texts-save'

interface Values extends Record<string, string> {
  category: string
  jaTitle: string
  jaBody: string
  enTitle: string
  enBody: string
  reviewDueOn: string
}

const FIELDS = ['category', 'jaTitle', 'jaBody', 'enTitle', 'enBody', 'reviewDueOn'] as const
type FieldName = (typeof FIELDS)[number]
const LONGEST = { Title: 120, Body: 20_000 } as const
const EMPTY: Values = { category: '', jaTitle: '', jaBody: '', enTitle: '', enBody: '', reviewDueOn: '' }

const valuesOf = ({ category, ja, en, reviewDueOn }: Article): Values => ({ category, jaTitle: ja.title, jaBody: ja.body, enTitle: en?.title ?? '', enBody: en?.body ?? '', reviewDueOn: reviewDueOn ?? '' })

const hasEnglish = ({ enTitle, enBody }: Values) => enTitle.trim() !== '' || enBody.trim() !== ''

const sent = (values: Values) => ({
  category: values.category as InquiryTag,
  ja: { title: values.jaTitle.trim(), body: values.jaBody.trim() },
  en: hasEnglish(values) ? { title: values.enTitle.trim(), body: values.enBody.trim() } : null,
  reviewDueOn: readDay(values.reviewDueOn) ?? null,
})

/** `ja.title`, as the server names it, is `jaTitle` here. */
const fieldOf = (name: string) => name.replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase())

interface Props {
  article?: Article
  onDirty: (dirty: boolean) => void
  onCancel: () => void
  onSaved: (saved: Article) => void
}

function useSave({ article, onSaved }: Pick<Props, 'article' | 'onSaved'>, form: UseFormReturn<Values>) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const send = (values: Values, base: Article | undefined) => {
    const content = { id: base?.id, expectedVersion: base?.version, ...sent(values) }
    return saveArticle({ commandId: commandId(content), ...content })
  }
  return useTextsSave(form, { known: article, fields: FIELDS, empty: EMPTY, valuesOf, send, queryKey: ARTICLES_KEY, gone: t('articles.gone'), fieldOf, onSaved })
}

type PartProps = { form: UseFormReturn<Values> }

/** What is wrong with a text, in the words of its field. */
function useWrong() {
  const { t } = useTranslation()
  return (name: FieldName, isNeeded: boolean) => (text: string) => {
    const label = t(`articles.field.${name}`)
    const most = name.endsWith('Title') ? LONGEST.Title : LONGEST.Body
    if (text.trim() === '') return !isNeeded || t('articles.missing', { label })
    return [...text.trim()].length <= most || t('articles.long', { label, most: most.toLocaleString('en') })
  }
}

function Words({ form, language, isOlder = false }: PartProps & { language: 'ja' | 'en'; isOlder?: boolean }) {
  const { t } = useTranslation()
  const { errors } = form.formState
  const wrong = useWrong()
  const [title, body] = language === 'ja' ? (['jaTitle', 'jaBody'] as const) : (['enTitle', 'enBody'] as const)
  const isJapanese = language === 'ja'
  // Half an English article is none.
  const pair = (text: string, values: Values) => isJapanese || text.trim() !== '' || !hasEnglish(values) || t('articles.enPair')
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="mb-2 flex items-center gap-2 text-base font-bold">
        {t(`articles.${language}`)}
        {isOlder && (
          <span className="font-normal">
            <EnglishOlder />
          </span>
        )}
      </legend>
      <TextInput id={title} label={t(`articles.field.${title}`)} help={t(isJapanese ? 'articles.titleHelp' : 'articles.enHelp')} required={isJapanese} lang={language} autoComplete="off" error={errors[title]?.message} {...form.register(title, { validate: { wrong: wrong(title, isJapanese), pair } })} />
      <TextArea id={body} label={t(`articles.field.${body}`)} help={t('articles.bodyHelp')} required={isJapanese} lang={language} rows={14} error={errors[body]?.message} {...form.register(body, { validate: { wrong: wrong(body, isJapanese), pair } })} />
    </fieldset>
  )
}

function About({ form }: PartProps) {
  const { t } = useTranslation()
  const { errors } = form.formState
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
      <SelectInput id="category" label={t('articles.field.category')} required className="min-w-56" error={errors.category?.message} {...form.register('category', { validate: (text) => text !== '' || t('articles.chooseCategory') })}>
        <option value="">{t('cases.choose')}</option>
        {TAGS.map((tag) => (
          <option key={tag} value={tag}>
            {t(`inquiries.tag.${tag}`)}
          </option>
        ))}
      </SelectInput>
      <Controller
        control={form.control}
        name="reviewDueOn"
        rules={{ validate: (text) => text.trim() === '' || readDay(text) !== undefined || t('day.unreadable') }}
        render={({ field }) => <DayInput {...field} id="reviewDueOn" label={t('articles.field.reviewDueOn')} help={t('articles.reviewHelp')} error={errors.reviewDueOn?.message} />}
      />
    </div>
  )
}

export function ArticleForm({ article, onDirty, onCancel, onSaved }: Props) {
  const { t } = useTranslation()
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: article ? valuesOf(article) : EMPTY })
  const { errors, submitCount, isDirty } = form.formState
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const { save, conflict, take } = useSave({ article, onSaved: (saved) => {
    onDirty(false)
    toast(t('articles.saved'))
    onSaved(saved)
  } }, form)
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  const told = (name: string, text: string) => (name === 'category' && text !== '' ? t(`inquiries.tag.${text as InquiryTag}`) : text)
  const fields = useConflictFields(form, conflict, (name) => t(`articles.field.${name as FieldName}`), told)
  return (
    <form noValidate className="flex flex-col gap-6" onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
      <SaveFault error={save.error} />
      {conflict && <TextConflict fields={fields} onTake={take} />}
      <About form={form} />
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        <Words form={form} language="ja" />
        <Words form={form} language="en" isOlder={article?.isEnglishOlder} />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {article?.state === 'PUBLISHED' && <p className="min-w-0 flex-1 text-sm text-muted">{t('articles.saveNote')}</p>}
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={save.isPending ? t('sheet.saving') : undefined}>
          {save.isPending ? t('sheet.saving') : t('sheet.save')}
        </Button>
      </div>
    </form>
  )
}
