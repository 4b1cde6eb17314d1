// The answer that the office keeps while it is written: its words, whether they are those on the screen, and whose turn it is.
import type { InquiryDraft, InquiryRecord } from '../../graphql/inquiries'
import type { ReplyDraft } from './desk-state'

export interface DraftWords {
  to: string
  subject: string
  text: string
  answersId: string | null
}

export const wordsOf = ({ to, subject, text, answersId }: Pick<ReplyDraft, 'to' | 'subject' | 'text' | 'answersId'>): DraftWords => ({ to: to.trim(), subject: subject.trim(), text, answersId: answersId ?? null })

/** The same words have the same mark. */
export const markOf = ({ to, subject, text, answersId }: DraftWords): string => JSON.stringify([to, subject, text, answersId])

/** What is kept, for whoever may read it. */
export function keptWords(draft: InquiryDraft | null | undefined): DraftWords | undefined {
  const words = draft?.words
  return words?.__typename === 'DraftWords' ? { to: words.to, subject: words.subject, text: words.text, answersId: words.answersId ?? null } : undefined
}

export const keptMark = (draft: InquiryDraft | null | undefined): string | undefined => {
  const words = keptWords(draft)
  return words && markOf(words)
}

export const isUnsaved = (reply: ReplyDraft): boolean => reply.text.trim() !== '' && markOf(wordsOf(reply)) !== reply.kept

/** A colleague has kept something since that neither began from these words nor is the same: it is not to be written over unasked. */
export function isOthers({ draft }: Pick<InquiryRecord, 'draft'>, reply: ReplyDraft, me: string): boolean {
  const mark = keptMark(draft)
  return draft !== null && draft !== undefined && draft.byId !== me && mark !== undefined && mark !== reply.kept && mark !== markOf(wordsOf(reply))
}

export type ReviewStand = 'needsReview' | 'waitsReview' | 'changedSince' | 'agreed'

/** How far these words are on their way to a colleague's consent. */
export function reviewOf({ draft }: Pick<InquiryRecord, 'draft'>, reply: ReplyDraft): ReviewStand {
  if (!draft || draft.state === 'OPEN') return 'needsReview'
  const isSame = keptMark(draft) === markOf(wordsOf(reply))
  if (draft.state === 'AGREED') return isSame ? 'agreed' : 'changedSince'
  return isSame ? 'waitsReview' : 'needsReview'
}
