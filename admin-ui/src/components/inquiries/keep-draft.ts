// Keeps the answer that is being written with the office: a few seconds after the typing stops, and when its author leaves. Quietly: it
// stops nobody, and what a colleague has kept meanwhile is not written over unasked.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { changeInquiryDraft, type InquiryOutcome, inquiryQuery, type InquiryRecord } from '../../graphql/inquiries'
import { newId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { useSession } from '../session'
import { changeDesk, deskOf, type ReplyDraft, sawOwn } from './desk-state'
import { isOthers, isUnsaved, markOf, wordsOf } from './drafts'

const TYPING_PAUSE_MS = 3_000
/** After it could not be kept. */
const AGAIN_MS = 20_000

interface Options {
  askReview?: boolean
  /** Also over what a colleague has kept. */
  over?: boolean
}

/** What came of keeping it; nothing where a colleague's stands in its place, which the screen says by itself. */
type Kept = InquiryOutcome | undefined

/** Writes it down. When the thread has moved, that is no reason not to keep a draft: it is tried once more on top of it. */
function useKeep(key: string, id: string) {
  const client = useQueryClient()
  const { staff } = useSession()
  const { queryKey } = inquiryQuery(id)
  const send = async (reply: ReplyDraft, { askReview = false, over = false }: Options, tries = 2): Promise<Kept> => {
    const seen = client.getQueryData(queryKey)
    if (!seen || (!over && isOthers(seen, reply, staff.id))) return undefined
    const outcome = await changeInquiryDraft(newId(), seen, { save: { ...wordsOf(reply), askReview } })
    if ('done' in outcome) {
      client.setQueryData(queryKey, outcome.done)
      sawOwn(key, seen.version, outcome.done)
      const now = deskOf(key).reply
      if (now) changeDesk(key, { reply: { ...now, kept: markOf(wordsOf(reply)) } })
    }
    if (!('moved' in outcome)) return outcome
    client.setQueryData(queryKey, outcome.moved)
    return tries > 1 ? send(reply, { askReview, over }, tries - 1) : outcome
  }
  return useMutation({ mutationFn: ({ reply, ...options }: Options & { reply: ReplyDraft }) => send(reply, options) })
}

export interface Keeping {
  stand: 'saved' | 'unsaved' | 'saving' | 'failed' | 'refused'
  /** Why the server refused it. */
  why?: string
  /** Keeps it now. */
  keep: (options?: Options) => Promise<Kept>
}

/** `paused`: while it is sent, there is nothing left to keep. */
export function useKeptDraft(key: string, record: Pick<InquiryRecord, 'id' | 'draft'>, reply: ReplyDraft, paused: boolean): Keeping {
  const { staff } = useSession()
  const { mutateAsync, isPending, isError } = useKeep(key, record.id)
  const [refused, setRefused] = useState<{ mark: string; why: string }>()
  const mark = markOf(wordsOf(reply))
  const isRefused = refused?.mark === mark
  const isDue = !paused && isUnsaved(reply) && !isRefused && !isOthers(record, reply, staff.id)
  const keep = async (options: Options = {}) => {
    const now = deskOf(key).reply
    if (!now) return undefined
    // What went wrong is told by the state of the mutation.
    const outcome = await mutateAsync({ ...options, reply: now }).catch(() => undefined)
    setRefused(outcome && 'problems' in outcome ? { mark: markOf(wordsOf(now)), why: outcome.problems.map(problemText).join(' ') } : undefined)
    return outcome
  }
  /** `of`: only these words; others are still being typed. */
  const keepIfDue = useEffectEvent((of?: string) => {
    const now = deskOf(key).reply
    if (of !== undefined && now && markOf(wordsOf(now)) !== of) return
    if (now && !paused && !isPending && isUnsaved(now) && markOf(wordsOf(now)) !== refused?.mark) void keep()
  })
  useEffect(() => {
    if (!isDue || isPending) return
    // Typing on begins the pause anew.
    const timer = setTimeout(keepIfDue, isError ? AGAIN_MS : TYPING_PAUSE_MS, mark)
    return () => clearTimeout(timer)
  }, [isDue, isPending, isError, mark])
  useEffect(() => {
    const onHidden = () => document.visibilityState === 'hidden' && keepIfDue()
    document.addEventListener('visibilitychange', onHidden)
    return () => document.removeEventListener('visibilitychange', onHidden)
  }, [])
  // On the way to another inquiry, or when it is folded. What was sent or thrown away is there no more.
  useEffect(() => () => keepIfDue(), [])
  const stand = isPending ? 'saving' : isRefused ? 'refused' : !isUnsaved(reply) ? 'saved' : isError ? 'failed' : 'unsaved'
  return { stand, why: refused?.why, keep }
}
