// A desk: Chromium with the pages of one test. A page that breaks a rule of its own fails the test that uses it.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { Office } from './office.mjs'

const require = createRequire(import.meta.url)
const AXE = require.resolve('axe-core/axe.min.js')
/** The same browser without its windows draws a page in a third less time. */
const WITHOUT_WINDOWS = '/usr/bin/chromium-headless-shell'
const CHROMIUM = process.env.SENGEN_TEST_CHROMIUM ?? (existsSync(WITHOUT_WINDOWS) ? WITHOUT_WINDOWS : '/usr/bin/chromium')
/** Files that tests leave for people: screenshots, also of the page on which a test failed. */
const OUT = fileURLToPath(new URL('../out/', import.meta.url))
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const PATIENCE_MS = 20_000
const TEST_ENDS_WITHIN_MS = 120_000

const ARGUMENTS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--font-render-hinting=none',
]

mkdirSync(OUT, { recursive: true })

/** Everything a page says that no page of ours may say. Runs in the page before its own code. */
function tellViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`content security policy: ${event.violatedDirective} refused ${event.blockedURI || event.sample} at ${event.sourceFile}:${event.lineNumber}`)
  })
}

/** The requests of each browser profile that have no answer yet. */
const inFlight = new WeakMap()
/** Pages with an answer that a test holds back: what is seen meanwhile is what the test looks at. */
const held = new WeakSet()

/** From now on nothing waits for this request, nor for what the page shows instead of its answer. */
export function holdBack(request) {
  const page = request.frame().page()
  inFlight.get(page.context())?.delete(request)
  held.add(page)
  return () => held.delete(page)
}

class Desk {
  #contexts = []
  #problems = []
  #expected = []
  #pages = new Map()

  constructor(browser, office) {
    this.browser = browser
    this.office = office
  }

  /** From now on, problems that match are what the test is about. */
  expect(pattern) {
    this.#expected.push(pattern)
  }

  /** A page in a browser profile of its own. `who` is one of STAFF, or nobody. */
  async page(who, { language = 'ja', theme = 'light', size = { width: 1280, height: 800 }, scale = 1 } = {}) {
    const { origin } = new URL(this.office.url)
    const stored = [{ name: 'sengen.language', value: language }, { name: 'sengen.theme', value: theme }]
    const context = await this.browser.newContext({
      viewport: size,
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
      baseURL: origin,
      storageState: { cookies: [], origins: [{ origin, localStorage: stored }] },
    })
    this.#contexts.push(context)
    if (who) {
      const [name, value] = (await this.office.cookieOf(who)).split('=')
      await context.addCookies([{ name, value, url: origin, httpOnly: true }])
    }
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addInitScript(tellViolations)
    await context.addInitScript({ path: AXE })
    this.#watch(context)
    return context.newPage()
  }

  /** Hears every page of the profile: also one that a test or a link opens beside the first. */
  #watch(context) {
    // Known by the requests themselves: Playwright's networkidle is half a second of waiting for each page, and once reached never left.
    const asking = new Set()
    inFlight.set(context, asking)
    context.on('request', (request) => asking.add(request))
    for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => asking.delete(request))
    context.on('console', (message) => message.type() === 'error' && this.#problems.push(`console: ${message.text()}`))
    context.on('weberror', (error) => this.#problems.push(`uncaught: ${error.error().stack ?? error.error()}`))
    context.on('response', (response) => response.status() >= 500 && this.#problems.push(`${response.status()} from ${response.url()}`))
  }

  /** The page made before for the same person and settings, or a new one: a start of the console costs a second. */
  async pageAgain(who, options) {
    const key = JSON.stringify([who, options])
    if (!this.#pages.has(key)) this.#pages.set(key, await this.page(who, options))
    return this.#pages.get(key)
  }

  assertClean() {
    const unexpected = this.#problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)))
    assert.deepEqual(unexpected, [], 'the pages of this test had problems')
  }

  async close(failedName) {
    for (const [index, context] of this.#contexts.entries()) {
      if (failedName) await context.pages()[0]?.screenshot({ path: `${OUT}failed-${failedName.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-${index}.png` }).catch(() => undefined)
      await context.close()
    }
  }
}

/** Two frames drawn after the last answer: what it brought is on the screen, and has asked for more if it wanted more. */
async function quiet(page) {
  const asking = inFlight.get(page.context()) ?? new Set()
  for (let frames = 0; frames < 2; frames += 1) {
    if (asking.size > 0) {
      frames = -1
      await Promise.race([...asking].map((request) => request.response().catch(() => undefined)))
    }
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
}

/** Nothing is loading any more, and whatever was moving has arrived. */
export async function settled(page) {
  await page.waitForLoadState('load')
  await quiet(page)
  if (!held.has(page)) await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  // Asked for, not waited for: in content that is folded away a transition never ends.
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    // The end of one transition begins the next, where a colour is handed down: until two frames bring nothing new.
    for (let quiet = 0; quiet < 2; quiet += 1) {
      for (const animation of document.getAnimations()) {
        quiet = 0
        if (animation.effect?.getComputedTiming().endTime === Infinity) animation.cancel()
        else animation.finish()
      }
      await frame()
    }
  })
}

/** WCAG 2.2 A and AA, as far as a machine can tell; `only` names single rules instead. */
export async function assertAccessible(page, only = undefined) {
  await settled(page)
  const runOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: RULES }
  const { violations } = await page.evaluate((chosen) => window.axe.run({ runOnly: chosen, resultTypes: ['violations'] }), runOnly)
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('\n  ')}`)
  assert.deepEqual(told, [], `accessibility of ${page.url()}`)
}

export const THEMES = ['light', 'dark']

export const setTheme = (page, theme) => page.evaluate((value) => document.documentElement.setAttribute('data-theme', value), theme)

/** Accessible in both themes, with a picture of each for people. */
export async function assertLooks(page, name, language) {
  for (const theme of THEMES) {
    await setTheme(page, theme)
    // Colours are all that the theme changes.
    await assertAccessible(page, theme === 'dark' ? ['color-contrast'] : undefined)
    await screenshot(page, `${name}-${theme}-${language}`)
  }
}

/** The page itself never scrolls sideways; regions of it may. */
export async function assertFits(page) {
  const { wide, room } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }))
  assert.ok(wide <= room, `${page.url()} is ${wide} px wide in ${room} px`)
}

export async function screenshot(page, name) {
  await settled(page)
  await page.screenshot({ path: `${OUT}${name}.png` })
}

/**
 * Opens an office and a browser for a test file, and answers how to write a test with them. With `false` each test opens an office of its
 * own, as its last argument says: `desk.office`.
 */
export async function desks(options) {
  const root = process.getuid?.() === 0
  const [office, browser] = await Promise.all([
    options === false ? undefined : Office.open(options),
    chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, chromiumSandbox: !root }),
  ])
  after(async () => {
    await browser.close()
    await office?.close()
  })
  const atDesk = (name, body, own) =>
    test(name, { timeout: TEST_ENDS_WITHIN_MS }, async () => {
      const desk = new Desk(browser, office ?? (await Office.open(own)))
      let failedName = name
      try {
        await body(desk)
        desk.assertClean()
        failedName = undefined
      } finally {
        await desk.close(failedName)
        if (!office) await desk.office.close()
      }
    })
  return { office, test: atDesk }
}
