// Two people on one record: each sees that the other is there, a change by one appears at the other, and a form says that its ground moved.
import assert from 'node:assert/strict'
import { assertAccessible, assertLooks, desks } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 60 })

const sheet = (page) => page.getByRole('dialog', { name: '登録内容の修正' })
const alsoOpen = (page, who) => page.getByRole('status').getByText(`${STAFF[who].name}さんもこの宣言を開いています`)
const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')

async function open(desk, number, who, options) {
  const page = await desk.page(who, options)
  await page.goto(`/declarations/${await office.idOf(number)}`)
  await page.getByRole('button', { name: '修正する', exact: true }).waitFor()
  return page
}

async function correctCity(page, city) {
  await page.getByRole('link', { name: '市区町村を修正する' }).click()
  await sheet(page).getByRole('textbox', { name: '市区町村' }).fill(city)
  await sheet(page).getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill('本人からの電話で確認')
}

test('each sees the other, and whoever leaves is gone', async (desk) => {
  const one = await open(desk, '47000000008', 'registrar')
  const two = await open(desk, '47000000008', 'second')
  await alsoOpen(one, 'second').waitFor()
  await alsoOpen(two, 'registrar').waitFor()
  await assertLooks(one, 'watching', 'ja')
  await two.goto('/declarations')
  await alsoOpen(one, 'second').waitFor({ state: 'detached' })
})

test('what one changes appears at the other without asking, with the name of whoever changed it', async (desk) => {
  const one = await open(desk, '47000000009', 'registrar')
  const two = await open(desk, '47000000009', 'second')
  await alsoOpen(one, 'second').waitFor()
  await correctCity(two, 'となり市')
  await sheet(two).getByRole('button', { name: '修正を保存する' }).click()
  await fact(one, '市区町村').getByText('となり市').waitFor()
  await one.getByText(`${STAFF.second.name}さんの変更を反映しました。`).waitFor()
  // Whoever made it is told so once, as theirs.
  await two.getByText(/の登録内容を修正しました。$/).waitFor()
  assert.equal(await two.getByText(/さんの変更を反映しました。$/).count(), 0)
})

test('a form in progress says that its ground moved, and keeps what was typed', async (desk) => {
  const one = await open(desk, '47000000011', 'registrar')
  await correctCity(one, 'わたしの市')
  const two = await open(desk, '47000000011', 'second')
  await correctCity(two, 'あなたの市')
  await sheet(two).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(two).waitFor({ state: 'detached' })
  await sheet(one).getByText('入力している間に、この宣言が変更されました。', { exact: false }).waitFor()
  assert.equal(await sheet(one).getByRole('textbox', { name: '市区町村' }).inputValue(), 'わたしの市')
  await assertAccessible(one)
  await sheet(one).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(one).getByText('あなたの市').first().waitFor()
})
