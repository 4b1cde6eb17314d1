// What is asked before many inquiries are changed, and what is sent then.
import type { TFunction } from 'i18next'
import type { Bound, CaseField, CaseValues } from '../../forms/case-form'
import type { InquiriesChangeInput, InquiryResolution, InquiryTag, TextLanguage } from '../../graphql/gql/graphql'
import type { ReplyTemplate } from '../../graphql/reply-templates'
import { RESOLUTIONS, TAGS } from '../../lib/inquiries'
import { SelectInput } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'
import type { Colleague } from './colleagues'

export const BULK_SHEETS = ['assign', 'tag', 'close', 'reply'] as const
export type BulkSheetDeed = (typeof BULK_SHEETS)[number]

/** In the place of an id: nobody. */
const NOBODY = 'nobody'
const LANGUAGES = ['JA', 'EN'] as const satisfies readonly TextLanguage[]

export interface BulkBeside {
  colleagues: readonly Colleague[]
  isComplete: boolean
  templates: readonly ReplyTemplate[]
  senders: readonly { key: string; address: string; name?: string | null }[]
}

const tagChoices = (t: TFunction) => TAGS.map((value) => ({ value, word: t(`inquiries.tag.${value}`) }))

const textIn = ({ ja, en, isEnglishOlder }: ReplyTemplate, language: string | undefined) => (language === 'EN' ? (isEnglishOlder ? undefined : en) : ja) ?? undefined

/** The choice of a template, with the text under it that goes to everybody. */
function TemplateInput({ bound, error, typed, templates, t }: { bound: Bound; error: string | undefined; typed: CaseValues; templates: readonly ReplyTemplate[]; t: TFunction }) {
  const chosen = templates.find(({ id }) => id === bound.value)
  const text = chosen && textIn(chosen, typed.language)
  return (
    <div className="flex flex-col gap-3">
      <SelectInput id={bound.name} label={t('desk.bulk.template')} help={t('desk.bulk.templateHelp')} required error={error} value={bound.value ?? ''} onBlur={bound.onBlur} onChange={(event) => bound.onChange(event.target.value)}>
        <option value="">{t('cases.choose')}</option>
        {templates.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectInput>
      <section aria-label={t('desk.bulk.text')} aria-live="polite" className="min-h-24 rounded-md border border-line bg-surface px-3.5 py-2.5 text-sm break-words whitespace-pre-wrap">
        {text ? <TypedText text={text} /> : <span className="text-muted">{t(chosen ? 'desk.bulk.templateOff' : 'desk.bulk.templateMissing')}</span>}
      </section>
    </div>
  )
}

function replyFields({ templates, senders }: BulkBeside, t: TFunction): CaseField[] {
  return [
    { name: 'language', kind: 'choice', label: t('desk.template.language'), initial: 'JA', choices: LANGUAGES.map((value) => ({ value, word: t(value === 'JA' ? 'language.ja' : 'language.en') })) },
    {
      name: 'template',
      kind: 'choice',
      label: t('desk.bulk.template'),
      own: {
        wrong: (text) => text !== '' || t('desk.bulk.templateMissing'),
        input: (bound, error, typed) => <TemplateInput {...{ bound, error, typed, templates, t }} />,
      },
    },
    { name: 'sender', kind: 'choice', label: t('desk.bulk.sender'), required: true, initial: senders[0]?.key, choices: senders.map(({ key, address, name }) => ({ value: key, word: [name, address].filter(Boolean).join(t('app.separator')) })) },
    { name: 'close', kind: 'choices', label: t('desk.bulk.closes'), choices: [{ value: 'yes', word: t('desk.bulk.closesYes') }] },
  ]
}

export function bulkFields(deed: BulkSheetDeed, beside: BulkBeside, t: TFunction): CaseField[] {
  if (deed === 'assign') {
    const help = beside.isComplete ? t('inquiries.assignHelp') : t('inquiries.assignNoList')
    return [{ name: 'assignee', kind: 'choice', label: t('inquiries.assignTo'), help, required: true, choices: [...beside.colleagues.map(({ id, name }) => ({ value: id, word: name })), { value: NOBODY, word: t('inquiries.nobody') }] }]
  }
  if (deed === 'close') return [{ name: 'resolution', kind: 'choice', label: t('inquiries.resolutionLabel'), help: t('inquiries.closeHelp'), required: true, choices: RESOLUTIONS.map((value) => ({ value, word: t(`inquiries.resolution.${value}`) })) }]
  if (deed === 'reply') return replyFields(beside, t)
  return [
    { name: 'add', kind: 'choices', label: t('desk.bulk.add'), choices: tagChoices(t) },
    { name: 'remove', kind: 'choices', label: t('desk.bulk.remove'), choices: tagChoices(t) },
  ]
}

const tagsOf = (text: string | undefined) => (text ?? '').split(' ').filter(Boolean) as InquiryTag[]

/** What is sent, or the field that lacks something. */
export function bulkChange(deed: BulkSheetDeed, values: CaseValues, { templates }: BulkBeside, t: TFunction): InquiriesChangeInput | { field: string; message: string } {
  if (deed === 'assign') return { assign: { assigneeId: values.assignee === NOBODY ? null : values.assignee } }
  if (deed === 'close') return { close: { resolution: values.resolution as InquiryResolution } }
  if (deed === 'tag') {
    const [add, remove] = [tagsOf(values.add), tagsOf(values.remove)]
    return add.length + remove.length === 0 ? { field: 'add', message: t('desk.bulk.tagMissing') } : { tag: { add, remove } }
  }
  const template = templates.find(({ id }) => id === values.template)
  if (!template || textIn(template, values.language) === undefined) return { field: 'template', message: t('desk.bulk.templateOff') }
  return { reply: { templateId: template.id, language: values.language as TextLanguage, sender: values.sender ?? '', close: values.close === 'yes' } }
}
