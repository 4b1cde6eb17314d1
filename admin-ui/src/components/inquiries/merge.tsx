// Making an inquiry a part of another: asked first, because there is no way back.
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InquiryRecord, mergeInquiries } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { Band } from '../../ui/band'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useRefusal, useSettle } from './work'

interface Into {
  id: string
  version: string
  subject: string
}

export function useMerge(record: InquiryRecord) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [into, setInto] = useState<Into>()
  const [refused, setRefused] = useState<string>()
  const merge = useMutation({
    mutationFn: (other: Into) => mergeInquiries(commandId([record.version, other]), record, other),
    onMutate: () => {
      setInto(undefined)
      setRefused(undefined)
    },
    onSuccess: async (outcome) => {
      setRefused(refusal(outcome))
      settle(outcome)
      if (!('done' in outcome)) return
      toast(t('inquiries.done.merged'))
      await navigate({ from: '/inquiries', to: '/inquiries', search: (old) => ({ ...old, id: outcome.done.id }) })
    },
  })
  const question = (
    <>
      <DeedQuestion danger title={t('inquiries.mergeTitle')} text={t('inquiries.mergeText', { subject: into?.subject ?? '' })} yes={t('inquiries.deed.merge')} no={t('inquiries.mergeNo')} open={into !== undefined} onNo={() => setInto(undefined)} onYes={() => into && !merge.isPending && merge.mutate(into)} />
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      <DeedFault error={merge.error} />
    </>
  )
  return { merge: setInto, question }
}
