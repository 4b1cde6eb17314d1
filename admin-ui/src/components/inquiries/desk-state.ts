// What is being written about an inquiry, and what of it is new to whoever writes: kept while the console is open, so that looking at
// another inquiry, or a called-off answer, loses no word. This machine keeps it nowhere else: it names persons.
import { useSyncExternalStore } from 'react'
import type { InquiryRecord } from '../../graphql/inquiries'
import { isUnsaved } from './drafts'

export interface ReplyDraft {
  to: string
  subject: string
  text: string
  closes: boolean
  isLater: boolean
  day: string
  time: string
  /** The message that it answers; undefined: the newest. */
  answersId?: string
  /** The version of the thread that its author has seen. */
  seen: string
  /** When it was begun, or what was new was looked at: what was seen of the declarations is as of then. */
  begun: string
  /** The mark of the words that the office keeps of it; see `drafts.ts`. */
  kept?: string
}

export interface NoteDraft {
  text: string
  mentionedIds: string[]
}

export interface DeskState {
  /** What is open under the thread. */
  writes?: 'reply' | 'note'
  reply?: ReplyDraft
  note?: NoteDraft
  /** Entries that came while somebody was about to do something. */
  fresh: readonly string[]
}

const NOTHING: DeskState = { fresh: [] }
const states = new Map<string, DeskState>()
const listeners = new Set<() => void>()

/** Two people who sit at one machine one after the other share no draft. */
export const deskKey = (staffId: string, inquiryId: string) => `${staffId} ${inquiryId}`

export const deskOf = (key: string): DeskState => states.get(key) ?? NOTHING

export function changeDesk(key: string, change: Partial<DeskState>) {
  states.set(key, { ...deskOf(key), ...change })
  for (const listener of listeners) listener()
}

/** What was done by oneself is seen: an answer that is being written is not held for it. */
export function sawOwn(key: string, before: string, { version }: Pick<InquiryRecord, 'version'>) {
  const { reply } = deskOf(key)
  if (reply?.seen === before) changeDesk(key, { reply: { ...reply, seen: version } })
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const useDesk = (key: string): DeskState => useSyncExternalStore(subscribe, () => deskOf(key))

/** What the office keeps is not lost. */
const isWritten = ({ reply, note }: DeskState) => Boolean((reply && isUnsaved(reply)) || note?.text.trim())

/** Whether leaving the console would lose something. */
export const anyDraft = (): boolean => [...states.values()].some(isWritten)
