// The frame around every page of the console: rail, top bar, and the windows that can open over any page.
import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Rail } from '../components/shell/rail'
import { TopBar } from '../components/shell/top-bar'
import { useSession } from '../components/session'
import { whenSessionEnds } from '../graphql/client'
import { may } from '../graphql/session'
import { needWords } from '../i18n'
import { useKeys } from '../lib/keys'

/** A window when its words have come too: those of the register, and of the queues that the palette leads to. */
const withWords = <T,>(box: () => Promise<T>) => async () => {
  const [loaded] = await Promise.all([box(), needWords('register'), needWords('reviews')])
  return loaded
}
const Palette = lazy(withWords(() => import('../components/shell/palette')))
const KeyHelp = lazy(withWords(() => import('../components/shell/key-help')))
// The console works without it too.
const Live = lazy(() => import('../components/shell/live').catch(() => ({ default: () => null })))
const SessionGate = lazy(() => import('../components/session-gate'))

export default function Shell() {
  const { t } = useTranslation()
  const session = useSession()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const [ended, setEnded] = useState(false)
  useEffect(() => {
    whenSessionEnds(() => setEnded(true))
    return () => whenSessionEnds(() => {})
  }, [])
  useKeys({
    'mod+k': (event) => {
      event.preventDefault()
      setOpen('palette')
    },
    '?': () => setOpen('keys'),
    '/': (event) => {
      event.preventDefault()
      // A page that has a search of its own is searched by it.
      const search = document.querySelector<HTMLElement>('[data-page-search]') ?? document.getElementById('search')
      search?.focus()
    },
    g: () => void navigate({ to: '/declarations' }),
  })
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="fixed top-1 left-1 z-50 -translate-y-20 rounded-md bg-accent px-4 py-2 font-bold text-on-accent focus:translate-y-0"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        {t('app.skip')}
      </a>
      <TopBar session={session} onPalette={() => setOpen('palette')} onKeys={() => setOpen('keys')} />
      <div className="flex min-h-0 flex-1 flex-col md:flex-row" data-print="plain">
        <Rail />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1">
          <Outlet />
        </main>
      </div>
      <Suspense>
        {open === 'palette' && <Palette onClose={() => setOpen(null)} onKeys={() => setOpen('keys')} />}
        {open === 'keys' && <KeyHelp onClose={() => setOpen(null)} />}
        {!ended && may(session, 'READ_APPROVALS') && <Live />}
        {ended && <SessionGate session={session} onDone={() => setEnded(false)} />}
      </Suspense>
    </div>
  )
}
