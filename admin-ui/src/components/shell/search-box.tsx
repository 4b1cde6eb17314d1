// One search for everything. On the list it filters while one types, elsewhere Enter leads to the list.
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../lib/paths'
import { IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { useSearchTyping } from '../../ui/search-typing'

// What the address asks for, and how to ask for something else.
function useSearch() {
  const navigate = useNavigate()
  const onList = useRouterState({ select: (state) => state.location.pathname === paths.declarations() })
  const asked = useRouterState({ select: (state) => (onList ? String((state.location.search as { q?: string }).q ?? '') : '') })
  const ask = (q: string) => {
    const wanted = q.trim() === '' ? undefined : q
    if (onList) void navigate({ from: '/declarations', to: '/declarations', search: (old) => ({ ...old, q: wanted, peek: undefined, shown: undefined }), replace: true })
    else void navigate({ to: '/declarations', search: { q: wanted } })
  }
  return { asked, ask, asksSoon: onList }
}

export function SearchBox() {
  const { t } = useTranslation()
  const { text, clear, onSubmit, field } = useSearchTyping(useSearch())

  return (
    <form
      role="search"
      data-keeps-focus
      className="relative flex min-w-0 flex-1 items-center gap-2 max-md:order-last max-md:basis-full md:max-w-xl"
      onSubmit={onSubmit}
    >
      <label htmlFor="search" className="flex shrink-0 items-center gap-1 text-sm">
        <Icon name="search" />
        {t('top.search')}
      </label>
      <input {...field} id="search" aria-describedby="search-help" title={t('top.searchHelp')} className="control min-w-0 flex-1 py-1 pr-16 touch:min-h-11" />
      <span id="search-help" className="sr-only">
        {t('top.searchHelp')}
      </span>
      <span className="absolute right-1 flex items-center">
        {text !== '' && <IconButton icon="close" label={t('top.clearSearch')} className="size-7" onClick={clear} />}
        <kbd aria-hidden="true" className="mx-1 rounded-sm border border-line px-1.5 text-xs leading-5 text-muted touch:hidden">
          /
        </kbd>
      </span>
    </form>
  )
}
