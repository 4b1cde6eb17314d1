// Over the list: its search, what it is narrowed to, and its order. What is typed is asked for after a pause, never while it is converted.
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import type { InquirySort, InquiryTag } from '../../graphql/gql/graphql'
import { isConverting } from '../../lib/ime'
import { INQUIRY_SORTS, TAGS } from '../../lib/inquiries'
import { IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useSession } from '../session'

const TYPING_PAUSE_MS = 300

function Search({ asked, onAsk }: { asked: string; onAsk: (q: string | undefined) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(asked)
  const input = useRef<HTMLInputElement>(null)
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // The address changed by other means: the box follows, unless somebody is typing in it.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(asked)
  }, [asked])
  const ask = (q: string) => {
    clearTimeout(timer.current)
    onAsk(q.trim() === '' ? undefined : q)
  }
  const askSoon = (q: string) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => ask(q), TYPING_PAUSE_MS)
  }
  return (
    <form
      role="search"
      aria-label={t('inquiries.searchLabel')}
      className="flex min-w-0 flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        ask(text)
      }}
    >
      <label htmlFor="inquiry-search" className="text-xs text-muted">
        {t('inquiries.searchLabel')}
      </label>
      <span className="relative flex items-center">
        <Icon name="search" className="pointer-events-none absolute left-2 size-4 text-muted" />
        <input
          id="inquiry-search"
          ref={input}
          data-page-search
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          title={t('inquiries.searchHelp')}
          aria-describedby="inquiry-search-help"
          value={text}
          className="control min-h-9 w-full py-1 pr-9 pl-8 touch:min-h-11"
          onChange={(event) => {
            setText(event.target.value)
            if (!composing.current) askSoon(event.target.value)
          }}
          onCompositionStart={() => {
            composing.current = true
            clearTimeout(timer.current)
          }}
          onCompositionEnd={(event) => {
            composing.current = false
            askSoon(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (isConverting(event)) {
              if (event.key === 'Enter') event.preventDefault()
              return
            }
            if (event.key === 'Escape' && text !== '') {
              setText('')
              ask('')
            }
            const row = event.key === 'ArrowDown' && document.querySelector<HTMLElement>('[data-row-link]')
            if (row) {
              event.preventDefault()
              row.focus()
            }
          }}
        />
        <span id="inquiry-search-help" className="sr-only">
          {t('inquiries.searchHelp')}
        </span>
        {text !== '' && (
          <IconButton
            icon="close"
            label={t('inquiries.clearSearch')}
            className="absolute right-0.5"
            onClick={() => {
              setText('')
              ask('')
              input.current?.focus()
            }}
          />
        )}
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
