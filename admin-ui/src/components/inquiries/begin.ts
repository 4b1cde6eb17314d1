// How an answer begins: to whoever wrote the message that it answers, with its subject.
import type { InquiryRecord } from '../../graphql/inquiries'
import { replySubject } from '../../lib/inquiries'
import { changeDesk, deskOf, type ReplyDraft } from './desk-state'
import { keptWords, markOf } from './drafts'

export function answered(record: InquiryRecord, answersId: string | undefined) {
  const messages = record.entries.flatMap(({ message }) => (message ? [message] : []))
  const newest = messages.findLast(({ kind }) => kind !== 'AUTO_REPLY') ?? messages.at(-1)
  const words = (answersId === undefined ? newest : messages.find(({ id }) => id === answersId))?.words
  return words?.__typename === 'InquiryWords' ? words : undefined
}

/** Where the server sends it when no address is given. */
export function usualAddress(record: InquiryRecord, answersId: string | undefined): string {
  const words = answered(record, answersId)
  return words?.replyTo ?? words?.senderAddress ?? ''
}

/** An answer that goes on with the draft that is kept; undefined when there is none that the reader may see. */
export function goOnWith(draft: InquiryRecord['draft'], fresh: ReplyDraft): ReplyDraft | undefined {
  const words = keptWords(draft)
  return words && { ...fresh, to: words.to, subject: words.subject, text: words.text, answersId: words.answersId ?? undefined, kept: markOf(words) }
}

export const freshReply = (record: InquiryRecord, answersId?: string): ReplyDraft => ({
  to: usualAddress(record, answersId), subject: replySubject(answered(record, answersId)?.subject ?? ''), answersId, text: '', closes: false, isLater: false, day: '', time: '', seen: record.version, begun: new Date().toISOString(),
})

/** Opens the answer that was begun, or a new one. `answersId`: the message that was chosen. */
export function beginReply(key: string, record: InquiryRecord, answersId?: string) {
  const { reply: before } = deskOf(key)
  const fresh = freshReply(record, answersId)
  // Nothing was written yet: whoever opens it now has seen what is there now, also what a colleague has begun.
  const isEmpty = !before || before.text.trim() === ''
  const begun = isEmpty ? (goOnWith(record.draft, fresh) ?? fresh) : before
  const reply = answersId === undefined ? begun : { ...begun, to: fresh.to, subject: fresh.subject, answersId }
  changeDesk(key, { writes: 'reply', reply })
}

const FIELD = 'reply-text'
const textField = () => {
  const field = document.getElementById(FIELD)
  return field instanceof HTMLTextAreaElement ? field : undefined
}

/** Puts a text where the caret stands in the answer, or at its end; an answer that is not open is opened. The caret then stands behind it. */
export function insertInReply(key: string, record: InquiryRecord, text: string) {
  const field = textField()
  if (!field) beginReply(key, record)
  const { reply } = deskOf(key)
  if (!reply) return
  const [from, to] = field ? [field.selectionStart, field.selectionEnd] : [reply.text.length, reply.text.length]
  changeDesk(key, { reply: { ...reply, text: reply.text.slice(0, from) + text + reply.text.slice(to) } })
  // Once it is on the screen.
  requestAnimationFrame(() => {
    textField()?.focus()
    textField()?.setSelectionRange(from + text.length, from + text.length)
  })
}
