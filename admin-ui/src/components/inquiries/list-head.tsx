// Over the list: its search, what it is narrowed to, and its order.
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import type { InquirySort, InquiryTag } from '../../graphql/gql/graphql'
import { INQUIRY_SORTS, TAGS } from '../../lib/inquiries'
import { IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useSearchTyping } from '../../ui/search-typing'
import { useSession } from '../session'

function Search({ asked, onAsk }: { asked: string; onAsk: (q: string | undefined) => void }) {
  const { t } = useTranslation()
  const { text, clear, onSubmit, field } = useSearchTyping({ asked, ask: (q) => onAsk(q.trim() === '' ? undefined : q), asksSoon: true })
  return (
    <form role="search" aria-label={t('inquiries.searchLabel')} className="flex min-w-0 flex-col gap-1" onSubmit={onSubmit}>
      <label htmlFor="inquiry-search" className="text-xs text-muted">
        {t('inquiries.searchLabel')}
      </label>
      <span className="relative flex items-center">
        <Icon name="search" className="pointer-events-none absolute left-2 size-4 text-muted" />
        <input
          {...field}
          id="inquiry-search"
          data-page-search
          title={t('inquiries.searchHelp')}
          aria-describedby="inquiry-search-help"
          className="control min-h-9 w-full py-1 pr-9 pl-8 touch:min-h-11"
        />
        <span id="inquiry-search-help" className="sr-only">
          {t('inquiries.searchHelp')}
        </span>
        {text !== '' && <IconButton icon="close" label={t('inquiries.clearSearch')} className="absolute right-0.5" onClick={clear} />}
      </span>
    </form>
  )
}

interface Props {
  q: string | undefined
  tag: InquiryTag | undefined
  sort: InquirySort
  onChange: (change: { q?: string; tag?: string; sort?: InquirySort }) => void
}

export function ListHead({ q, tag, sort, onChange }: Props) {
  const { t } = useTranslation()
  const mayRead = may(useSession(), 'READ_PERSONAL')
  const select = 'control min-h-8 min-w-0 py-0.5 text-sm touch:min-h-11'
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3 py-2" data-print="hide">
      {mayRead ? <Search asked={q ?? ''} onAsk={(next) => onChange({ q: next })} /> : <p className="text-sm text-muted">{t('inquiries.searchNoRight')}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex min-w-0 flex-1 items-center">
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
        {q === undefined ? (
          <label className="flex items-center">
            <span className="sr-only">{t('inquiries.sortLabel')}</span>
            <select className={select} value={sort} onChange={(event) => onChange({ sort: event.target.value as InquirySort })}>
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
