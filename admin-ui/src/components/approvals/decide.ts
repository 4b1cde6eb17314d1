// One decision about a request: sent once for each intent, and what came of it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { approvalQuery, type ApprovalRecord, decide, type Decision, decidedOf } from '../../graphql/approvals'
import { APPROVALS_KEY } from '../../graphql/open-approvals'
import { STAFF_KEY } from '../../graphql/staff'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { toast } from '../../ui/toast'

/** Undefined where the page itself has to say it: nothing was done. */
function newsOf({ summary: { status } }: ApprovalRecord, { deed }: Decision, t: TFunction): string | undefined {
  if (status === 'VOIDED') return undefined
  if (deed === 'reject') return t('approvals.rejected')
  if (deed === 'withdraw') return t('approvals.withdrawn')
  const done = status === 'CARRIED_OUT'
  return deed === 'bypass' ? t(done ? 'approvals.bypassed' : 'approvals.bypassedSoon') : t(done ? 'approvals.approved' : 'approvals.approvedSoon')
}

export function useDecide(id: string) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // What was answered is answered: the same again, for example after a refusal, is another command.
  const round = useRef(0)
  const [refused, setRefused] = useState<string>()
  const [decided, setDecided] = useState(false)
  /** What waits until they have proved again who they are. */
  const [unproved, setUnproved] = useState<Decision>()
  const act = useMutation({
    mutationFn: (decision: Decision) => decide({ commandId: commandId({ id, round: round.current, ...decision }), id }, decision),
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, decision) => {
      if (result.__typename === 'FreshSignInNeeded') return setUnproved(decision)
      round.current += 1
      if (result.__typename === 'ApprovalDecided') {
        const record = decidedOf(result)
        setDecided(true)
        client.setQueryData(approvalQuery(id).queryKey, record)
        const news = newsOf(record, decision, t)
        if (news) toast(news)
      }
      if (result.__typename === 'InvalidInput') setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') setRefused(t('approvals.notFoundNow'))
      await Promise.all([client.invalidateQueries({ queryKey: APPROVALS_KEY }), client.invalidateQueries({ queryKey: STAFF_KEY })])
    },
  })
  const proved = () => {
    setUnproved(undefined)
    if (unproved) act.mutate(unproved)
  }
  return { act, refused, decided, unproved: unproved !== undefined, proved, giveUp: () => setUnproved(undefined), forget: () => { setRefused(undefined); act.reset() } }
}
