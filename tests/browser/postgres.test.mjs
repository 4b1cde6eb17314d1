// The five things that a person can do, once on PostgreSQL: come in, import, find, correct, and settle a conflict.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { assertAccessible, desks } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { database, noPostgres } from './harness/postgres.mjs'

if (noPostgres) throw new Error(noPostgres)
const { url, drop } = await database()
const { office, test } = await desks({ rows: 60, extra: { SENGEN_DATABASE_URL: url } })
after(drop)

const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')
const sheet = (page) => page.getByRole('dialog', { name: '登録内容の修正' })

async function correctCity(page, city, reason) {
  await page.getByRole('link', { name: '市区町村を修正する' }).click()
  await sheet(page).getByRole('textbox', { name: '市区町村' }).fill(city)
  await sheet(page).getByRole('radio', { name: '事実の変更' }).check()
  await sheet(page).getByLabel('変わった日').fill('2025-04-01')
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill(reason)
}

test('on PostgreSQL a person comes in, finds, reads, corrects, looks back and settles a conflict', async (desk) => {
  const page = await desk.page()
  await page.goto(`/invitation#${office.firstToken}`)
  await page.getByRole('textbox', { name: 'ログイン名' }).fill('kanri')
  await page.getByRole('textbox', { name: '表示名' }).fill('見本 管理')
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'アカウントを作成する' }).click()
  await page.getByRole('status').filter({ hasText: new RegExp(`^${office.imported.accepted}件$`) }).waitFor()

  for (const typed of ['ｵｰｼｬﾝ', '47000000008', '9 9999 0100 0008']) {
    await page.goto(`/declarations?q=${encodeURIComponent(typed)}`)
    await page.getByRole('status').filter({ hasText: /^1件$/ }).waitFor()
  }
  await page.goto('/declarations?star=TWO&state=ACTIVE')
  await page.getByRole('button', { name: '取組段階: 二つ星' }).waitFor()
  await page.goto('/declarations?q=オーシャン')
  await page.getByRole('link', { name: '株式会社オーシャン歯科医院本店' }).click()
  await fact(page, '市区町村').getByText('みほん市').waitFor()

  const second = await desk.page('second')
  await second.goto(page.url())
  await fact(second, '市区町村').getByText('みほん市').waitFor()
  await correctCity(second, 'ふたり目市', '二人目の届出')

  await correctCity(page, 'うつった市', '移転の届出')
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await fact(page, '市区町村').getByText('うつった市').waitFor()
  const entry = page.getByRole('region', { name: '履歴' }).getByRole('listitem').first()
  await entry.getByText('見本 管理').waitFor()
  await entry.getByText('移転の届出').waitFor()

  await page.getByLabel('基準日').fill('2025-03-31')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  await page.getByText('今と異なる項目が1件あります。').waitFor()

  await sheet(second).getByRole('button', { name: '修正を保存する' }).click()
  const city = sheet(second).getByRole('group', { name: '市区町村' })
  assert.match(await city.innerText(), /みほん市[^]*うつった市[^]*ふたり目市/)
  await assertAccessible(second)
  await city.getByRole('radio', { name: 'あなたの内容にする' }).check()
  await sheet(second).getByRole('button', { name: '選んだ内容で修正する' }).click()
  await fact(second, '市区町村').getByText('ふたり目市').waitFor()
  await second.getByRole('region', { name: '履歴' }).getByRole('listitem').first().getByText(STAFF.second.name).waitFor()
})
