// The screens around the register, with something on each: bulk changes, imports, files, reviews, status checks, figures, the home page.
// In both languages and themes, at 1280 and 1920 px, at 200 % zoom and in 320 px; accessible, whole, tidy; and a picture of each for people.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { load, watched } from './harness/still.mjs'
import { assertTidy } from './harness/tidy.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 130, extra: { SENGEN_BULK_APPROVAL_ABOVE: '40', SENGEN_EXPORT_PERSONAL_APPROVAL_ABOVE: '20' } })

const main = (page) => page.getByRole('main')
const HEADINGS = ['自己宣言ID', '宣言日', '区分', '事業者名', '都道府県', '取組段階', '状態']
const row = (serial, name, star = '一つ星') => [`4799${String(serial).padStart(7, '0')}`, '2026-04-01', '法人', name, '東京都', star, '有効'].join(',')
const csv = Buffer.from(`\u{feff}${HEADINGS.join(',')}\r\n${[row(1, '株式会社みほん製作所'), row(2, '株式会社見本商店'), row(3, '有限会社サンプル', '三つ星'), row(4, '')].join('\r\n')}\r\n`)

async function one(operation, input) {
  const cookie = await office.cookieOf('chief')
  const { data } = await office.ask(operation, { input: { commandId: crypto.randomUUID(), ...input } }, cookie)
  const [answer] = Object.values(data)
  assert.ok(answer.id, JSON.stringify(answer))
  return answer.id
}

const FREEZE = 'mutation ($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { ... on BulkChangeFrozen { id } ... on InvalidInput { problems { field message } } } }'

/** What the pages show: made once, through the screens where that is how it is made. */
let prepared
function prepare(desk) {
  prepared ??= (async () => {
    const page = await desk.page('chief')
    const matching = { filter: { states: ['ACTIVE'], stars: ['ONE', 'TWO'], prefectures: ['13', '27'], changedFrom: '2020-01-01' }, search: '会社' }
    const bulk = await one(FREEZE, { selection: { matching }, change: { raiseFlag: { flag: 'EMPLOYEES_MISSING', reason: '一斉点検の対象' } } })
    await page.goto(`/bulk-changes/${bulk}`)
    await main(page).getByText(words.ja.bulk.stage.tried, { exact: true }).first().waitFor()
    await page.goto('/imports/new')
    const sheet = page.getByRole('dialog', { name: words.ja.imports.new })
    await sheet.getByLabel(words.ja.imports.file, { exact: false }).first().setInputFiles({ name: '旧台帳.csv', mimeType: 'text/csv', buffer: csv })
    await sheet.getByRole('button', { name: words.ja.imports.send, exact: true }).click()
    await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
    const mapping = page.url()
    await main(page).getByRole('button', { name: words.ja.imports.try, exact: true }).click()
    await main(page).getByText(words.ja.imports.stage.tried, { exact: true }).waitFor()
    await page.goto('/declarations?state=ACTIVE')
    await page.getByRole('link', { name: words.ja.list.export, exact: true }).click()
    const asked = page.getByRole('dialog', { name: words.ja.exports.new })
    await asked.getByLabel(words.ja.exports.fact.format).selectOption('XLSX')
    await asked.getByRole('textbox', { name: words.ja.exports.fact.reason }).fill('月次の点検')
    await asked.getByRole('button', { name: words.ja.exports.make, exact: true }).click()
    await page.waitForURL(/\/exports\/[0-9a-f-]{36}/)
    const file = new URL(page.url()).pathname
    await page.goto('/reviews/import-warning')
    await main(page).getByRole('button', { name: words.ja.reviews.search, exact: true }).click()
    await page.getByText(words.ja.reviews.searched, { exact: true }).first().waitFor()
    const first = main(page).locator('[data-row-link]').first()
    await first.waitFor()
    const review = await first.getAttribute('href')
    await page.goto(review)
    const record = await main(page).getByRole('table').getByRole('link').first().getAttribute('href')
    return { bulk: `/bulk-changes/${bulk}`, import: new URL(mapping).pathname, file, review, record }
  })()
  return prepared
}

/** Each screen: where it is, and what says that it is there. Whoever opens it may everything. */
const table = (page) => main(page).getByRole('table').getByRole('row').nth(1)
const heading = (name) => (page, w) => page.getByRole('heading', { level: 1, name: name(w) })
const SCREENS = {
  home: { path: () => '/', ready: (page, w) => page.getByRole('link', { name: new RegExp(w.reviews.kind.IMPORT_WARNING) }) },
  'bulk-list': { path: () => '/bulk-changes', ready: table },
  'bulk-one': { path: ({ bulk }) => bulk, ready: table },
  'bulk-form': { path: () => '/bulk-changes/new?by=filter&state=ACTIVE', ready: (page, w) => page.getByRole('dialog').getByLabel(w.bulk.label.change, { exact: true }) },
  'import-list': { path: () => '/imports', ready: table },
  'import-new': { path: () => '/imports/new', ready: (page, w) => page.getByRole('dialog').getByRole('button', { name: w.imports.send, exact: true }) },
  'import-one': { path: ({ import: path }) => path, ready: table },
  'import-mapping': { path: ({ import: path }) => `${path}?map=again`, ready: (page, w) => main(page).getByRole('button', { name: w.imports.try, exact: true }) },
  'export-list': { path: () => '/exports', ready: table },
  'export-new': { path: () => '/exports/new?state=ACTIVE', ready: (page, w) => page.getByRole('dialog').getByRole('button', { name: w.exports.make, exact: true }) },
  'export-one': { path: ({ file }) => file, ready: (page, w) => main(page).getByRole('heading', { level: 2, name: w.exports.takings }) },
  'review-queue': { path: () => '/reviews/import-warning', ready: table },
  'review-empty': { path: () => '/reviews/contact-bounced', ready: (page, w) => page.getByRole('heading', { level: 2, name: w.reviews.emptyTitle.OPEN }) },
  'review-one': { path: ({ review }) => review, ready: table },
  'record-suspected': { path: ({ record }) => record, ready: (page, w) => main(page).getByRole('note', { name: w.reviews.title }).getByRole('link').first() },
  'status-check': { path: () => '/status-check', ready: (page, w) => page.getByRole('heading', { level: 2, name: w.statusCheck.blankTitle }) },
  figures: { path: () => '/figures', ready: (page) => main(page).getByRole('table').first() },
  staff: { path: () => '/settings/staff', ready: table },
  approvals: { path: () => '/approvals', ready: (page, w) => page.getByRole('heading', { level: 2, name: w.approvals.emptyTitle.OPEN }) },
  jobs: { path: () => '/settings/jobs', ready: table },
  schedules: { path: () => '/settings/schedules', ready: table },
  requests: { path: () => '/requests', ready: heading((w) => w.requests.title) },
  incidents: { path: () => '/incidents', ready: heading((w) => w.incidents.title) },
  tokens: { path: () => '/settings/tokens', ready: (page) => page.getByRole('heading', { level: 1 }) },
  account: { path: () => '/account', ready: (page) => page.getByRole('heading', { level: 1 }) },
}

async function open(desk, name, { language = 'ja', ...options } = {}) {
  const paths = await prepare(desk)
  const { path, ready } = SCREENS[name]
  const page = await desk.pageAgain('chief', { language, ...options })
  // Two of them may differ in what is open over a page, and a window that is left half typed asks.
  await page.goto('about:blank')
  await page.goto(path(paths))
  await ready(page, words[language]).first().waitFor()
  await settled(page)
  return page
}

/** All screens are looked at, whatever is found on the first of them. */
async function each(names, look) {
  const found = []
  for (const name of names) await look(name).catch((error) => found.push(`${name}: ${error.message}`))
  assert.deepEqual(found, [])
}
const NAMES = Object.keys(SCREENS)

for (const language of LANGUAGES) {
  for (const part of [0, 1]) {
    test(`every screen is accessible in both themes and tidy: ${language}, part ${part + 1}`, (desk) =>
      each(NAMES.filter((_, index) => index % 2 === part), async (name) => {
        const page = await open(desk, name, { language })
        await assertLooks(page, `screen-${name}-1280`, language)
        await assertTidy(page, language)
      }))
  }
  test(`at 1920 px every screen fits and is tidy: ${language}`, (desk) =>
    each(NAMES, async (name) => {
      const page = await open(desk, name, { language, size: { width: 1920, height: 1080 } })
      await screenshot(page, `screen-${name}-1920-light-${language}`)
      await assertFits(page)
      await assertTidy(page, language)
    }))
}

for (const [size, label] of [[{ width: 640, height: 400 }, '200 % zoom'], [{ width: 320, height: 640 }, '320 px']]) {
  test(`at ${label} no screen scrolls sideways and all stays accessible`, (desk) =>
    each(NAMES, async (name) => {
      const page = await open(desk, name, { size })
      await screenshot(page, `screen-${name}-${size.width}-light-ja`)
      await assertFits(page)
      await assertAccessible(page)
      await assertTidy(page, 'ja')
    }))
}

const LATE = {
  home: ['Home', 'ReviewQueues'],
  'bulk-list': ['BulkChanges'],
  'bulk-one': ['OneBulkChange'],
  'import-list': ['Imports'],
  'import-one': ['OneImport'],
  'export-list': ['Exports'],
  'export-one': ['OneExport'],
  'review-queue': ['Reviews', 'ReviewQueues', 'ReviewSearch'],
  'record-suspected': ['Declaration'],
}

for (const [label, size] of [['1280 px', { width: 1280, height: 800 }], ['1920 px', { width: 1920, height: 1080 }]]) {
  test(`nothing jumps when the answers of a screen come late, at ${label}`, async (desk) => {
    const paths = await prepare(desk)
    const page = await watched(desk, 'chief', { size })
    const meanwhile = page.getByRole('status').getByText(words.ja.app.loading).first()
    await each(Object.keys(LATE), (name) => load(page, SCREENS[name].path(paths), LATE[name], { meanwhile, ready: SCREENS[name].ready(page, words.ja).first() }))
  })
}

test('the examination finds a small button, one in two lines, a word of a machine, English and a day of a machine', async (desk) => {
  const page = await open(desk, 'export-list')
  for (const [tag, text, style, finding] of [
    ['button', 'x', 'width:16px;height:16px;padding:0', /smaller than 24 px/],
    ['button', '長い言葉が二行になるボタン', 'width:80px', /more than one line/],
    ['p', 'CHANGED_SINCE', '', /words of a machine/],
    ['h2', 'Result', '', /English in Japanese/],
    ['dd', '2026-11-28', '', /a day that is not written as one/],
    ['p', 'とても長い言葉がここで切れています', 'width:40px;overflow:hidden;white-space:nowrap', /cut off/],
  ]) {
    await page.evaluate(([name, words, looks]) => {
      const element = Object.assign(document.createElement(name), { id: 'wrong', textContent: words })
      for (const each of looks.split(';').filter(Boolean)) element.style.setProperty(...each.split(':'))
      document.querySelector('main').prepend(element)
    }, [tag, text, style])
    await assert.rejects(assertTidy(page, 'ja'), finding)
    await page.evaluate(() => document.querySelector('#wrong').remove())
  }
  await assertTidy(page, 'ja')
})
