// The parts of an answer that is being written: its text, when it goes, what came meanwhile, and the way to give it up.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeInquiryDraft, deskSettingsQuery, type InquiryRecord } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { formatDeclarationNumber } from '../../lib/format'
import { quoted } from '../../lib/inquiries'
import { leftFields } from '../../lib/merge-fields'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { SelectInput, TextArea, TextInput } from '../../ui/field'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { answered, insertInReply } from './begin'
import { changeDesk, type ReplyDraft } from './desk-state'
import { EntryLine } from './entry-line'
import { type Held, unseen } from './reply-send'
import { TemplatePicker } from './template-picker'
import { useSettle } from './work'

interface Props {
  deskKey: string
  record: InquiryRecord
  draft: ReplyDraft
}

/** What came while it was written. Nothing of the answer is lost, and nothing of it went. */
export function HeldBand({ record, draft, held, off, onSend }: { record: InquiryRecord; draft: ReplyDraft; held: Held | undefined; off: string | undefined; onSend: () => void }) {
  const { t } = useTranslation()
  const entries = held ? record.entries.filter(({ position }) => held.since.includes(position)) : unseen(record, draft)
  const changed = record.declarations.filter(({ id }) => held?.declarationIds.includes(id))
  if (!held && entries.length === 0) return null
  return (
    <Band tone="warn" role="alert" actions={<Button size="sm" look="primary" reason={off} onClick={onSend}>{t('inquiries.heldSend')}</Button>}>
      <p className="font-bold">{t('inquiries.held')}</p>
      <ul className="list-disc pl-5 text-sm">
        {entries.map((entry) => (
          <li key={entry.position}>
            <EntryLine entry={entry} />
          </li>
        ))}
        {changed.map(({ id, number }) => (
          <li key={id}>
            <Link to="/declarations/$id" params={{ id }} target="_blank">
              {t('inquiries.heldDeclaration', { number: number ? formatDeclarationNumber(number) : t('inquiries.noNumber') })}
            </Link>
          </li>
        ))}
      </ul>
      <p className="text-sm">{t('inquiries.heldHelp')}</p>
    </Band>
  )
}

export function When({ draft, error, onChange }: { draft: ReplyDraft; error: string | undefined; onChange: (change: Partial<ReplyDraft>) => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-start gap-3">
      <SelectInput id="reply-when" label={t('inquiries.sendAt')} value={draft.isLater ? 'later' : 'now'} error={draft.isLater ? undefined : error} onChange={(event) => onChange({ isLater: event.target.value === 'later' })}>
        <option value="now">{t('inquiries.sendNow')}</option>
        <option value="later">{t('inquiries.sendLater')}</option>
      </SelectInput>
      {draft.isLater && (
        <>
          <DayInput id="reply-day" label={t('inquiries.day')} value={draft.day} error={error} onChange={(day) => onChange({ day })} />
          <TextInput id="reply-time" label={t('inquiries.time')} help={t('inquiries.timeHelp')} className="num max-w-24" autoComplete="off" value={draft.time} onChange={(event) => onChange({ time: event.target.value })} />
        </>
      )}
    </div>
  )
}

/** The sentence for what a template left without a value; undefined when there is nothing of it. */
export function leftWord(text: string, t: TFunction): string | undefined {
  const left = leftFields(text)
  if (left.length === 0) return undefined
  const names = left.map(({ code, field }) => (field ? t('desk.template.fieldOf', { code, word: t(`mergeField.${field}`) }) : code))
  return t('desk.template.left', { count: left.length, names: names.join(t('app.separator')) })
}

/** What is written, with what can be put into it. */
export function ReplyText({ deskKey: key, record, draft, error, onChange }: Props & { error: string | undefined; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [picks, setPicks] = useState(false)
  const original = answered(record, draft.answersId)
  const left = leftWord(draft.text, t)
  const aside = (
    <span className="flex flex-wrap gap-x-1">
      <Button look="plain" size="sm" icon="list" onClick={() => setPicks(true)}>
        {t('desk.template.open')}
      </Button>
      {original && (
        <Button look="plain" size="sm" onClick={() => onChange(`${draft.text.trimEnd()}\n\n${quoted(original.text)}\n`.trimStart())}>
          {t('inquiries.quote')}
        </Button>
      )}
    </span>
  )
  return (
    <>
      <TextArea id="reply-text" label={t('inquiries.textLabel')} help={<span className="max-md:hidden">{t('inquiries.sendKeys')}</span>} rows={6} error={left ?? error} value={draft.text} onChange={(event) => onChange(event.target.value)} aside={aside} />
      {left !== undefined && <p className="text-sm">{t('desk.template.leftHelp')}</p>}
      {picks && <TemplatePicker record={record} onInsert={(text) => insertInReply(key, record, text)} onClose={() => setPicks(false)} />}
    </>
  )
}

/** What was written is given up here and at the office; until another one is written it can be brought back. */
export function Discard({ deskKey: key, record, draft }: Props) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const discard = useMutation({ mutationFn: () => changeInquiryDraft(commandId(record.version), record, { discard: true }), onSuccess: settle })
  const giveUp = () => {
    changeDesk(key, { writes: undefined, reply: undefined })
    if (record.draft) discard.mutate()
    toast(t('inquiries.discarded'), draft.text.trim() === '' ? undefined : { word: t('inquiries.undo'), run: () => changeDesk(key, { writes: 'reply', reply: { ...draft, kept: undefined } }) })
  }
  return (
    <Button look="plain" size="sm" onClick={giveUp}>
      {t('inquiries.discard')}
    </Button>
  )
}

/** What the server puts below it. */
export function Signature() {
  const { t } = useTranslation()
  const { data } = useQuery(deskSettingsQuery)
  if (!data?.signature) return null
  return (
    <div className="text-xs text-muted">
      <p>{t('desk.signature')}</p>
      <p className="whitespace-pre-wrap">
        <TypedText text={data.signature} />
      </p>
    </div>
  )
}
