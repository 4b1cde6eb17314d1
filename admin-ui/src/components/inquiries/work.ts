// What is done with an inquiry, and what is told of how that went. Whatever came of it, the thread on the screen is the newest one.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeInquiry, type InquiryOutcome, inquiryQuery, type InquiryRecord } from '../../graphql/inquiries'
import { INQUIRIES_KEY } from '../../graphql/inquiry-counts'
import type { InquiryChangeInput } from '../../graphql/gql/graphql'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { toast } from '../../ui/toast'
import { useSession } from '../session'
import { changeDesk, deskKey, sawOwn } from './desk-state'

/** Puts on the screen what came of something, everywhere that it is shown. */
export function useSettle(record: Pick<InquiryRecord, 'id' | 'version'>) {
  const client = useQueryClient()
  const { staff } = useSession()
  const key = deskKey(staff.id, record.id)
  return (outcome: InquiryOutcome) => {
    const now = 'done' in outcome ? outcome.done : 'moved' in outcome ? outcome.moved : undefined
    if (now) client.setQueryData(inquiryQuery(now.id).queryKey, now)
    if ('done' in outcome) {
      changeDesk(key, { fresh: [] })
      if (outcome.done.id === record.id) sawOwn(key, record.version, outcome.done)
    }
    if ('moved' in outcome) changeDesk(key, { fresh: outcome.since })
    // The thread itself came with the answer; asking for it again would be another read, and so would what stands beside it. Nobody waits for the
    // lists: keys that are pressed next would be lost meanwhile.
    void client.invalidateQueries({ queryKey: INQUIRIES_KEY, predicate: ({ queryKey }) => (queryKey[1] !== 'one' && queryKey[1] !== 'context') || (now !== undefined && now.id !== record.id && queryKey[2] === record.id) })
  }
}

/** The sentence for what did not happen; undefined for what did. */
export function useRefusal() {
  const { t } = useTranslation()
  return (outcome: InquiryOutcome): string | undefined => {
    if ('done' in outcome) return undefined
    if ('moved' in outcome) return t('inquiries.moved')
    return 'problems' in outcome ? outcome.problems.map(problemText).join(' ') : t('inquiries.gone')
  }
}

export interface Deed {
  change: InquiryChangeInput
  /** What is told when it is done. */
  told: string
  /** What takes it back. */
  back?: InquiryChangeInput
}

/** What is done by one press. */
export function useDeeds(record: InquiryRecord) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [refused, setRefused] = useState<string>()
  const deed = useMutation({
    mutationFn: ({ seen, change }: Deed & { seen: InquiryRecord }) => changeInquiry(commandId([seen.version, change]), seen, change),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome, { told, back }) => {
      const why = refusal(outcome)
      setRefused(why)
      if ('done' in outcome) {
        const changed = outcome.done
        toast(told, back && { word: t('inquiries.undo'), run: () => deed.mutate({ seen: changed, change: back, told: t('inquiries.done.notSpam') }) })
      }
      settle(outcome)
    },
  })
  const act = (what: Deed) => {
    if (!deed.isPending) deed.mutate({ ...what, seen: record })
  }
  return { act, refused, error: deed.error, pending: deed.isPending }
}
export type Deeds = ReturnType<typeof useDeeds>
