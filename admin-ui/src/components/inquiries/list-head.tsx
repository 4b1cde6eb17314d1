// Over the list: its search, what it is narrowed to, and its order.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import type { InquiryQueue, InquirySort, InquiryTag } from '../../graphql/gql/graphql'
import { INQUIRY_SORTS, isOfOne, TAGS } from '../../lib/inquiries'
import { SearchLine } from '../search-line'
import { useSession } from '../session'
import type { Colleague } from './colleagues'

interface Props {
  queue: InquiryQueue
  colleagues: readonly Colleague[]
  staff: string | undefined
  q: string | undefined
  tag: InquiryTag | undefined
  sort: InquirySort
  onChange: (change: { q?: string; tag?: string; staff?: string; sort?: InquirySort }) => void
}

function Staff({ colleagues, staff, className, onChange }: Pick<Props, 'colleagues' | 'staff' | 'onChange'> & { className: string }) {
  const { t } = useTranslation()
  const isNamed = staff === undefined || colleagues.some(({ id }) => id === staff)
  return (
    <label className="flex min-w-0 flex-1 basis-2/5 items-center">
      <span className="sr-only">{t('inquiries.staffLabel')}</span>
      <select className={className} value={staff ?? ''} onChange={(event) => onChange({ staff: event.target.value || undefined })}>
        <option value="">{t('inquiries.allStaff')}</option>
        {colleagues.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {!isNamed && <option value={staff}>{t('inquiries.otherStaff')}</option>}
      </select>
    </label>
  )
}

export function ListHead({ queue, colleagues, staff, q, tag, sort, onChange }: Props) {
  const { t } = useTranslation()
  const mayRead = may(useSession(), 'READ_PERSONAL')
  const select = 'control min-h-8 min-w-0 py-0.5 text-sm touch:min-h-11'
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3 py-2" data-print="hide">
      {mayRead ? <SearchLine asked={q ?? ''} label={t('inquiries.searchLabel')} help={t('inquiries.searchHelp')} clear={t('inquiries.clearSearch')} onAsk={(next) => onChange({ q: next })} /> : <p className="text-sm text-muted">{t('inquiries.searchNoRight')}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex min-w-0 flex-1 basis-2/5 items-center">
          <span className="sr-only">{t('inquiries.tagLabel')}</span>
          <select className={`${select} w-full`} value={tag ?? ''} onChange={(event) => onChange({ tag: event.target.value || undefined })}>
            <option value="">{t('inquiries.allTags')}</option>
            {TAGS.map((item) => (
              <option key={item} value={item}>
                {t(`inquiries.tag.${item}`)}
              </option>
            ))}
          </select>
        </label>
        {!isOfOne(queue) && <Staff {...{ colleagues, staff, onChange }} className={`${select} w-full`} />}
        {q === undefined ? (
          <label className="flex min-w-0 flex-1 basis-2/5 items-center">
            <span className="sr-only">{t('inquiries.sortLabel')}</span>
            <select className={`${select} w-full`} value={sort} onChange={(event) => onChange({ sort: event.target.value as InquirySort })}>
              {INQUIRY_SORTS.map((item) => (
                <option key={item} value={item}>
                  {t(`inquiries.sort.${item}`)}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p className="w-full text-xs text-muted">{t('inquiries.sortSearch')}</p>
        )}
      </div>
    </div>
  )
}
