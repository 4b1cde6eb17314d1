// An answer, written under the thread so that the thread can be read. It is held when something came in meanwhile, and can be called off.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readTime } from '../../forms/case-form'
import { changeInquiryDraft, type InquiryOutcome, type InquiryRecord, replyToInquiry, seenDeclarationQuery, withdrawReply } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { readDay } from '../../lib/date-text'
import { formatDeclarationNumber } from '../../lib/format'
import { blockConversionEnter, isConverting } from '../../lib/ime'
import { instantOf, isLater, quoted } from '../../lib/inquiries'
import { useKeys } from '../../lib/keys'
import { leftFields } from '../../lib/merge-fields'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { SelectInput, TextArea, TextInput } from '../../ui/field'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { answered, insertInReply, usualAddress } from './begin'
import { changeDesk, deskOf, type ReplyDraft } from './desk-state'
import { keptMark } from './drafts'
import { AskReview, KeepingLine, TheirDraft, useReviewReason } from './draft-state'
import { EntryLine } from './entry-line'
import { useKeptDraft } from './keep-draft'
import { TemplatePicker } from './template-picker'
import { useSettle } from './work'
import { whenShort } from './words'

type Held = Extract<InquiryOutcome, { moved: InquiryRecord }>
type Wrong = Partial<Record<'to' | 'subject' | 'text' | 'sendAt' | 'form', string>>

const sendAtOf = ({ isLater: later, day, time }: ReplyDraft): string | undefined => {
  const [date, clock] = [readDay(day), readTime(time)]
  return later && date && clock ? instantOf(date, clock) : undefined
}

/** What came in or went out since the answer was begun. */
const unseen = ({ entries }: InquiryRecord, { seen }: ReplyDraft) => entries.filter(({ message, reply, position }) => (message || reply) && isLater(position, seen))

/** Calls an answer off that was just sent, and puts its words back where they were written. */
function useCallBack(key: string, record: InquiryRecord) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  return useMutation({
    mutationFn: ({ sent, mailId }: { sent: InquiryRecord; mailId: string; draft: ReplyDraft }) => withdrawReply(commandId([mailId, sent.version]), sent, mailId),
    onSuccess: async (outcome, { draft }) => {
      await settle(outcome)
      if ('done' in outcome) {
        changeDesk(key, { writes: 'reply', reply: { ...draft, seen: outcome.done.version, kept: keptMark(outcome.done.draft) } })
        toast(t('inquiries.calledOff'))
      } else toast('problems' in outcome ? outcome.problems.map(problemText).join(' ') : t('inquiries.moved'))
    },
  })
}

function useSend(key: string, record: InquiryRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const callBack = useCallBack(key, record)
  const [held, setHeld] = useState<Held>()
  const [wrong, setWrong] = useState<Wrong>({})
  const send = useMutation({
    mutationFn: async (draft: ReplyDraft) => {
      const seen = await Promise.all(record.declarations.map(({ id }) => client.fetchQuery(seenDeclarationQuery(id, draft.begun))))
      const to = draft.to.trim()
      const words = {
        to: to === '' || to === usualAddress(record, draft.answersId) ? undefined : to,
        subject: draft.subject.trim(), text: draft.text, answersId: draft.answersId, closes: draft.closes, sendAt: sendAtOf(draft), declarations: seen.flatMap((item) => item ?? []),
      }
      return replyToInquiry(commandId([record.id, draft]), { id: record.id, version: draft.seen }, words)
    },
    onMutate: () => {
      setHeld(undefined)
      setWrong({})
    },
    onSuccess: async (outcome, draft) => {
      await settle(outcome)
      if ('moved' in outcome) return setHeld(outcome)
      if ('gone' in outcome) return setWrong({ form: t('inquiries.gone') })
      if ('problems' in outcome) {
        const named = (field: string): keyof Wrong => (field === 'to' || field === 'subject' || field === 'text' || field === 'sendAt' ? field : 'form')
        return setWrong(Object.fromEntries(outcome.problems.map((problem) => [named(problem.field), problem.code === 'nobody_to_write_to' ? t('inquiries.toUnknown') : problemText(problem)])))
      }
      changeDesk(key, { writes: undefined, reply: undefined })
      const mailId = outcome.done.entries.findLast(({ reply }) => reply)?.reply?.id
      const at = sendAtOf(draft)
      const told = at ? t('inquiries.done.repliedLater', { when: whenShort(at) }) : t('inquiries.done.replied')
      return toast(told, mailId === undefined ? undefined : { word: t('inquiries.callOff'), run: () => callBack.mutate({ sent: outcome.done, mailId, draft }) })
    },
  })
  return { send, held, wrong, setWrong }
}

/** What came while it was written. Nothing of the answer is lost, and nothing of it went. */
function HeldBand({ record, draft, held, off, onSend }: { record: InquiryRecord; draft: ReplyDraft; held: Held | undefined; off: string | undefined; onSend: () => void }) {
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

function When({ draft, error, onChange }: { draft: ReplyDraft; error: string | undefined; onChange: (change: Partial<ReplyDraft>) => void }) {
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
function leftWord(text: string, t: TFunction): string | undefined {
  const left = leftFields(text)
  if (left.length === 0) return undefined
  const names = left.map(({ code, field }) => (field ? t('desk.template.fieldOf', { code, word: t(`mergeField.${field}`) }) : code))
  return t('desk.template.left', { count: left.length, names: names.join(t('app.separator')) })
}

/** Enter in a line would send what is not finished; in the text it is a new line. */
function blockEnter(event: KeyboardEvent<HTMLFormElement>) {
  blockConversionEnter(event)
  if (event.key === 'Enter' && !isConverting(event) && event.target instanceof HTMLInputElement && event.target.type === 'text') event.preventDefault()
}

/** What was written is given up here and at the office; until another one is written it can be brought back. */
function Discard({ deskKey: key, record, draft }: { deskKey: string; record: InquiryRecord; draft: ReplyDraft }) {
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

export function ReplyComposer({ deskKey: key, record, draft }: { deskKey: string; record: InquiryRecord; draft: ReplyDraft }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { send, held, wrong, setWrong } = useSend(key, record)
  const change = (part: Partial<ReplyDraft>) => changeDesk(key, { reply: { ...(deskOf(key).reply ?? draft), ...part } })
  const off = send.isPending ? t('inquiries.sending') : undefined
  const keeping = useKeptDraft(key, record, draft, send.isPending)
  const review = useReviewReason(record, draft)
  const original = answered(record, draft.answersId)
  const left = leftWord(draft.text, t)
  const [picks, setPicks] = useState(false)
  useEffect(() => document.getElementById('reply-text')?.focus(), [])
  // What was seen of the declarations is as of the beginning, not as of the end.
  useEffect(() => {
    for (const { id } of record.declarations) void client.prefetchQuery(seenDeclarationQuery(id, draft.begun))
  }, [client, record.declarations, draft.begun])

  const submit = (as: ReplyDraft) => {
    if (off !== undefined || review !== undefined) return
    const missing: Wrong = {
      subject: as.subject.trim() === '' ? t('inquiries.subjectMissing') : undefined,
      text: as.text.trim() === '' ? t('inquiries.textMissing') : undefined,
      sendAt: as.isLater && sendAtOf(as) === undefined ? t('inquiries.sendAtMissing') : undefined,
    }
    setWrong(missing)
    const first = missing.subject ? 'reply-subject' : missing.text || leftFields(as.text).length > 0 ? 'reply-text' : missing.sendAt ? 'reply-day' : undefined
    if (first) document.getElementById(first)?.focus()
    else send.mutate(as)
  }
  const sendAnyway = () => {
    const looked = { ...(deskOf(key).reply ?? draft), seen: record.version, begun: new Date().toISOString() }
    changeDesk(key, { reply: looked })
    submit(looked)
  }
  // What came in is looked at first: the key of haste does not pass over it.
  const isHeld = held !== undefined || unseen(record, draft).length > 0
  useKeys({ 'mod+enter': () => !isHeld && submit(deskOf(key).reply ?? draft) })
  return (
    <form noValidate aria-label={t('inquiries.composer')} className="flex flex-col gap-2 px-4 py-2.5 text-sm" onKeyDown={blockEnter} onSubmit={(event) => {
      event.preventDefault()
      if (!isHeld) submit(draft)
    }}>
      <TheirDraft deskKey={key} record={record} reply={draft} keeping={keeping} />
      <HeldBand record={record} draft={draft} held={held} off={off} onSend={sendAnyway} />
      {wrong.form !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={wrong.form} />
        </Band>
      )}
      <DeedFault error={send.error} />
      <div className="grid gap-2.5 sm:grid-cols-2">
        <TextInput id="reply-to" label={t('inquiries.toLabel')} inputMode="email" autoComplete="off" autoCapitalize="none" spellCheck={false} error={wrong.to} title={t('inquiries.toHelp')} value={draft.to} onChange={(event) => change({ to: event.target.value })} />
        <TextInput id="reply-subject" label={t('inquiries.subjectLabel')} autoComplete="off" error={wrong.subject} value={draft.subject} onChange={(event) => change({ subject: event.target.value })} />
      </div>
      <TextArea
        id="reply-text"
        label={t('inquiries.textLabel')}
        help={<span className="max-md:hidden">{t('inquiries.sendKeys')}</span>}
        rows={6}
        error={left ?? wrong.text}
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
        aside={
          <span className="flex flex-wrap gap-x-1">
            <Button look="plain" size="sm" icon="list" onClick={() => setPicks(true)}>
              {t('desk.template.open')}
            </Button>
            {original && (
              <Button look="plain" size="sm" onClick={() => change({ text: `${draft.text.trimEnd()}\n\n${quoted(original.text)}\n`.trimStart() })}>
                {t('inquiries.quote')}
              </Button>
            )}
          </span>
        }
      />
      {left !== undefined && <p className="text-sm">{t('desk.template.leftHelp')}</p>}
      {picks && <TemplatePicker record={record} onInsert={(text) => insertInReply(key, record, text)} onClose={() => setPicks(false)} />}
      <div className="flex flex-wrap items-end gap-x-4 gap-y-1">
        <When draft={draft} error={wrong.sendAt} onChange={change} />
        <label className="flex min-h-10 items-center gap-2 text-sm touch:min-h-11">
          <input type="checkbox" className="size-5 accent-accent" checked={draft.closes} onChange={(event) => change({ closes: event.target.checked })} />
          {t('inquiries.closes')}
        </label>
        <KeepingLine record={record} keeping={keeping} />
      </div>
      {/* In sight however little room there is above it. */}
      <div className="sticky bottom-0 -mx-4 -mb-2.5 flex flex-col gap-1 border-t border-line bg-surface px-4 py-2">
        {review !== undefined && <p className="text-sm font-bold text-warn">{review}</p>}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <Discard deskKey={key} record={record} draft={draft} />
          <Button onClick={() => changeDesk(key, { writes: undefined })}>{t('inquiries.fold')}</Button>
          <AskReview record={record} reply={draft} keeping={keeping} />
          <Button type="submit" look="primary" icon="mail" reason={off ?? (isHeld ? t('inquiries.held') : (left ?? review))}>
            {t('inquiries.send')}
          </Button>
        </div>
      </div>
    </form>
  )
}
