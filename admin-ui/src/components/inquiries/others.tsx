// What else there is of the same people: each inquiry in a line, with the way to put two of them together.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InquiryRecord, otherInquiryQuery } from '../../graphql/inquiries'
import { currentLanguage } from '../../i18n'
import { formatCount, formatInstant } from '../../lib/format'
import { goesOn } from '../../lib/inquiries'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { useMerge } from './merge'
import { StatusChip } from './words'

const OTHERS_SHOWN = 4

/** Another inquiry in a line, and the way to put the two together. */
export function Other({ id, record, mayWork }: { id: string; record: InquiryRecord; mayWork: boolean }) {
  const { t } = useTranslation()
  const { data, isPending } = useQuery(otherInquiryQuery(id))
  const { merge, question } = useMerge(record)
  if (isPending) return <Skeleton className="w-2/3" />
  if (!data) return null
  const { words } = data
  const closed = words && words.__typename !== 'InquiryWords' ? words : undefined
  const subject = words?.__typename === 'InquiryWords' ? words.subject || t('inquiries.noSubject') : closed ? t('inquiries.title') : t('inquiries.unreadable')
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Link from="/inquiries" to="/inquiries" search={(old) => ({ ...old, id })} className="inline-flex min-h-6 items-center">
        <TypedText text={subject} />
      </Link>
      <StatusChip status={data.status} />
      <span className="num text-muted">{formatInstant(data.receivedAt, currentLanguage(), 'date')}</span>
      {mayWork && goesOn(data.status) && goesOn(record.status) && (
        <Button look="plain" size="sm" aria-label={t('inquiries.deed.mergeInto', { subject })} onClick={() => merge({ id, version: data.version, subject })}>
          {t('inquiries.deed.merge')}
        </Button>
      )}
      {question}
    </span>
  )
}

export function Others({ record, mayWork }: { record: InquiryRecord; mayWork: boolean }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const shown = all ? record.otherIds : record.otherIds.slice(0, OTHERS_SHOWN)
  const more = record.otherIds.length - shown.length
  return (
    <ul className="flex flex-col">
      {shown.map((id) => (
        <li key={id}>
          <Other id={id} record={record} mayWork={mayWork} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <Button look="plain" size="sm" onClick={() => setAll(true)}>
            {t('inquiries.moreOthers', { total: formatCount(more, currentLanguage()) })}
          </Button>
        </li>
      )}
    </ul>
  )
}
