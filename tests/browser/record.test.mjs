// One declaration: its facts, its history, and how it was at another time.
import assert from 'node:assert/strict'
import { answer, hold } from './harness/answers.mjs'
import { assertAccessible, desks } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 60 })
const NUMBER = '47000000030'
const NAME = '有限会社ミライシステム２１'

const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')
const history = (page) => page.getByRole('region', { name: '履歴' })
const correctButton = (page) => page.getByRole('button', { name: '修正する', exact: true })

test('a record shows every fact as typed and as read, its warnings, and where it came from', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf(NUMBER)}`)
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor()
  await page.waitForFunction((begin) => document.title.startsWith(begin), `${NAME} 4700 0000 030 `)
  const expected = {
    法人番号: '9 9999 0300 0030',
    フリガナ: 'ﾐﾗｲｼｽﾃﾑ',
    代表者名: '濵田　花子',
    郵便番号: '879-5749',
    都道府県: '東京都',
    資本金: '5,000万円',
    担当者名: '齊藤 誠',
    メール: 'taro..30.@docomo.example.jp',
    電話: '０３－００００－００３０',
  }
  for (const [term, text] of Object.entries(expected)) {
    assert.match(await fact(page, term).innerText(), new RegExp(text.replaceAll('.', '\\.')), term)
  }
  assert.match(await fact(page, '資本金').innerText(), /50,000,000円/)
  await page.getByRole('banner').or(page.getByRole('article')).getByText('メールの形式').first().waitFor()
  await history(page).getByText('旧台帳から登録').waitFor()
  await assertAccessible(page)
})

test('the numbers are copied without their spaces', async (desk) => {
  const page = await desk.page('registrar')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`/declarations/${await office.idOf(NUMBER)}`)
  await page.getByRole('button', { name: '自己宣言IDをコピーする' }).first().click()
  await page.getByText('コピーしました').first().waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), NUMBER)
  await page.getByRole('button', { name: '法人番号をコピーする' }).click()
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) === '9999903000030')

  // Marked with the mouse and copied with the keyboard: the same digits.
  await page.getByText('4700 0000 030', { exact: true }).first().selectText()
  await page.keyboard.press('Control+c')
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), NUMBER)
})

test('on an earlier date: a band says so, differing fields are marked, nothing can be corrected', async (desk) => {
  const id = await office.idOf('47000000008')
  await office.correct(id, 'registrar', { kind: 'CHANGE', since: '2024-04-01', reason: '移転の届出', changes: [{ field: 'CITY', value: 'あたらし市' }] })
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${id}`)
  await fact(page, '市区町村').getByText('あたらし市').waitFor()

  await page.getByLabel('基準日').fill('2024-03-31')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await page.getByText('2024年3月31日(日) 時点の内容を表示しています。').waitFor()
  await page.getByText('今と異なる項目が1件あります。').waitFor()
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  await fact(page, '市区町村').getByText('今と異なる').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('asOf'), '2024-03-31')
  assert.equal(await page.getByRole('link', { name: /を修正する$/ }).count(), 0)
  assert.equal(await correctButton(page).getAttribute('aria-disabled'), 'true')
  await assertAccessible(page)
  await page.keyboard.press('e')
  assert.ok(!page.url().includes('/correct'))

  await page.getByLabel('基準日').fill('2024-04-01')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await page.getByText('登録内容は今と同じです。').waitFor()
  await fact(page, '市区町村').getByText('あたらし市').waitFor()

  await page.goBack()
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  await page.getByRole('link', { name: '今の内容に戻る' }).click()
  await fact(page, '市区町村').getByText('あたらし市').waitFor()
  assert.equal(new URL(page.url()).search, '')
})

test('while another day is asked for, what stands there is marked as not yet it', async (desk) => {
  const id = await office.idOf('47000000011')
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${id}`)
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  const release = await answer(page, { Declaration: hold })
  await page.getByLabel('基準日').fill('2024-03-31')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await page.getByText('2024年3月31日(日) 時点の内容を表示しています。').waitFor()
  const busy = page.locator('[aria-busy=true]').filter({ has: page.getByRole('region', { name: '登録内容' }) })
  await busy.waitFor()
  assert.equal(await page.getByText('登録内容は今と同じです。').count(), 0)
  await release()
  await page.getByText('登録内容は今と同じです。').waitFor()
  assert.equal(await busy.count(), 0)
})

test('the day is picked from a calendar, in the language of the console and not of the browser, with the keyboard alone', async (desk) => {
  const page = await desk.page('registrar', { language: 'en' })
  await page.goto(`/declarations/${await office.idOf(NUMBER)}?asOf=2024-03-31`)
  await page.getByText('You are looking at the record as of Sun, 31 Mar 2024.').waitFor()
  const input = page.getByRole('textbox', { name: 'As of' })
  assert.equal(await input.inputValue(), '2024-03-31')
  await page.getByRole('button', { name: 'Choose from a calendar' }).press('Enter')
  const calendar = page.getByRole('dialog', { name: 'Choose from a calendar' })
  await calendar.getByRole('button', { name: /Sunday,? 31 March 2024/ }).waitFor()
  await page.waitForFunction(() => /31 March 2024/.test(document.activeElement?.getAttribute('aria-label')))
  await assertAccessible(page)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('PageUp')
  await page.keyboard.press('Enter')
  await calendar.waitFor({ state: 'detached' })
  assert.equal(await input.inputValue(), '2024-02-29')
  await page.getByRole('button', { name: 'Show this day' }).click()
  await page.getByText('You are looking at the record as of Thu, 29 Feb 2024.').waitFor()

  await input.fill('２月のおわり')
  await input.press('Enter')
  await page.getByText('This is not a date that can be read.').waitFor()
  assert.equal(await input.getAttribute('aria-invalid'), 'true')
  await assertAccessible(page)
  await input.fill('Ｒ５．４．１')
  await input.press('Enter')
  await page.getByText('You are looking at the record as of Sat, 1 Apr 2023.').waitFor()
})

test('a date before the declaration says that it did not exist yet', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf(NUMBER)}?asOf=2016-01-01`)
  await page.getByText('この日にはまだ宣言されていません。').waitFor()
  await assertAccessible(page)
})

test('as it was recorded up to an entry of its history', async (desk) => {
  const id = await office.idOf('47000000009')
  await office.correct(id, 'registrar', { kind: 'ERROR', reason: '打ち間違い', changes: [{ field: 'CITY', value: 'ただし市' }] })
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${id}`)
  await fact(page, '市区町村').getByText('ただし市').waitFor()
  // An error was wrong from the start: on an earlier date, too, the corrected value holds.
  await page.getByLabel('基準日').fill('2022-01-01')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await page.getByText('登録内容は今と同じです。').waitFor()
  await fact(page, '市区町村').getByText('ただし市').waitFor()
  await page.getByRole('link', { name: '今の内容に戻る' }).click()

  await page.getByRole('link', { name: /^この時点の記録で見る.*旧台帳から登録$/ }).click()
  await page.getByText(/^記録番号 \d+ までの記録で表示しています。$/).waitFor()
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  await fact(page, '市区町村').getByText('今と異なる').waitFor()
  assert.match(page.url(), /recordedUpTo=\d+/)
  await assertAccessible(page)
})

test('printed, a record is black on white, on its own, with date and person', async (desk) => {
  const page = await desk.page('registrar', { theme: 'dark' })
  await page.goto(`/declarations/${await office.idOf(NUMBER)}`)
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor()
  await page.emulateMedia({ media: 'print' })
  await page.getByText(new RegExp(`^印刷: \\d{4}年.*（令和\\d+年.*） ${STAFF.registrar.name}$`)).waitFor()
  assert.equal(await page.getByRole('textbox', { name: '検索' }).isVisible(), false)
  assert.equal(await correctButton(page).isVisible(), false)
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.match(ground, /^rgb\(255, 255, 255\)$|^rgba\(0, 0, 0, 0\)$/)
  const ink = await page.getByRole('heading', { level: 1 }).evaluate((heading) => getComputedStyle(heading).color)
  assert.equal(ink, 'rgb(0, 0, 0)')
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  assert.match(pdf, /\/MediaBox \[0 0 59[45]\S* 84[12]\S*\]/, 'A4 portrait')
})
