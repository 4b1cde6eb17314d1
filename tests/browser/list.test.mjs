// Finding a declaration: search in every spelling, filters, pages, what the URL holds, and the keys of the list.
import assert from 'node:assert/strict'
import { assertAccessible, desks, screenshot, settled } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 400 })

/** The width of the paper between its margins, as CSS pixels. */
const A4 = { width: 688, height: 970 }

const heading = (page) => page.getByRole('heading', { level: 1, name: '宣言' })
const rows = (page) => page.getByRole('rowgroup').nth(1).getByRole('row')
const anyTotal = (page) => page.getByRole('status').filter({ hasText: /^[\d,]+件$/ })
const total = (page, count) => page.getByRole('status').filter({ hasText: new RegExp(`^${count}件$`) })
const search = (page) => page.getByRole('textbox', { name: '検索' })
const rowLink = (page, name) => page.getByRole('link', { name, exact: true })
const focusedText = (page) => page.evaluate(() => document.activeElement.textContent)

async function openList(desk, question = '') {
  const page = await desk.page('registrar')
  await page.goto(`/declarations${question}`)
  await rows(page).nth(0).getByRole('link').waitFor()
  return page
}

/** Types a search and waits for its own answer, not that of the one before. */
async function searchFor(page, text) {
  await search(page).fill(text)
  await page.getByRole('group', { name: '絞り込み' }).getByText(`検索: ${text}`, { exact: true }).waitFor()
  await settled(page)
}

async function choose(page, filter, option) {
  await page.getByRole('button', { name: filter, exact: true }).click()
  await page.getByRole('dialog').getByRole('checkbox', { name: option }).check()
  await page.keyboard.press('Escape')
}

test('a part of a name finds it in any spelling', async (desk) => {
  const page = await openList(desk)
  const spellings = {
    高嶋設計: '株式会社髙嶋設計',
    髙嶋設計: '株式会社髙嶋設計',
    たかしませっけい: '株式会社髙嶋設計',
    ﾀｶｼﾏｾｯｹｲ: '株式会社髙嶋設計',
    ｵｰｼｬﾝ歯科: '株式会社オーシャン歯科医院本店',
    おーしゃんしか: '株式会社オーシャン歯科医院本店',
    株式会社さくら商事: '㈱さくら商事',
    '（株）さくら商事': '㈱さくら商事',
    山崎会計事務所21: '有限会社山﨑会計事務所２１',
    嶋設: '株式会社髙嶋設計',
  }
  for (const [typed, name] of Object.entries(spellings)) {
    await searchFor(page, typed)
    await total(page, 1).waitFor()
    await rowLink(page, name).waitFor()
    assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('q'), typed)
  }
  await searchFor(page, 'ﾀｶｼﾏｾｯｹｲ')
  await page.getByText('フリガナが一致').waitFor()
})

test('a declaration number or a corporate number finds it, whole, in part, and as it is written on the screen', async (desk) => {
  const page = await openList(desk)
  for (const typed of ['47000000055', '４７０００００００５５', '0000055', '4700 0000 055', '4700　0000　055', '9999903000055', 'T9999903000055', '9 9999 0300 0055', '9999-03-000055']) {
    await searchFor(page, typed)
    await total(page, 1).waitFor()
    await rowLink(page, '株式会社髙嶋設計').waitFor()
    assert.equal(await page.getByRole('table').locator('mark').count(), 1, `${typed}: the match is marked`)
  }
})

test('nothing found says what was looked for, and the conditions go with one button', async (desk) => {
  const page = await openList(desk)
  await searchFor(page, 'どこにもない名前')
  await page.getByText('「どこにもない名前」に合う事業者名・自己宣言ID・法人番号は見つかりませんでした').waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: '条件をすべて外す' }).first().click()
  await total(page, office.imported.accepted).waitFor()
  assert.equal(new URL(page.url()).search + new URL(page.url()).hash, '')
})

test('filters by star, state, prefecture and flag agree with what was imported, and stand in the URL', async (desk) => {
  const page = await openList(desk)
  const { accepted, accepted_by_star: byStar, accepted_stopped: stopped, accepted_by_prefecture_top5: byPrefecture, warnings_by_code: warnings } = office.imported
  await total(page, accepted).waitFor()
  const cases = [
    ['取組段階', /^二つ星/, byStar.two ?? byStar['2'], '?star=TWO'],
    ['状態', /^停止/, stopped, '?state=STOPPED'],
    ['都道府県', /^東京都/, byPrefecture['東京都'], '?pref=13'],
    ['警告', /^法人番号なし/, warnings.corporate_number_missing, '?flag=CORPORATE_NUMBER_MISSING'],
    ['警告', /^重複の疑い/, warnings.corporate_number_duplicate, '?flag=CORPORATE_NUMBER_DUPLICATE'],
  ]
  for (const [filter, option, count, query] of cases) {
    await choose(page, filter, option)
    await total(page, count).waitFor()
    assert.equal(new URL(page.url()).search, query)
    await page.getByRole('button', { name: `${filter}の条件を外す` }).click()
    await total(page, accepted).waitFor()
  }
  await choose(page, '取組段階', /^二つ星/)
  await choose(page, '状態', /^有効/)
  await page.getByRole('button', { name: '取組段階: 二つ星' }).waitFor()
  await page.getByRole('button', { name: '状態: 有効' }).waitFor()
  await settled(page)
  const both = await anyTotal(page).textContent()
  await page.reload()
  await anyTotal(page).getByText(both).waitFor()
})

test('more rows come by a button, take the focus, and going back finds the same place', async (desk) => {
  const page = await openList(desk)
  assert.equal(await rows(page).count(), 50)
  await page.getByRole('button', { name: 'もっと見る' }).click()
  await page.getByText('100件を表示').waitFor()
  const first = rows(page).nth(50).getByRole('link')
  await page.waitForFunction((link) => document.activeElement === link, await first.elementHandle())

  const target = rows(page).nth(70).getByRole('link')
  await target.scrollIntoViewIfNeeded()
  const region = page.getByRole('region', { name: '宣言の一覧' })
  const name = await target.textContent()
  await target.focus()
  const place = await region.evaluate((box) => box.scrollTop)
  assert.ok(place > 500, `scrolled to ${place}`)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.goBack()
  await page.getByText('100件を表示').waitFor()
  await page.waitForFunction((text) => document.activeElement?.textContent === text, name)
  assert.ok(Math.abs((await region.evaluate((box) => box.scrollTop)) - place) < 60, 'the place is kept')
  await page.goForward()
  await page.getByRole('heading', { level: 1, name }).waitFor()
})

test('what is shown stands in the address: a reload and a new window show as many rows, the same order and the same record beside them', async (desk) => {
  const page = await openList(desk, '?sort=NUMBER_ASC')
  await page.getByRole('button', { name: 'もっと見る' }).click()
  await page.getByText('100件を表示').waitFor()
  await rows(page).nth(80).getByRole('link').focus()
  await page.keyboard.press('Space')
  await page.getByRole('complementary', { name: '内容の確認' }).getByText('担当者名').waitFor()
  const region = page.getByRole('region', { name: '宣言の一覧' })
  const place = await region.evaluate((box) => box.scrollTop)
  assert.ok(place > 500, `scrolled to ${place}`)
  const numbers = await rows(page).evaluateAll((all) => all.map((row) => row.cells[1].textContent))
  await page.reload()
  await page.getByText('100件を表示').waitFor()
  await page.getByRole('complementary', { name: '内容の確認' }).getByText('担当者名').waitFor()
  await page.waitForFunction((before) => Math.abs(document.querySelector('[data-scroll-restoration-id]').scrollTop - before) < 60, place)

  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.getByText('100件を表示').waitFor()
  assert.deepEqual(await rows(other).evaluateAll((all) => all.map((row) => row.cells[1].textContent)), numbers)
  await other.getByRole('complementary', { name: '内容の確認' }).getByText('担当者名').waitFor()
})

test('printed, a list is a table in black on white that names its conditions, its order, the day and the person', async (desk) => {
  const page = await desk.page('registrar', { theme: 'dark', size: A4 })
  await page.goto('/declarations?state=ACTIVE&flag=EMAIL_NOT_RFC&q=株式会社&sort=NUMBER_ASC')
  await rows(page).nth(0).getByRole('link').waitFor()
  await page.emulateMedia({ media: 'print' })
  await page.getByText(/^印刷: \d{4}年.*（令和\d+年.*） 見本 花子$/).waitFor()
  await page.getByText('条件: 検索: 株式会社 / 状態: 有効 / 警告: メールの形式').waitFor()
  const printed = await rows(page).count()
  await page.getByText(`並び順: 自己宣言IDの順。印刷した件数: ${printed}件`).waitFor()
  await page.getByText('警告: メールの形式').nth(1).waitFor()
  for (const control of [search(page), page.getByRole('button', { name: '警告' }), page.getByRole('combobox', { name: '並び順' }), page.getByRole('link', { name: 'Sengen' })]) {
    assert.equal(await control.first().isVisible(), false, `${control} is not on paper`)
  }
  const seen = await rows(page).nth(0).evaluate((row) => {
    const { color, backgroundColor } = getComputedStyle(row)
    return { row: getComputedStyle(row).display, color, ground: backgroundColor, wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }
  })
  assert.deepEqual([seen.row, seen.color, seen.ground], ['table-row', 'rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
  assert.ok(seen.wide <= seen.room, `the table is ${seen.wide} px wide on ${seen.room} px of paper`)
  await screenshot(page, 'list-print')
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  assert.match(pdf, /\/MediaBox \[0 0 59[45]\S* 84[12]\S*\]/, 'A4 portrait')
})

test('to the end of a list: every row once, and the button is gone', async (desk) => {
  const page = await openList(desk, '?star=TWO&sort=NUMBER_ASC')
  await page.getByRole('button', { name: 'もっと見る' }).click()
  await page.getByText('すべて表示しました').waitFor()
  assert.equal(await page.getByRole('button', { name: 'もっと見る' }).count(), 0)
  const numbers = await rows(page).evaluateAll((all) => all.map((row) => row.cells[1].textContent))
  const expected = office.imported.accepted_by_star.two ?? office.imported.accepted_by_star['2']
  assert.equal(new Set(numbers).size, expected)
  assert.deepEqual(numbers, numbers.toSorted())
})

test('the keys of the list: slash, j, k, Space, Enter, question mark', async (desk) => {
  const page = await openList(desk, '?sort=NUMBER_ASC')
  await page.keyboard.press('j')
  const first = await focusedText(page)
  await page.keyboard.press('j')
  const second = await focusedText(page)
  assert.notEqual(first, second)
  await page.keyboard.press('k')
  assert.equal(await focusedText(page), first)

  const panel = page.getByRole('complementary', { name: '内容の確認' })
  await page.keyboard.press('Space')
  await panel.getByRole('heading', { name: first }).waitFor()
  await panel.getByText('担当者名').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('j')
  await panel.getByRole('heading', { name: second }).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })

  await page.keyboard.press('/')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: first }).waitFor()

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'キー操作' }).waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await heading(page).waitFor()

  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '操作を探す' }).waitFor()
  await page.keyboard.type('47000000055')
  await page.getByRole('menuitem', { name: /髙嶋設計/ }).waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '株式会社髙嶋設計' }).waitFor()
})

test('while an input method converts, Enter and typing neither search nor submit', async (desk) => {
  const page = await openList(desk)
  const asked = []
  page.on('request', (request) => request.url().endsWith('/graphql') && asked.push(request.postData()))
  await search(page).focus()
  await settled(page)
  const before = asked.length
  await search(page).evaluate((input) => {
    const type = (value) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value)
      input.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, data: value }))
    }
    input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    type('たかしま')
    const enter = new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing: true })
    window.enterTaken = !input.dispatchEvent(enter)
  })
  assert.equal(await page.evaluate(() => window.enterTaken), true, 'the Enter of the conversion is taken')
  // Longer than the pause after which typing searches: the browser's own clock, not a guess about the server.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)))
  assert.equal(asked.length, before)
  assert.equal(new URL(page.url()).search + new URL(page.url()).hash, '')
  await search(page).evaluate((input) => input.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: 'たかしま' })))
  await total(page, 11).waitFor()
})
