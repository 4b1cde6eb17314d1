// How the ways to look at a list look: links and buttons of which one is pressed. The same everywhere, so that it is known at a glance.

const PRESSED =
  'aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:inset-ring aria-pressed:inset-ring-accent'

/** No bold for what is pressed: it would move its neighbours. */
export const tabClass = `flex min-h-8 items-center gap-1.5 rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover touch:min-h-11 ${PRESSED}`

/** For a link: the router would mark by the address alone, and an address with fewer conditions is a part of one with more. */
export function tabLink(isCurrent: boolean) {
  const mark = { 'aria-current': isCurrent ? ('page' as const) : undefined }
  return { activeOptions: { exact: true }, activeProps: mark, inactiveProps: mark, className: tabClass }
}
