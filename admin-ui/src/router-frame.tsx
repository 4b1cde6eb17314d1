// The frame of all routes: the root, what needs somebody who is signed in, and the settings inside.
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { NotFoundPage, OutsideCrashPage } from './components/crash'
import { Root } from './components/root'
import { sessionQuery } from './graphql/session'
import { withWords } from './lib/page-words'

interface Context {
  client: QueryClient
}

export const root = createRootRouteWithContext<Context>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  errorComponent: OutsideCrashPage,
})

/** Everything inside needs somebody who is signed in; others come back here after the sign-in page. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery)
    if (!session) throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } })
    if (session.mustSetUpSecondFactor) throw redirect({ to: '/second-factor', search: { to: location.href === '/' ? undefined : location.href } })
    return { session }
  },
  component: lazyRouteComponent(() => import('./routes/shell')),
  errorComponent: OutsideCrashPage,
})

export const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/layout'), 'settings')),
})
