// Sends an answer, and calls it off again: what came of it, and what is wrong with it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readTime } from '../../forms/case-form'
import { type InquiryOutcome, type InquiryRecord, replyToInquiry, seenDeclarationQuery, withdrawReply } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { readDay } from '../../lib/date-text'
import { instantOf, isLater } from '../../lib/inquiries'
import { problemText } from '../../lib/problem-text'
import { toast } from '../../ui/toast'
import { usualAddress } from './begin'
import { changeDesk, type ReplyDraft } from './desk-state'
import { keptMark } from './drafts'
import { useSettle } from './work'
import { whenShort } from './words'

export type Held = Extract<InquiryOutcome, { moved: InquiryRecord }>
export type Wrong = Partial<Record<'to' | 'subject' | 'text' | 'sendAt' | 'form', string>>

export const sendAtOf = ({ isLater: later, day, time }: ReplyDraft): string | undefined => {
  const [date, clock] = [readDay(day), readTime(time)]
  return later && date && clock ? instantOf(date, clock) : undefined
}

/** What came in or went out since the answer was begun. */
export const unseen = ({ entries }: InquiryRecord, { seen }: ReplyDraft) => entries.filter(({ message, reply, position }) => (message || reply) && isLater(position, seen))

/** Calls an answer off that was just sent, and puts its words back where they were written. */
function useCallBack(key: string, record: InquiryRecord) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  return useMutation({
    mutationFn: ({ sent, mailId }: { sent: InquiryRecord; mailId: string; draft: ReplyDraft }) => withdrawReply(commandId([mailId, sent.version]), sent, mailId),
    onSuccess: (outcome, { draft }) => {
      settle(outcome)
      if ('done' in outcome) {
        changeDesk(key, { writes: 'reply', reply: { ...draft, seen: outcome.done.version, kept: keptMark(outcome.done.draft) } })
        toast(t('inquiries.calledOff'))
      } else toast('problems' in outcome ? outcome.problems.map(problemText).join(' ') : t('inquiries.moved'))
    },
  })
}

export function useSend(key: string, record: InquiryRecord) {
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
    onSuccess: (outcome, draft) => {
      settle(outcome)
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
