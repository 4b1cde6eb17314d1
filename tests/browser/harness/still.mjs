// Nothing jumps: what comes late takes the place that was kept for it. Answers are held back, so that a page is really seen without them.
import assert from 'node:assert/strict'
import { answer, hold } from './answers.mjs'
import { settled } from './desk.mjs'

/** What browsers' makers call good is 0.1. One line of a list or a form that comes late moves what is under it by 0.02 and more. */
const BAR = 0.01

/** Runs in the page: counts from its beginning what moves, and remembers what it was. */
function watchShifts() {
  window.shifts = []
  const name = (node) => (node?.nodeType === 1 ? `${node.tagName.toLowerCase()}.${node.className}` : String(node?.textContent ?? 'gone')).slice(0, 90)
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      // Another question has other rows: they are the answer and may stand elsewhere; nothing around them may.
      const moved = sources.filter(({ previousRect: from, currentRect: to }) => ['x', 'y', 'width', 'height'].some((side) => from[side] !== to[side]))
      const around = moved.filter(({ node }) => !(node?.nodeType === 1 ? node : node?.parentElement)?.closest('tbody'))
      if (around.length === 0) continue
      window.shifts.push({ value, what: around.map(({ node, previousRect: from, currentRect: to }) => `${name(node)} ${from.x},${from.y} ${from.width}×${from.height} → ${to.x},${to.y} ${to.width}×${to.height}`) })
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

export async function watched(desk, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.addInitScript(watchShifts)
  return page
}

/** After the last answer was drawn; also what moved right after a key or a click counts. */
export async function assertStill(page, what) {
  await settled(page)
  const shifts = await page.evaluate(() => window.shifts)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  assert.ok(sum < BAR, `${what} moved by ${sum.toFixed(4)}:\n${shifts.flatMap((shift) => shift.what).join('\n')}`)
}

/** What moved when somebody pressed something is what they asked for; from here on it is not. */
export async function startCounting(page) {
  await settled(page)
  await page.evaluate(() => {
    window.shifts.length = 0
  })
}

/** Opens a page whose answers are held back, and lets them come. */
export async function load(page, path, operations, { meanwhile, ready }) {
  const release = await answer(page, Object.fromEntries(operations.map((operation) => [operation, hold])))
  await page.goto(path)
  await meanwhile.waitFor()
  await settled(page)
  await release()
  await ready.waitFor()
  await assertStill(page, path)
}

/** Does something that asks for more, and counts from when that is seen to load. */
export async function change(page, operation, act, { meanwhile, ready }, what) {
  const release = await answer(page, { [operation]: hold })
  await act()
  await meanwhile.waitFor()
  await startCounting(page)
  await release()
  await ready.waitFor()
  await assertStill(page, what)
}
