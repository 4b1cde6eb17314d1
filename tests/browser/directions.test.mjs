// Names that turn text around, as an old register may hold them: nothing around them moves, and what cannot be seen is shown.
import assert from 'node:assert/strict'
import { assertAccessible, desks, screenshot, settled } from './harness/desk.mjs'
import { registerText } from './harness/register.mjs'

const NUMBER = '47000000008'
const PLAIN = '株式会社オーシャン歯科医院本店'
/** Turned from its middle on, where nothing holds it back, with a control and an isolate that never ends. */
const HOSTILE = '株式会社オーシャン\u202E歯科\u0007医院\u2067本店'
const SPELLED = '株式会社オーシャン[U+202E]歯科[U+0007]医院[U+2067]本店'
/** A name of letters that run leftward by themselves. */
const LEFTWARD = 'שלום'
const CITY = 'みほん\u202Eまち'

const rows = registerText(30).split(/(?<=\r?\n)/)
const text = rows
  .map((row) => (row.includes(NUMBER) ? row.replace(PLAIN, HOSTILE).replace('みほん市', CITY) : row.replace('株式会社つばさ整備', LEFTWARD)))
  .join('')
assert.ok(text.includes(HOSTILE) && text.includes(LEFTWARD) && text.includes(CITY), 'the rows are as this test expects them')

const { office, test } = await desks({ register: text })

/** Answers whether every character under it stands right of the one before, or on a later line. */
const runsForward = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let before
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // For screen readers only: it stands somewhere of its own.
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('.sr-only')) continue
    for (let place = 0; place < node.data.length; place += 1) {
      const range = document.createRange()
      range.setStart(node, place)
      range.setEnd(node, place + 1)
      const [box] = range.getClientRects()
      // Spaces at a break and characters without a shape have no place.
      if (!box || box.width === 0) continue
      // A mark hangs lower than its line, so that the next one begins beside it: of one line are those whose middles are at one height.
      const isOneLine = before && Math.abs(box.top + box.bottom - before.top - before.bottom) < Math.max(box.height, before.height)
      if (isOneLine && box.left < before.left - 0.5) return `${JSON.stringify(node.data)} at ${place}: ${box.left} after ${before.left}`
      before = box
    }
  }
  return 'forward'
}

async function assertForward(locator) {
  await locator.waitFor()
  assert.equal(await locator.evaluate(runsForward), 'forward', `${locator}`)
}

async function openRecord(desk, options) {
  const page = await desk.page('registrar', options)
  await page.goto(`/declarations/${await office.idOf(NUMBER)}`)
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'オーシャン' }).waitFor()
  return page
}

test('the examination finds a text that is turned', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations?sort=NUMBER_ASC')
  const cell = page.locator('[data-column=name]').nth(5)
  await assertForward(cell)
  await cell.evaluate((element, name) => element.replaceChildren(`${name}の後の文`), HOSTILE)
  assert.notEqual(await cell.evaluate(runsForward), 'forward')
})

test('in the list every cell keeps its place, whole names, marked parts and the chip of the search too', async (desk) => {
  const page = await desk.page('registrar')
  for (const question of ['?sort=NUMBER_ASC', '?q=オーシャン', '?q=歯科']) {
    await page.goto(`/declarations${question}`)
    const row = page.getByRole('row').filter({ hasText: 'オーシャン' })
    await row.waitFor()
    await settled(page)
    for (const cell of await row.getByRole('cell').all()) await assertForward(cell)
    const [heads, cells] = await Promise.all(['th', 'td'].map((kind) => page.locator(`table ${kind}`).evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)))))
    for (const [place, left] of cells.entries()) assert.equal(left, heads[place % heads.length])
  }
  await page.goto(`/declarations?q=${encodeURIComponent('オーシャン\u202E歯科')}`)
  await assertForward(page.getByRole('group', { name: '絞り込み' }).getByText('検索: オーシャン[U+202E]歯科', { exact: true }))
  assert.ok((await page.title()).startsWith('検索: オーシャン[U+202E]歯科 — '), await page.title())
})

test('a name that runs leftward by itself takes neither its number nor its sentence along', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf('47000000002')}`)
  await page.getByRole('heading', { level: 1, name: LEFTWARD }).waitFor()
  assert.ok((await page.title()).startsWith(`\u2068${LEFTWARD}\u2069 4700 0000 002`), await page.title())
  assert.equal(await page.getByRole('heading', { level: 1 }).locator('bdi').evaluate((name) => getComputedStyle(name).unicodeBidi), 'isolate')
})

test('on the record the name, the facts, the history, the toast and the title run forward, and the marks are shown', async (desk) => {
  const page = await openRecord(desk)
  assert.ok((await page.title()).startsWith(`${SPELLED} 4700 0000 008`), await page.title())
  const heading = page.getByRole('heading', { level: 1 })
  await assertForward(heading)
  const shown = await heading.locator('[data-unseen]').evaluateAll((all) => all.map((mark) => getComputedStyle(mark, '::before').content))
  assert.deepEqual(shown, ['"U+202E"', '"U+0007"', '"U+2067"'])
  assert.equal(await heading.evaluate((element) => element.textContent.trim()), HOSTILE, 'what is copied is what the register holds')
  await assertForward(page.getByRole('navigation', { name: '現在の場所' }))
  await assertAccessible(page)
  await screenshot(page, 'directions-record')

  await page.getByRole('link', { name: '市区町村を修正する' }).click()
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await assertForward(sheet.getByText('今の内容: みほん[U+202E]まち'))
  await sheet.getByRole('textbox', { name: '市区町村' }).fill('みほん町')
  await sheet.getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet.getByRole('textbox', { name: '修正の理由' }).fill('向きの文字を除いた')
  await sheet.getByRole('button', { name: '修正を保存する' }).click()
  await assertForward(page.getByText(`${SPELLED}の登録内容を修正しました。`))
  const change = page.getByRole('region', { name: '履歴' }).getByRole('definition').first()
  await assertForward(change)
  assert.equal(await change.locator('[data-unseen="U+202E"]').count(), 1)
  for (const fact of await page.getByRole('region', { name: '登録内容' }).getByRole('definition').all()) await assertForward(fact)
  await page.emulateMedia({ media: 'print' })
  await assertForward(page.getByRole('heading', { level: 1 }))
})

test('beside the list, in the palette and in a conflict it runs forward too', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations?q=オーシャン&peek=${await office.idOf(NUMBER)}`)
  await assertForward(page.getByRole('complementary', { name: '内容の確認' }).getByRole('heading').filter({ hasText: 'オーシャン' }))
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '操作を探す' }).waitFor()
  await page.keyboard.type(NUMBER)
  const hit = page.getByRole('menuitem').filter({ hasText: 'オーシャン' })
  await assertForward(hit)
  await page.keyboard.press('Enter')

  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'オーシャン' }).waitFor()
  await page.getByRole('link', { name: '事業者名を修正する' }).click()
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await sheet.getByRole('textbox', { name: '事業者名' }).fill(PLAIN)
  await sheet.getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet.getByRole('textbox', { name: '修正の理由' }).fill('名前を読めるように')
  await sheet.getByRole('checkbox', { name: '添付できる書類がない' }).check()
  await sheet.getByRole('textbox', { name: '書類がない理由' }).fill('電話で本人に確認した')
  await office.correct(await office.idOf(NUMBER), 'second', { kind: 'ERROR', reason: '先に直した', changes: [{ field: 'NAME', value: '株式会社オーシャン' }] })
  await sheet.getByRole('button', { name: '修正を保存する' }).click()
  const both = sheet.getByRole('group', { name: '事業者名' })
  await assertForward(both)
  assert.equal(await both.locator('[data-unseen]').count(), 3)
  await assertAccessible(page)
  await screenshot(page, 'directions-conflict')
})
