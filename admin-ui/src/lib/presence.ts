// Whether somebody is in front of the page. What it asks by itself while nobody is does not keep the session: half an hour without anybody
// ends it, however often an open page looks for news.

/** For so long whoever reads and touches nothing is taken to be there. */
const AWAY_MS = 120_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchstart'] as const

let seenAt = Date.now()

export function watchPresence() {
  for (const sign of SIGNS) window.addEventListener(sign, () => (seenAt = Date.now()), { capture: true, passive: true })
}

export const isAway = (): boolean => Date.now() - seenAt >= AWAY_MS
