// Saved views over the list, as tabs: all declarations, the shared ones, one's own. What the list shows now is saved from here.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ListView, listViewsQuery } from '../../graphql/list-views'
import { questionOf, searchOf, shows } from '../../lib/list-view'
import type { DeclarationListSearch } from '../../lib/search-params'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useConditions } from './filter-words'

const SavedViews = lazy(async () => ({ default: (await import('../saved-views')).SavedViews }))

const TAB = 'inline-flex min-h-8 items-center gap-1 border-b-2 px-2 text-sm no-underline hover:bg-hover touch:min-h-11'
const tabClass = (current: boolean) => `${TAB} ${current ? 'border-accent font-bold text-text' : 'border-transparent text-link'}`

function Tab({ view, current }: { view: ListView; current: boolean }) {
  const { t } = useTranslation()
  return (
    <Link to="/declarations" search={searchOf(view.question)} aria-current={current ? 'page' : undefined} className={tabClass(current)}>
      <span className="max-w-60 truncate">{view.name}</span>
      {view.isDefault && (
        <>
          <Icon name="check" className="size-3.5" />
          <span className="sr-only">{t('views.isDefault')}</span>
        </>
      )}
    </Link>
  )
}

/** Whoever comes to the list without a question gets the view that they begin with; whoever clears the conditions there does not. */
function useDefaultView(search: DeclarationListSearch, views: readonly ListView[] | undefined) {
  const navigate = useNavigate()
  const [plain] = useState(() => Object.values(search).every((value) => value === undefined))
  const done = useRef(false)
  useEffect(() => {
    if (!views || done.current) return
    done.current = true
    const begin = plain && views.find((view) => view.isDefault)
    if (begin) void navigate({ to: '/declarations', search: searchOf(begin.question), replace: true })
  }, [views, plain, navigate])
}

export function ViewTabs({ search, compact }: { search: DeclarationListSearch; compact: boolean }) {
  const { t } = useTranslation()
  const views = useQuery(listViewsQuery('DECLARATIONS')).data
  const [open, setOpen] = useState(false)
  useDefaultView(search, views)
  const conditionsOf = useConditions()
  const shown = { ...search, rows: compact ? ('compact' as const) : undefined }
  const current = views?.find((view) => shows(search, view.question))
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-1 px-4 pt-1.5" data-print="hide">
      {views && views.length > 0 && (
        <nav aria-label={t('views.title')} className="flex min-w-0 flex-wrap items-center">
          <Link to="/declarations" search={{}} aria-current={shows(search, '') ? 'page' : undefined} className={tabClass(shows(search, ''))}>
            {t('views.all')}
          </Link>
          {views.map((view) => (
            <Tab key={view.id} view={view} current={view === current} />
          ))}
        </nav>
      )}
      <Button look="plain" size="sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('views.open')}
      </Button>
      {open && (
        <Suspense>
          <SavedViews
            shown={{ list: 'DECLARATIONS', question: questionOf(shown), conditions: conditionsOf(shown).map((condition) => t('list.printCondition', condition)), isSearched: search.q !== undefined }}
            views={views ?? []}
            current={current}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  )
}
