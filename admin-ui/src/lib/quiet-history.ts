// What people type to find somebody stands behind `#` in the browser's address: a link and a reload keep it, and it is in no
// request, so in no log of a server or a proxy. The router sees it as a part of the search like any other.
import { createBrowserHistory } from '@tanstack/react-router'

/** Texts that may be personal: names and numbers looked for, addresses of mail, and the address to come back to, which may hold one. */
const QUIET = new Set(['q', 'address', 'to'])

interface Parts {
  pathname: string
  search: string
  hash: string
}

const written = (mark: string, params: URLSearchParams) => {
  const text = params.toString().replaceAll('%2C', ',')
  return text === '' ? '' : mark + text
}

function parts(href: string): Parts {
  const [beforeHash = '', ...rest] = href.split('#')
  const [pathname = '', ...query] = beforeHash.split('?')
  return { pathname, search: query.join('?'), hash: rest.join('#') }
}

/** From the router's address to the browser's. A mark in the page that the address already has stays, without the quiet parts. */
export function browserHref(href: string): string {
  const { pathname, search, hash } = parts(href)
  const open = new URLSearchParams()
  const quiet = new URLSearchParams()
  for (const [key, value] of new URLSearchParams(search)) (QUIET.has(key) ? quiet : open).append(key, value)
  if (quiet.size === 0) return href
  return pathname + written('?', open) + (hash === '' ? written('#', quiet) : `#${hash}`)
}

/** From the browser's address to the router's. */
export function routerParts({ pathname, search, hash }: Parts): Parts {
  const quiet = new URLSearchParams(hash.replace(/^#/, ''))
  const ours = quiet.size > 0 && [...quiet.keys()].every((key) => QUIET.has(key))
  if (!ours) return { pathname, search, hash }
  const all = new URLSearchParams(search)
  for (const [key, value] of quiet) all.set(key, value)
  return { pathname, search: written('?', all), hash: '' }
}

/** The browser's history under these addresses. An older link with such a text before `#` is mended at once. */
export function quietHistory() {
  const here = () => routerParts(window.location)
  const { pathname, search, hash } = window.location
  const asked = pathname + search + hash
  const quiet = browserHref(asked)
  if (quiet !== asked) window.history.replaceState(window.history.state, '', quiet)
  return createBrowserHistory({
    createHref: browserHref,
    parseLocation: () => {
      const found = here()
      return { ...found, href: found.pathname + found.search + found.hash, state: window.history.state }
    },
  })
}
