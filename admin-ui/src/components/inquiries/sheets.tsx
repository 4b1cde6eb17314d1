// The sheets over a thread: assign, close, put off, tag, link and split. What came in meanwhile is shown before it is tried once more.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CaseForm, type CaseValues } from '../../forms/case-form'
import type { Sent } from '../../graphql/cases'
import { quickFindQuery } from '../../graphql/declarations'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { RowPartsFragmentDoc } from '../../graphql/gql/graphql'
import { changeInquiry, type InquiryEntry, type InquiryRecord, splitInquiry } from '../../graphql/inquiries'
import { isDeclarationNumber, plainNumber } from '../../lib/declaration-number'
import { Band } from '../../ui/band'
import { toast } from '../../ui/toast'
import { FormSheet, useSheetSteps } from '../form-sheet'
import { useColleagues } from './colleagues'
import { EntryLine } from './entry-line'
import { sheetChange, type SheetDeed, sheetFields } from './sheet-fields'
import { useSettle } from './work'

const TOLD = { assign: 'assigned', close: 'closed', snooze: 'snoozed', tag: 'tagged', link: 'linked', split: 'split' } as const

export function DeedSheet({ deed, record, onLeave }: { deed: SheetDeed; record: InquiryRecord; onLeave: () => void }) {
  const { t } = useTranslation()
  return (
    <FormSheet title={t(`inquiries.deed.${deed}`)} onLeave={onLeave}>
      <SheetForm deed={deed} record={record} />
    </FormSheet>
  )
}

function useSend(deed: SheetDeed, onMoved: (entries: InquiryEntry[]) => void, seen: InquiryRecord, setSeen: (now: InquiryRecord) => void, now: number) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const settle = useSettle(seen)
  const problem = (field: string, message: string) => ({ problems: [{ field, code: '', message }] })
  /** The id of the declaration with a number; the sentence where there is none. */
  const look = async (typed: string) => {
    const number = plainNumber(typed)
    if (!isDeclarationNumber(number)) return problem('declarationId', t('inquiries.numberUnreadable'))
    const rows = (await client.fetchQuery(quickFindQuery(number))).nodes.map((node) => readFragment(RowPartsFragmentDoc, node))
    return rows.find((row) => row.number === number)?.id ?? problem('declarationId', t('inquiries.numberUnknown'))
  }
  return async (commandId: string, values: CaseValues): Promise<Sent<InquiryRecord>> => {
    const found = deed === 'link' ? await look(values.declarationId ?? '') : ''
    if (typeof found !== 'string') return found
    const outcome = deed === 'split' ? await splitInquiry(commandId, seen, (values.messages ?? '').split(' ').filter(Boolean)) : await changeInquiry(commandId, seen, sheetChange(deed, values, seen, now, found))
    settle(outcome)
    if ('problems' in outcome || 'done' in outcome) return outcome
    if ('gone' in outcome) return problem('id', t('inquiries.gone'))
    onMoved(outcome.moved.entries.filter(({ position }) => outcome.since.includes(position)))
    setSeen(outcome.moved)
    return problem('id', t('inquiries.movedSheet'))
  }
}

function SheetForm({ deed, record }: { deed: SheetDeed; record: InquiryRecord }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const navigate = useNavigate()
  // As it was when the sheet was opened: what came in meanwhile must be seen before it is changed.
  const [seen, setSeen] = useState(record)
  const [opened] = useState(() => ({ record, now: Date.now() }))
  const [news, setNews] = useState<readonly InquiryEntry[]>([])
  const { colleagues, isComplete } = useColleagues(record)
  const fields = useMemo(() => sheetFields(deed, opened.record, { colleagues, isComplete, now: opened.now }, t), [deed, opened, colleagues, isComplete, t])
  const send = useSend(deed, setNews, seen, setSeen, opened.now)
  return (
    <CaseForm<InquiryRecord>
      fields={fields}
      word={deed === 'tag' ? t('sheet.save') : t(`inquiries.deed.${deed}`)}
      lead={
        news.length > 0 && (
          <Band tone="warn" role="note">
            <ul className="list-disc pl-5 text-sm">
              {news.map((entry) => (
                <li key={entry.position}>
                  <EntryLine entry={entry} />
                </li>
              ))}
            </ul>
          </Band>
        )
      }
      send={send}
      onDone={async (changed) => {
        toast(t(`inquiries.done.${TOLD[deed]}`))
        steps.done()
        if (changed.id !== record.id) await navigate({ from: '/inquiries', to: '/inquiries', search: (old) => ({ ...old, id: changed.id, do: undefined }) })
      }}
    />
  )
}
