// How inquiries are told: where they stand, until when they are answered, who wrote, and why that is not shown.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { InquiryRecord, InquiryRow } from '../../graphql/inquiries'
import type { InquiryStatus, InquiryTag, Permission } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { relativeTo, useNow } from '../../lib/relative'
import { Chip, type Tone } from '../../ui/chip'
import { Icon, type IconName } from '../../ui/icons'

const LOOKS: Record<InquiryStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'warn', icon: 'mail' },
  WAITING: { tone: 'quiet', icon: 'clock' },
  SNOOZED: { tone: 'quiet', icon: 'pause' },
  CLOSED: { tone: 'good', icon: 'check' },
  SPAM: { tone: 'quiet', icon: 'stop' },
  MERGED: { tone: 'quiet', icon: 'swap' },
}

export function StatusChip({ status }: { status: InquiryStatus }) {
  const { t } = useTranslation()
  return <Chip {...LOOKS[status]}>{t(`inquiries.status.${status}`)}</Chip>
}

export const whenShort = (instant: string): string => formatInstant(instant, currentLanguage())

/** Until when it is answered; what should have been is marked by more than a colour. */
export function Due({ inquiry: { dueAt, isBreached, snoozedUntil, status } }: { inquiry: Pick<InquiryRow, 'dueAt' | 'isBreached' | 'snoozedUntil' | 'status'> }) {
  const { t } = useTranslation()
  const now = useNow()
  if (status === 'SNOOZED' && snoozedUntil)
    return (
      <Chip tone="quiet" icon="pause" title={whenShort(snoozedUntil)}>
        {t('inquiries.snoozedUntil', { when: relativeTo(snoozedUntil, now, currentLanguage()) })}
      </Chip>
    )
  if (!dueAt) return null
  // The list may be older than the clock: what is over by now is told so.
  const isOver = isBreached || Date.parse(dueAt) < now
  return (
    <Chip tone={isOver ? 'bad' : 'quiet'} icon={isOver ? 'warning' : 'clock'} title={whenShort(dueAt)}>
      <time dateTime={dueAt} className="num">
        {t(isOver ? 'inquiries.breached' : 'inquiries.due', { when: relativeTo(dueAt, now, currentLanguage()) })}
      </time>
    </Chip>
  )
}

export function SubjectChanged() {
  const { t } = useTranslation()
  return (
    <Chip tone="past" icon="edit" title={t('inquiries.subjectChangedHelp')}>
      {t('inquiries.subjectChanged')}
    </Chip>
  )
}

export const tagsWord = (tags: readonly InquiryTag[], t: TFunction): string => tags.map((tag) => t(`inquiries.tag.${tag}`)).join(t('app.separator'))

type Closed = { __typename: 'Withheld'; permission: Permission } | { __typename: 'Forgotten' }

/** In the place of what people wrote: that it is closed to this reader, and why. */
export function ClosedWords({ closed }: { closed: Closed }) {
  const { t } = useTranslation()
  const why = closed.__typename === 'Withheld' ? t('inquiries.withheldHelp', { permission: t(`permission.${closed.permission}`) }) : t('inquiries.forgottenHelp')
  return (
    <span className="inline-flex items-center gap-1 text-muted" title={why}>
      <Icon name="lock" className="size-3.5" />
      {t(closed.__typename === 'Withheld' ? 'inquiries.withheld' : 'inquiries.forgotten')}
      <span className="sr-only">{why}</span>
    </span>
  )
}

/** Who wrote, in a few words. */
export const senderWord = ({ senderName, senderAddress }: { senderName: string; senderAddress: string }, t: TFunction): string => senderName || senderAddress || t('inquiries.noSender')

/** What the newest message that could be read says of who wrote and what about. */
export function headOf(record: InquiryRecord) {
  const words = record.entries.flatMap(({ message }) => (message ? [message.words] : []))
  return words.findLast((item) => item?.__typename === 'InquiryWords') ?? words.at(-1)
}

/** What it is called, as plain text. */
export function titleOf(record: InquiryRecord, t: TFunction): string {
  const words = headOf(record)
  if (!words) return t('inquiries.unreadable')
  // Its number would tell nobody anything.
  if (words.__typename !== 'InquiryWords') return t('inquiries.title')
  return words.subject || t('inquiries.noSubject')
}

/** What a row is called where it is named alone. */
export const rowWord = ({ heading }: Pick<InquiryRow, 'heading'>, t: TFunction): string => {
  if (!heading) return t('inquiries.unreadable')
  return heading.__typename === 'InquiryHeading' ? heading.subject || t('inquiries.noSubject') : t('inquiries.title')
}
