// One thing that happened to an inquiry in one line: in the thread, and where somebody is told what they have not seen.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { InquiryEntry } from '../../graphql/inquiries'
import { charsetWord } from '../../lib/inquiries'
import { TypedText } from '../../ui/typed-text'
import { actorWord } from '../operations/words'
import { tagsWord, whenShort } from './words'

export function entryWord(entry: InquiryEntry, t: TFunction): string {
  const { kind } = entry
  if (kind === 'ASSIGNED') return entry.staff.length > 0 ? t('inquiries.entry.ASSIGNED', { names: entry.staff.join(t('app.separator')) }) : t('inquiries.entry.UNASSIGNED')
  if (kind === 'CHARSET_CHOSEN') return t('inquiries.entry.CHARSET_CHOSEN', { charset: charsetWord(entry.charset ?? '') })
  if (kind === 'CLOSED') return t('inquiries.entry.CLOSED', { resolution: entry.resolution ? t(`inquiries.resolution.${entry.resolution}`) : '' })
  if (kind === 'RECORD_CHANGED') return t('inquiries.entry.RECORD_CHANGED', { change: entry.recordChange ? t(`history.kind.${entry.recordChange}`) : '' })
  if (kind === 'SNOOZED') return t('inquiries.entry.SNOOZED', { when: entry.until ? whenShort(entry.until) : '' })
  if (kind === 'TAGGED') {
    const parts = [entry.added.length > 0 && t('inquiries.added', { tags: tagsWord(entry.added, t) }), entry.removed.length > 0 && t('inquiries.removed', { tags: tagsWord(entry.removed, t) })]
    return t('inquiries.entry.TAGGED', { tags: parts.filter(Boolean).join(t('app.joint')) })
  }
  return t(`inquiries.entry.${kind}`)
}

/** What, when, by whom. */
export function EntryLine({ entry }: { entry: InquiryEntry }) {
  const { t } = useTranslation()
  return (
    <>
      <TypedText text={entryWord(entry, t)} />{' '}
      <span className="text-muted">
        <time dateTime={entry.at} className="num">
          {whenShort(entry.at)}
        </time>{' '}
        <TypedText text={actorWord(entry.by, t)} />
      </span>
    </>
  )
}
