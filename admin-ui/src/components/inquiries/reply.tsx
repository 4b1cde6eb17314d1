// An answer, written under the thread so that the thread can be read. It is held when something came in meanwhile, and can be called off.
import { useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type InquiryRecord, seenDeclarationQuery } from '../../graphql/inquiries'
import { blockConversionEnter, isConverting } from '../../lib/ime'
import { useKeys } from '../../lib/keys'
import { leftFields } from '../../lib/merge-fields'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { changeDesk, deskOf, type ReplyDraft } from './desk-state'
import { AskReview, KeepingLine, TheirDraft, useReviewReason } from './draft-state'
import { useKeptDraft } from './keep-draft'
import { Discard, HeldBand, leftWord, ReplyText, Signature, When } from './reply-parts'
import { sendAtOf, unseen, useSend, type Wrong } from './reply-send'

/** Enter in a line would send what is not finished; in the text it is a new line. */
function blockEnter(event: KeyboardEvent<HTMLFormElement>) {
  blockConversionEnter(event)
  if (event.key === 'Enter' && !isConverting(event) && event.target instanceof HTMLInputElement && event.target.type === 'text') event.preventDefault()
}

export function ReplyComposer({ deskKey: key, record, draft }: { deskKey: string; record: InquiryRecord; draft: ReplyDraft }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { send, held, wrong, setWrong } = useSend(key, record)
  const change = (part: Partial<ReplyDraft>) => changeDesk(key, { reply: { ...(deskOf(key).reply ?? draft), ...part } })
  const off = send.isPending ? t('inquiries.sending') : undefined
  const keeping = useKeptDraft(key, record, draft, send.isPending)
  const review = useReviewReason(record, draft)
  const left = leftWord(draft.text, t)
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
    <form noValidate aria-label={t('inquiries.composer')} className="flex min-h-48 flex-col text-sm" onKeyDown={blockEnter} onSubmit={(event) => {
      event.preventDefault()
      if (!isHeld) submit(draft)
    }}>
      {/* What does not fit is scrolled to; the buttons stay in sight. */}
      <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-auto px-4 py-2.5">
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
        <ReplyText deskKey={key} record={record} draft={draft} error={wrong.text} onChange={(text) => change({ text })} />
        <Signature />
        <div className="flex flex-wrap items-end gap-x-4 gap-y-1">
          <When draft={draft} error={wrong.sendAt} onChange={change} />
          <label className="flex min-h-10 items-center gap-2 text-sm touch:min-h-11">
            <input type="checkbox" className="size-5 accent-accent" checked={draft.closes} onChange={(event) => change({ closes: event.target.checked })} />
            {t('inquiries.closes')}
          </label>
          <KeepingLine record={record} keeping={keeping} />
        </div>
      </div>
      <div className="flex shrink-0 flex-col gap-1 border-t border-line px-4 py-2">
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
