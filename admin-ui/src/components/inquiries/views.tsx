// Saved views under the queues: what somebody asks the desk again and again, by a name.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InquirySort, InquiryTag, InquiryQueue } from '../../graphql/gql/graphql'
import { type ListView, listViewsQuery } from '../../graphql/list-views'
import { deskQuestionOf, deskSearchOf, deskShows } from '../../lib/list-view'
import type { InquiryListSearch } from '../../lib/search-params'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icons'

const SavedViews = lazy(async () => ({ default: (await import('../saved-views')).SavedViews }))

/** What the desk shows. */
export interface DeskShown {
  queue: InquiryQueue
  tag?: InquiryTag
  /** The name of whoever takes care of it. */
  staff?: string
  sort: InquirySort
}

/** Whoever comes to the desk without a question gets the view that they begin with; whoever goes to a queue there does not. */
function useDefaultView(search: InquiryListSearch, views: readonly ListView[] | undefined) {
  const navigate = useNavigate()
  const [plain] = useState(() => Object.values(search).every((value) => value === undefined))
  const done = useRef(false)
  useEffect(() => {
    if (!views || done.current) return
    done.current = true
    const begin = plain && views.find((view) => view.isDefault)
    if (begin) void navigate({ to: '/inquiries', search: deskSearchOf(begin.question), replace: true })
  }, [views, plain, navigate])
}

function ViewLink({ view, current }: { view: ListView; current: boolean }) {
  const { t } = useTranslation()
  const mark = { 'aria-current': current ? ('page' as const) : undefined }
  return (
    <Link
      to="/inquiries"
      search={deskSearchOf(view.question)}
      resetScroll={false}
      activeOptions={{ exact: true }}
      activeProps={mark}
      inactiveProps={mark}
      className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-sm text-text no-underline hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-link aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent max-xl:border max-xl:border-control touch:min-h-11"
    >
      <span className="min-w-0 truncate" title={view.name}>
        {view.name}
      </span>
      {view.isDefault && (
        <>
          <Icon name="check" className="size-3.5 shrink-0" />
          <span className="sr-only">{t('views.isDefault')}</span>
        </>
      )}
    </Link>
  )
}

export function DeskViews({ search, shown }: { search: InquiryListSearch; shown: DeskShown }) {
  const { t } = useTranslation()
  const views = useQuery(listViewsQuery('INQUIRIES')).data
  const [open, setOpen] = useState(false)
  useDefaultView(search, views)
  // The queue that is shown without one in the address is saved by its name: another reader begins with another one.
  const saved = { ...search, queue: shown.queue, sort: shown.sort }
  const current = views?.find((view) => deskShows(saved, view.question))
  const { queue, tag, staff, sort } = shown
  const conditions = [t(`inquiries.queue.${queue}`), tag && t(`inquiries.tag.${tag}`), staff && t('inquiries.staffIs', { name: staff }), t(`inquiries.sort.${sort}`)].filter((word) => word !== undefined && word !== '')
  return (
    <nav aria-label={t('views.title')} className="flex min-w-0 flex-wrap gap-1 xl:flex-col xl:gap-0.5 xl:border-t xl:border-line xl:pt-2">
      {views && views.length > 0 && (
        <ul className="contents">
          {views.map((view) => (
            <li key={view.id} className="min-w-0">
              <ViewLink view={view} current={view === current} />
            </li>
          ))}
        </ul>
      )}
      <Button look="plain" size="sm" aria-haspopup="dialog" className="self-start px-2 text-link" onClick={() => setOpen(true)}>
        {t('views.openAtDesk')}
      </Button>
      {open && (
        <Suspense>
          <SavedViews shown={{ list: 'INQUIRIES', question: deskQuestionOf(saved), conditions: conditions as string[], isSearched: search.q !== undefined }} views={views ?? []} current={current} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </nav>
  )
}
