// The sheet before many inquiries are changed.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CaseForm } from '../../forms/case-form'
import { type BulkItem, type BulkOutcome, changeInquiries } from '../../graphql/inquiry-bulk'
import { mailSetupQuery } from '../../graphql/mail'
import { replyTemplatesQuery } from '../../graphql/reply-templates'
import { FaultBlock } from '../fault'
import { FormSheet, FormSkeleton, useSheetSteps } from '../form-sheet'
import { bulkChange, bulkFields, type BulkSheetDeed } from './bulk-fields'
import { useColleagues } from './colleagues'

interface Props {
  deed: BulkSheetDeed
  items: readonly BulkItem[]
  onOutcomes: (outcomes: readonly BulkOutcome[]) => void
  onLeave: () => void
}

const NOBODY = { assignee: null, assigneeId: null }
const NO_TEMPLATES: never[] = []

function SheetForm({ deed, items, onOutcomes }: Omit<Props, 'onLeave'>) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const replies = deed === 'reply'
  const { colleagues, isComplete } = useColleagues(NOBODY)
  const templates = useQuery({ ...replyTemplatesQuery(false), enabled: replies })
  const setup = useQuery({ ...mailSetupQuery, enabled: replies })
  const beside = useMemo(
    () => ({ colleagues, isComplete, templates: templates.data ?? NO_TEMPLATES, senders: setup.data?.senders ?? NO_TEMPLATES }),
    [colleagues, isComplete, templates.data, setup.data],
  )
  const fields = useMemo(() => bulkFields(deed, beside, t), [deed, beside, t])
  const error = templates.error ?? setup.error
  if (replies && error) return <FaultBlock error={error} onRetry={() => void Promise.all([templates.refetch(), setup.refetch()])} />
  if (replies && !(templates.data && setup.data)) return <FormSkeleton />
  return (
    <CaseForm<readonly BulkOutcome[]>
      fields={fields}
      word={t(replies ? 'desk.bulk.send' : 'desk.bulk.run', { count: items.length })}
      send={async (commandId, values) => {
        const change = bulkChange(deed, values, beside, t)
        if ('field' in change) return { problems: [{ ...change, code: '' }] }
        return changeInquiries(commandId, items, change)
      }}
      onDone={(outcomes) => {
        steps.done()
        onOutcomes(outcomes)
      }}
    />
  )
}

export function BulkSheet({ onLeave, ...props }: Props) {
  const { t } = useTranslation()
  return (
    <FormSheet title={t(`desk.bulk.title.${props.deed}`, { count: props.items.length })} onLeave={onLeave}>
      <SheetForm {...props} />
    </FormSheet>
  )
}
