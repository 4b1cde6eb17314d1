// 統計: figures of any day, split, narrowed, as a chart with its table and as a file; what cannot be answered is said.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 400 })

const NARROW = { width: 320, height: 640 }
const WIDE = { width: 1920, height: 1080 }

const QUERY = `query ($asOf: Date, $by: FigureSplit!, $atLeast: Position) { figures(asOf: $asOf, by: $by, atLeast: $atLeast) { __typename
  ... on Figures { live { total one two } stopped replaced rows { code name live { total } } } } }`

/** What the server says, everything that was imported counted. */
async function figures(variables) {
  const atLeast = String(office.imported.position)
  const { data } = await office.ask(QUERY, { by: 'PREFECTURE', atLeast, ...variables }, await office.cookieOf('viewer'))
  assert.equal(data.figures.__typename, 'Figures')
  return data.figures
}

const day = (page) => page.getByRole('textbox', { name: /^(基準日|As of)/ })
const table = (page) => page.getByRole('main').getByRole('table')
const total = (page, word) => page.getByRole('main').locator('dl > div').filter({ has: page.getByText(word, { exact: true }) }).locator('dd')
const counted = (count) => `${new Intl.NumberFormat('ja').format(count)}件`

async function visit(desk, path, { who = 'viewer', answers = {}, ...options } = {}) {
  await figures({})
  const page = await desk.page(who, options)
  await answer(page, answers)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

test('figures are reached from every page, and a day is typed as people write it', async (desk) => {
  const page = await visit(desk, '/declarations')
  await page.getByRole('navigation', { name: words.ja.nav.main }).getByRole('link', { name: '統計' }).click()
  await page.getByRole('heading', { level: 1, name: '統計' }).waitFor()
  await settled(page)
  assert.equal(await page.title(), '統計 — 宣言 Sengen')
  const now = await figures({})
  assert.equal(await total(page, '有効な宣言').textContent(), counted(now.live.total))
  assert.equal(await total(page, '停止した宣言').textContent(), counted(now.stopped))
  assert.equal(await total(page, '切替・統合済み').textContent(), counted(now.replaced))

  await day(page).fill('令和2年4月1日')
  await page.keyboard.press('Enter')
  await page.waitForURL(/asOf=2020-04-01/)
  await settled(page)
  const then = await figures({ asOf: '2020-04-01' })
  assert.ok(then.live.total < now.live.total, 'there were fewer')
  assert.equal(await total(page, '有効な宣言').textContent(), counted(then.live.total))
  await page.getByRole('heading', { level: 2, name: /2020年4月1日\(水\) 令和2年4月1日の件数/ }).waitFor()

  await page.getByRole('button', { name: '今日に戻す' }).click()
  await page.waitForURL((url) => !url.searchParams.has('asOf'))
  await settled(page)
  assert.equal(await day(page).inputValue(), '')
  assert.equal(await total(page, '有効な宣言').textContent(), counted(now.live.total))
})

test('the palette leads to them', async (desk) => {
  const page = await visit(desk, '/declarations')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('menuitem').first().waitFor()
  await page.keyboard.type('統計')
  await page.getByRole('menuitem', { name: '統計' }).click()
  await page.getByRole('heading', { level: 1, name: '統計' }).waitFor()
})

test('they are split and narrowed by keyboard, and the address shows the same to somebody else', async (desk) => {
  const page = await visit(desk, '/figures')
  await page.getByRole('navigation', { name: words.ja.figures.splits }).getByRole('link', { name: '都道府県' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/by=PREFECTURE/)
  await settled(page)
  const chosen = page.getByRole('navigation', { name: words.ja.figures.splits }).locator('[aria-current]')
  assert.deepEqual(await chosen.allTextContents(), ['都道府県'], 'one of them is shown')
  const all = await figures({})
  const tokyo = all.rows.find((row) => row.code === '13').live.total
  const row = table(page).getByRole('row', { name: /^東京都/ })
  assert.ok((await row.getByRole('cell').first().textContent()) === new Intl.NumberFormat('ja').format(tokyo))
  assert.equal(await table(page).getByRole('row').count(), all.rows.length + 2, 'a head and a sum')

  await page.getByRole('combobox', { name: '取組段階' }).selectOption('TWO')
  await page.waitForURL(/star=TWO/)
  await settled(page)
  assert.equal(await total(page, '有効な宣言').textContent(), counted(all.live.two))
  const address = page.url()
  const other = await visit(desk, new URL(address).pathname + new URL(address).search, { who: 'support' })
  assert.equal(await total(other, '有効な宣言').textContent(), counted(all.live.two))
  assert.equal(await other.getByRole('combobox', { name: '取組段階' }).inputValue(), 'TWO')
})

test('the table is saved as a file that a spreadsheet reads', async (desk) => {
  const page = await visit(desk, '/figures?by=STAR&asOf=2024-12-31')
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: words.ja.figures.download }).click()
  const file = await coming
  assert.equal(file.suggestedFilename(), 'figures-star-20241231.csv')
  const text = await readFile(await file.path(), 'utf8')
  const { live } = await figures({ asOf: '2024-12-31' })
  assert.ok(text.startsWith('\uFEFF基準日,対象,取組段階,'), text)
  assert.ok(text.includes(`2024-12-31,すべて,★ 一つ星,${live.one},${live.one},0,0\r\n`), text)
})

test('a day to come is called a plan', async (desk) => {
  const year = new Date().getFullYear() + 1
  const page = await visit(desk, `/figures?asOf=${year}-06-30`)
  await page.getByText(words.ja.figures.planned).waitFor()
  await assertAccessible(page)
})

test('what cannot be answered is said where it was asked', async (desk) => {
  const page = await visit(desk, '/figures')
  await day(page).fill('きのう')
  await page.getByRole('button', { name: '表示する' }).click()
  await page.getByText(words.ja.day.unreadable).waitFor()
  assert.equal(await day(page).evaluate((element) => element === document.activeElement), true)
  await assertAccessible(page)

  const before = await visit(desk, '/figures?asOf=2016-12-31')
  await before.getByText('基準日は、制度が始まった2017年4月1日以後の日付にしてください。').waitFor()
  assert.equal(await day(before).getAttribute('aria-invalid'), 'true')
  assert.equal(await table(before).count(), 0)
  await screenshot(before, 'figures-before-1280-light-ja')

  const english = await visit(desk, '/figures?asOf=2016-12-31', { language: 'en' })
  await english.getByText('The programme began on 1 April 2017. Please enter that day or a later one.').waitFor()

  const none = await visit(desk, '/figures?asOf=2026-02-31')
  await none.getByText(words.ja.day.unreadable).waitFor()
  assert.equal(await day(none).inputValue(), '2026-02-31')

  const colour = await visit(desk, '/figures?by=COLOUR&star=THREE')
  await colour.getByText(words.ja.figures.noSplit).waitFor()
  assert.equal(await colour.getByRole('link', { name: '年月', exact: true }).getAttribute('aria-current'), 'page')
})

const sheet = (more = {}) => ({
  json: { data: { figures: { __typename: 'Figures', asOf: '2026-04-01', planned: false, state: 'CURRENT', stopped: 0, replaced: 0, live: { total: 0, one: 0, two: 0, unknown: 0 }, rows: [], months: [], ...more } } },
})

test('what the page shows when it has nothing, not yet, not all, or no right', async (desk) => {
  const empty = await visit(desk, '/figures', { answers: { Figures: sheet() } })
  await empty.getByRole('heading', { level: 2, name: words.ja.figures.emptyTitle }).waitFor()
  await screenshot(empty, 'figures-empty-1280-light-ja')

  const live = { total: 3, one: 1, two: 1, unknown: 1 }
  for (const state of ['CATCHING_UP', 'STOPPED']) {
    const behind = await visit(desk, '/figures?by=STAR', { answers: { Figures: sheet({ state, live, rows: [{ code: 'ONE', name: '★', live }, { code: null, name: '不明', live }] }) } })
    await behind.getByText(words.ja.figures.state[state]).waitFor()
    assert.equal(await total(behind, '段階不明').textContent(), '1件')
    await assertAccessible(behind)
    await screenshot(behind, `figures-${state.toLowerCase()}-1280-light-ja`)
  }

  const waits = await visit(desk, '/figures', { answers: { Figures: hold } })
  await waits.getByRole('status').getByText(words.ja.app.loading).waitFor()
  await assertAccessible(waits)
  await screenshot(waits, 'figures-loading-1280-light-ja')

  desk.expect(/500|403/)
  const failed = await visit(desk, '/figures', { answers: { Figures: fault('INTERNAL') } })
  await failed.getByRole('alert').getByText(words.ja.fault.INTERNAL).waitFor()
  await assertAccessible(failed)
  const refused = await visit(desk, '/figures', { answers: { Figures: fault('FORBIDDEN', { permission: 'READ_DECLARATIONS' }, 403) } })
  await refused.getByRole('heading', { level: 1, name: words.ja.fault.noRightTitle }).waitFor()
})

const VIEWS = { figures: '/figures', 'figures-prefecture': '/figures?by=PREFECTURE&asOf=2025-03-31', 'figures-industry': '/figures?by=INDUSTRY', 'figures-star': '/figures?by=STAR' }

for (const language of LANGUAGES) {
  test(`every view is accessible in both themes: ${language}`, async (desk) => {
    for (const [name, path] of Object.entries(VIEWS)) {
      const page = await visit(desk, path, { language })
      await table(page).waitFor()
      await assertLooks(page, `${name}-1280`, language)
      await page.setViewportSize(WIDE)
      await assertFits(page)
      await screenshot(page, `${name}-1920-dark-${language}`)
      await page.setViewportSize({ width: 1280, height: 800 })
      const whole = await page.evaluate(() => document.documentElement.scrollHeight)
      await page.setViewportSize({ width: 1280, height: Math.min(whole, 4000) })
      await screenshot(page, `${name}-whole-dark-${language}`)
    }
  })
}

test('in 320 px nothing is lost', async (desk) => {
  for (const [name, path] of Object.entries(VIEWS)) {
    const page = await visit(desk, path, { size: NARROW })
    await table(page).waitFor()
    await assertFits(page)
    await assertAccessible(page)
    await screenshot(page, `${name}-320-light-ja`)
  }
})
