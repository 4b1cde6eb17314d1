// What is done with an inquiry in a sheet over it: which fields each has, and what it sends.
import type { TFunction } from 'i18next'
import type { CaseField, CaseValues } from '../../forms/case-form'
import { readTime } from '../../forms/case-form'
import type { InquiryRecord } from '../../graphql/inquiries'
import type { InquiryChangeInput, InquiryResolution, InquiryTag } from '../../graphql/gql/graphql'
import { readDay } from '../../lib/date-text'
import { today } from '../../lib/format'
import { instantOf, RESOLUTIONS, type Snooze, snoozeUntil, TAGS } from '../../lib/inquiries'
import type { Colleague } from './colleagues'
import { whenShort } from './words'

export const SHEETS = ['assign', 'close', 'snooze', 'tag', 'link', 'split'] as const
export type SheetDeed = (typeof SHEETS)[number]

const SNOOZES = ['tomorrow', 'threeDays', 'nextMonday'] as const satisfies readonly Snooze[]
/** In the place of an id: nobody. */
const NOBODY = 'nobody'

interface Beside {
  colleagues: readonly Colleague[]
  isComplete: boolean
  now: number
}

export function sheetFields(deed: SheetDeed, record: InquiryRecord, { colleagues, isComplete, now }: Beside, t: TFunction): CaseField[] {
  if (deed === 'assign') {
    const help = isComplete ? t('inquiries.assignHelp') : t('inquiries.assignNoList')
    return [{ name: 'assignee', kind: 'choice', label: t('inquiries.assignTo'), help, required: true, initial: record.assigneeId ?? NOBODY, choices: [{ value: NOBODY, word: t('inquiries.nobody') }, ...colleagues.map(({ id, name }) => ({ value: id, word: name }))] }]
  }
  if (deed === 'close') {
    const hasReply = record.entries.some(({ reply }) => reply && reply.state !== 'CANCELLED')
    return [{ name: 'resolution', kind: 'choice', label: t('inquiries.resolutionLabel'), help: t('inquiries.closeHelp'), required: true, initial: hasReply ? 'ANSWERED' : undefined, choices: RESOLUTIONS.map((value) => ({ value, word: t(`inquiries.resolution.${value}`) })) }]
  }
  if (deed === 'snooze') {
    const presets = SNOOZES.map((value) => ({ value, word: t(`inquiries.snooze.${value}`, { when: whenShort(snoozeUntil(value, now)) }) }))
    const isOther = ({ until }: CaseValues) => until === 'other'
    return [
      { name: 'until', kind: 'choice', label: t('inquiries.until'), help: t('inquiries.snoozeHelp'), required: true, initial: 'tomorrow', choices: [...presets, { value: 'other', word: t('inquiries.snooze.other') }] },
      { name: 'day', kind: 'day', label: t('inquiries.day'), required: true, shown: isOther, initial: today() },
      { name: 'time', kind: 'time', label: t('inquiries.time'), help: t('inquiries.timeHelp'), required: true, shown: isOther, initial: '09:00' },
    ]
  }
  if (deed === 'tag') return [{ name: 'tags', kind: 'choices', label: t('inquiries.tagsLabel'), initial: record.tags.join(' '), choices: TAGS.map((value) => ({ value, word: t(`inquiries.tag.${value}`) })) }]
  if (deed === 'link') return [{ name: 'declarationId', kind: 'line', label: t('inquiries.number'), help: t('inquiries.numberHelp'), required: true, limit: 40 }]
  const messages = record.entries.flatMap(({ message, at, inquiryId }) => (message && inquiryId === record.id ? [{ id: message.id, at, words: message.words }] : []))
  const word = ({ at, words }: (typeof messages)[number]) => [whenShort(at), words?.__typename === 'InquiryWords' ? words.subject || t('inquiries.noSubject') : t('inquiries.unreadable')].join(t('app.separator'))
  return [{ name: 'messages', kind: 'choices', label: t('inquiries.splitLabel'), help: t('inquiries.splitHelp'), required: true, choices: messages.map((message) => ({ value: message.id, word: word(message) })) }]
}

/** What a sheet sends. A declaration is named by its id, which the number was looked up for. */
export function sheetChange(deed: Exclude<SheetDeed, 'split'>, values: CaseValues, record: Pick<InquiryRecord, 'tags'>, now: number, declarationId = ''): InquiryChangeInput {
  if (deed === 'assign') return { assign: { assigneeId: values.assignee === NOBODY ? null : values.assignee } }
  if (deed === 'close') return { close: { resolution: values.resolution as InquiryResolution } }
  if (deed === 'link') return { linkDeclaration: declarationId }
  if (deed === 'snooze') {
    const preset = SNOOZES.find((item) => item === values.until)
    return { snooze: { until: preset ? snoozeUntil(preset, now) : instantOf(readDay(values.day ?? '') ?? '', readTime(values.time ?? '') ?? '') } }
  }
  const chosen = (values.tags ?? '').split(' ').filter(Boolean) as InquiryTag[]
  return { tag: { add: chosen.filter((tag) => !record.tags.includes(tag)), remove: record.tags.filter((tag) => !chosen.includes(tag)) } }
}
