// One search for everything. On the list it filters while one types, elsewhere Enter leads to the list.
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isConverting } from '../../lib/ime'
import { paths } from '../../lib/paths'
import { IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'

const TYPING_PAUSE_MS = 250

// What the address asks for, and how to ask for something else: at once, or after a pause in typing.
function useSearch() {
  const navigate = useNavigate()
  const onList = useRouterState({ select: (state) => state.location.pathname === paths.declarations() })
  const asked = useRouterState({ select: (state) => (onList ? String((state.location.search as { q?: string }).q ?? '') : '') })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const wait = () => clearTimeout(timer.current)
  const search = (q: string) => {
    wait()
    const wanted = q.trim() === '' ? undefined : q
    if (onList) void navigate({ from: '/declarations', to: '/declarations', search: (old) => ({ ...old, q: wanted, peek: undefined, shown: undefined }), replace: true })
    else void navigate({ to: '/declarations', search: { q: wanted } })
  }
  const searchSoon = (q: string) => {
    wait()
    if (onList) timer.current = setTimeout(() => search(q), TYPING_PAUSE_MS)
  }
  return { asked, search, searchSoon, wait }
}

export function SearchBox() {
  const { t } = useTranslation()
  const { asked, search, searchSoon, wait } = useSearch()
  const [text, setText] = useState(asked)
  const input = useRef<HTMLInputElement>(null)
  const composing = useRef(false)

  // The address changed by other means (back, a removed chip): the box follows, unless somebody is typing in it.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(asked)
  }, [asked])

  return (
    <form
      role="search"
      data-keeps-focus
      className="relative flex min-w-0 flex-1 items-center gap-2 max-md:order-last max-md:basis-full md:max-w-xl"
      onSubmit={(event) => {
        event.preventDefault()
        search(text)
      }}
    >
      <label htmlFor="search" className="flex shrink-0 items-center gap-1 text-sm">
        <Icon name="search" />
        {t('top.search')}
      </label>
      <input
        id="search"
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        aria-describedby="search-help"
        title={t('top.searchHelp')}
        value={text}
        className="control min-w-0 flex-1 py-1 pr-16 touch:min-h-11"
        onChange={(event) => {
          setText(event.target.value)
          if (!composing.current) searchSoon(event.target.value)
        }}
        onCompositionStart={() => {
          composing.current = true
          wait()
        }}
        onCompositionEnd={(event) => {
          composing.current = false
          searchSoon(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (isConverting(event)) {
            if (event.key === 'Enter') event.preventDefault()
            return
          }
          if (event.key === 'Escape' && text !== '') {
            setText('')
            search('')
          }
          if (event.key === 'ArrowDown') {
            const row = document.querySelector<HTMLElement>('[data-row-link]')
            if (row) {
              event.preventDefault()
              row.focus()
            }
          }
        }}
      />
      <span id="search-help" className="sr-only">
        {t('top.searchHelp')}
      </span>
      <span className="absolute right-1 flex items-center">
        {text !== '' && (
          <IconButton
            icon="close"
            label={t('top.clearSearch')}
            className="size-7"
            onClick={() => {
              setText('')
              search('')
              input.current?.focus()
            }}
          />
        )}
        <kbd aria-hidden="true" className="mx-1 rounded-sm border border-line px-1.5 text-xs leading-5 text-muted touch:hidden">
          /
        </kbd>
      </span>
    </form>
  )
}
