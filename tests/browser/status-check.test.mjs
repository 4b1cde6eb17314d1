// 照会: a list from another office is pasted or chosen, its columns are guessed and corrected, and each row says where its declaration stood.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const row = ({ number, kind = '法人', corporate = '', name, star = '1', state = '有効', stopped = '' }) =>
  `${number},2020-04-01,${kind},${corporate},${name},ミホン,,代表,見本 太郎,1000001,東京都,みほん市,1-2-3,,G,12,3000000,${star},,,,見本 花子,総務課,info@example.jp,03-0000-0000,同意,${state},${stopped},`
const HEADINGS = '自己宣言ID,宣言日,区分,法人番号,事業者名,フリガナ,屋号,代表者役職,代表者名,郵便番号,都道府県,市区町村,番地,建物,業種,従業員数,資本金,取組段階,自社診断点数,基本方針URL,基本方針公開日,担当者名,担当部署,メール,電話,公表同意,状態,停止日,備考'
const register = [
  HEADINGS,
  row({ number: '59990000017', corporate: '7999901000001', name: '株式会社みほん製作所', star: '2' }),
  row({ number: '49990000017', corporate: '6999901000002', name: '有限会社わかば', state: '停止', stopped: '2024-05-01' }),
  row({ number: '47000000002', kind: '個人事業主', name: '金糸雀' }),
].join('\n')

const { test } = await desks({ register: `${register}\n` })

const PASTED = ['㈱ミホン製作所\t59990000017\t2026-04-01', '有限会社わかば\t49990000017\t令和6年4月30日', '有限会社わかば\t49990000017\t2026-04-01', '金糸雀\t47000000002\t2026-04-01', 'だれか\t123\t2026-02-30', 'だれか\t59990009999\t'].join('\n')

const main = (page) => page.getByRole('main')
const paste = (page, w) => page.getByRole('textbox', { name: w.statusCheck.paste })
const ask = (page, w) => main(page).getByRole('button', { name: w.statusCheck.ask, exact: true }).click()
const table = (page, w) => page.getByRole('table', { name: w.statusCheck.table })
const rows = (page, w) => table(page, w).getByRole('row').filter({ has: page.getByRole('cell') })
const filter = (page, w, word) => page.getByRole('group', { name: w.statusCheck.filters }).getByRole('button', { name: word })

async function visit(desk, { language = 'ja', who = 'registrar', ...options } = {}) {
  const page = await desk.page(who, { language, ...options })
  await page.goto('/status-check')
  await page.getByRole('heading', { level: 1, name: words[language].nav.statusCheck }).waitFor()
  await settled(page)
  return page
}

async function answered(page, w = words.ja) {
  await paste(page, w).fill(PASTED)
  await ask(page, w)
  await page.getByRole('heading', { name: w.statusCheck.answers }).waitFor()
  await settled(page)
}

test('a list is pasted in any order of columns, and each row is told where its declaration stood', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('navigation', { name: words.ja.nav.main }).getByRole('link', { name: '照会' }).click()
  await page.getByRole('heading', { level: 1, name: '照会' }).waitFor()
  assert.equal(await page.title(), '照会 — 宣言 Sengen')
  await answered(page)
  // What was waited for has the focus.
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'answers')
  const shown = await rows(page, words.ja).allTextContents()
  assert.equal(shown.length, 6)
  for (const [at, texts] of [['有効', '二つ星', '表記が異なる', '株式会社みほん製作所'], ['有効', '一致', '4999 0000 017'], ['停止', '2024年5月1日から'], ['有効', '一致'], ['入力の誤り', '自己宣言IDは、4か5で始まる11桁', '暦にありません'], ['該当なし']].entries()) {
    for (const text of texts) assert.ok(shown[at].includes(text), `${text} in ${shown[at]}`)
  }
  await assertAccessible(page)
  await filter(page, words.ja, /^停止/).click()
  await page.waitForURL(/\?outcome=stopped$/)
  assert.equal(await rows(page, words.ja).count(), 1)
  await filter(page, words.ja, /^事業者名が異なる/).click()
  await page.waitForURL(/\?outcome=other_name$/)
  assert.equal(await rows(page, words.ja).count(), 1)
  // To the record as it was on that day.
  await rows(page, words.ja).getByRole('link', { name: '5999 0000 017' }).click()
  await page.waitForURL(/\/declarations\/[0-9a-f-]{36}\?asOf=2026-04-01$/)
})

test('a column that was guessed wrong is corrected, and nothing is asked without a number', async (desk) => {
  const page = await visit(desk)
  const w = words.ja
  await paste(page, w).fill('59990000017\n49990000017')
  await ask(page, w)
  await page.getByRole('heading', { name: w.statusCheck.answers }).waitFor()
  const number = page.getByRole('combobox', { name: w.statusCheck.what.number })
  assert.equal(await number.inputValue(), '0')
  await number.selectOption({ label: w.statusCheck.noColumn })
  // An answer to another question would mislead.
  assert.equal(await page.getByRole('heading', { name: w.statusCheck.answers }).count(), 0)
  const again = page.getByRole('button', { name: w.statusCheck.askAgain })
  assert.equal(await again.getAttribute('aria-disabled'), 'true')
  await main(page).getByText(w.statusCheck.noKey).last().waitFor()
  await assertAccessible(page)
  await page.getByRole('combobox', { name: w.statusCheck.what.name }).selectOption('0')
  await number.selectOption('0')
  assert.equal(await page.getByRole('combobox', { name: w.statusCheck.what.name }).inputValue(), '', 'a column holds one thing')
  await page.getByRole('checkbox', { name: w.statusCheck.hasHeadings }).check()
  await again.click()
  await page.getByRole('heading', { name: w.statusCheck.answers }).waitFor()
  await settled(page)
  assert.equal(await rows(page, w).count(), 1, 'the first row holds headings, says the person')
})

test('a file is read as soon as it is chosen, and what is no sheet is told at its field', async (desk) => {
  const page = await visit(desk)
  const w = words.ja
  const file = page.getByLabel(w.statusCheck.file)
  await file.setInputFiles({ name: '照会.csv', mimeType: 'text/csv', buffer: Buffer.from('\u{feff}ID,事業者名\r\n59990000017,株式会社みほん製作所\r\n') })
  await page.getByRole('heading', { name: w.statusCheck.answers }).waitFor()
  await page.getByText('照会.csv').waitFor()
  await settled(page)
  assert.equal(await rows(page, w).count(), 1)
  desk.expect(/Failed to load resource.*422/)
  await file.setInputFiles({ name: '古い.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) })
  await page.getByRole('group').getByRole('link', { name: /古い形式か、パスワードの付いたブック/ }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'file')
  assert.equal(await page.getByRole('heading', { name: w.statusCheck.answers }).count(), 0)
  await assertAccessible(page)
})

test('nothing pasted and a day to come are told before anything is sent', async (desk) => {
  const page = await visit(desk)
  const w = words.ja
  let asked = 0
  page.on('request', (request) => {
    if (request.url().includes('/status-checks')) asked += 1
  })
  await page.getByRole('textbox', { name: w.statusCheck.day }).fill('2999-01-01')
  await ask(page, w)
  await page.getByRole('link', { name: w.statusCheck.pasteMissing }).waitFor()
  await page.getByRole('link', { name: w.statusCheck.dayAhead }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'day')
  assert.equal(asked, 0)
  await assertAccessible(page)
})

test('the answers are saved as a sheet', async (desk) => {
  const page = await visit(desk)
  await answered(page)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: words.ja.statusCheck.download.csv }).click()
  const saved = await download
  assert.match(saved.suggestedFilename(), /^status-check-\d{8}\.csv$/)
  const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\r\n')
  assert.equal(lines.length, 7)
  assert.ok(lines[1].includes('㈱ミホン製作所') && lines[1].includes('株式会社みほん製作所'), lines[1])
})

test('whoever may not see persons is told so in place of a comparison', async (desk) => {
  const page = await visit(desk, { who: 'viewer' })
  await answered(page)
  const trader = rows(page, words.ja).filter({ hasText: '4700 0000 002' })
  await trader.getByText('照合できない').waitFor()
})

test('the console goes on where the network broke off, and what was pasted is there', async (desk) => {
  const page = await visit(desk)
  const w = words.ja
  desk.expect(/ERR_FAILED|Failed to load resource/)
  await page.route('**/status-checks/sheet', (route) => route.abort())
  await paste(page, w).fill(PASTED)
  await ask(page, w)
  await page.getByRole('alert').getByText(w.fault.NETWORK).waitFor()
  assert.equal(await paste(page, w).inputValue(), PASTED)
  await page.unrouteAll()
  await ask(page, w)
  await page.getByRole('heading', { name: w.statusCheck.answers }).waitFor()
})

for (const language of LANGUAGES) {
  test(`the page looks as it should, empty and answered: ${language}`, async (desk) => {
    const w = words[language]
    const page = await visit(desk, { language })
    await screenshot(page, `status-check-blank-${language}`)
    await answered(page, w)
    await assertLooks(page, 'status-check', language)
    await page.setViewportSize({ width: 1920, height: 1080 })
    await screenshot(page, `status-check-wide-${language}`)
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
    await screenshot(page, `status-check-narrow-${language}`)
    await main(page).getByText(say(w.statusCheck.shown, { all: 6, shown: 6 })).waitFor()
  })
}
