// How people come in: the first administrator by the one-time link, everybody else by name and password.
import assert from 'node:assert/strict'
import { assertAccessible, desks } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 30 })
const list = (page) => page.getByRole('heading', { level: 1, name: '宣言' })

async function fillSignIn(page, login, password) {
  await page.getByLabel('ログイン名').fill(login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(password)
  await page.getByRole('button', { name: 'ログインする' }).click()
}

test('the one-time link makes the first administrator, once', async (desk) => {
  const page = await desk.page()
  await page.goto(`/invitation#${office.firstToken}`)
  await page.getByText('管理者として招待されています').waitFor()
  await page.getByRole('button', { name: 'アカウントを作成する' }).click()
  await page.getByRole('group', { name: '入力を確認してください（3件）' }).waitFor()
  await assertAccessible(page)

  await page.getByLabel('ログイン名').fill('kanri')
  await page.getByLabel('表示名').fill('見本 管理')
  await page.getByRole('textbox', { name: 'パスワード' }).fill('みじかい')
  await page.getByRole('button', { name: 'アカウントを作成する' }).click()
  await page.getByRole('link', { name: 'パスワードは15文字以上にしてください（いま4文字）。' }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'password')
  await page.keyboard.type(PASSWORD)
  await page.getByRole('button', { name: 'アカウントを作成する' }).click()
  await list(page).waitFor()
  assert.ok(!page.url().includes('#'), 'the token is gone from the address')
  await page.getByRole('button', { name: '見本 管理さんのメニュー' }).click()
  await page.getByText('管理者', { exact: true }).waitFor()

  const again = await desk.page()
  await again.goto(`/invitation#${office.firstToken}`)
  await again.getByRole('heading', { name: 'この招待リンクは使えません' }).waitFor()
  await assertAccessible(again)
})

test('signing out and in again returns to the list, and the old session is worth nothing', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await list(page).waitFor()
  const cookie = await office.cookieOf('registrar')
  await page.getByRole('button', { name: `${STAFF.registrar.name}さんのメニュー` }).click()
  await page.getByRole('button', { name: 'ログアウトする' }).click()
  await page.getByRole('heading', { name: 'ログイン' }).waitFor()
  const { data } = await office.ask('{ session { expiresAt } }', {}, cookie)
  assert.equal(data.session, null)

  await fillSignIn(page, STAFF.registrar.login, PASSWORD)
  await list(page).waitFor()
})

test('a wrong password says no more than that, and empties the password', async (desk) => {
  await office.cookieOf('second')
  const page = await desk.page()
  await page.goto('/sign-in')
  await fillSignIn(page, STAFF.second.login, 'ちがう合言葉です 春夏秋冬')
  await page.getByRole('alert').filter({ hasText: 'ログイン名かパスワードが違います' }).waitFor()
  const password = page.getByRole('textbox', { name: 'パスワード' })
  assert.equal(await password.inputValue(), '')
  assert.ok(await password.evaluate((input) => input === document.activeElement))
  await assertAccessible(page)
})

test('an address asked for without a session is where signing in leads', async (desk) => {
  await office.cookieOf('second')
  const page = await desk.page()
  await page.goto('/declarations?star=TWO&sort=NUMBER_ASC')
  await page.getByText('ログインすると、元の画面に戻ります。').waitFor()
  // The attempts before may have earned a short wait; the button then says so and the form waits for it.
  await page.getByRole('button', { name: 'ログインする', disabled: false }).waitFor()
  await fillSignIn(page, STAFF.second.login, PASSWORD)
  await list(page).waitFor()
  assert.equal(new URL(page.url()).search, '?star=TWO&sort=NUMBER_ASC')
})
