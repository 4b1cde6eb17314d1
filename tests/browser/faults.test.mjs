// What went wrong is said with what was kept and what to do: wrong addresses, a server that fails or is away, a session that ended.
import assert from 'node:assert/strict'
import { assertAccessible, desks } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 30 })
const NUMBER = '47000000008'
const NAME = '株式会社オーシャン歯科医院本店'
const SIGN_OUT = 'mutation { signOut }'

const record = (page) => page.getByRole('heading', { level: 1, name: NAME })
const sheet = (page) => page.getByRole('dialog', { name: '登録内容の修正' })

test('an address that leads nowhere says so and leads back', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/nowhere/at/all')
  await page.getByRole('heading', { level: 1, name: 'ページが見つかりません' }).waitFor()
  await assertAccessible(page)
  for (const id of ['019e4ca0-0000-7000-8000-000000000000', 'x', '47000000008']) {
    await page.goto(`/declarations/${id}`)
    await page.getByRole('heading', { level: 1, name: '宣言が見つかりません' }).waitFor()
  }
  await assertAccessible(page)
  await page.getByRole('link', { name: '宣言の一覧へ' }).click()
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
})

test('a search text of 10,000 characters is refused in a sentence', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('textbox', { name: '検索' }).fill('あ'.repeat(10_000))
  await page.getByRole('heading', { name: 'この条件では検索できません' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: '検索語を消す' }).click()
  await page.getByRole('link', { name: '株式会社つばさ整備' }).waitFor()
})

test('a fault of the server is told with its request id, and trying again works', async (desk) => {
  desk.expect(/500/)
  const page = await desk.page('registrar')
  const id = await office.idOf(NUMBER)
  const requestId = '019e4ca0-1111-7000-8000-000000000001'
  const answer = { data: null, errors: [{ message: 'x', extensions: { code: 'INTERNAL', requestId } }] }
  await page.route('**/graphql', (route) =>
    route.request().postData().includes('query Declaration(') ? route.fulfill({ status: 500, json: answer }) : route.continue())
  await page.goto(`/declarations/${id}`)
  const alert = page.getByRole('alert').filter({ hasText: '表示できませんでした' })
  await alert.getByText(requestId).waitFor()
  await alert.getByRole('button', { name: 'お問い合わせ番号をコピーする' }).waitFor()
  await assertAccessible(page)
  await page.unroute('**/graphql')
  await alert.getByRole('button', { name: 'もう一度試す' }).click()
  await record(page).waitFor()
})

test('a server that is away loses nothing that was typed, and saving again saves once', async (desk) => {
  desk.expect(/ERR_CONNECTION_REFUSED|Failed to load resource/)
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf(NUMBER)}/correct?field=CITY`)
  await sheet(page).getByRole('textbox', { name: '市区町村' }).fill('もどった市')
  await sheet(page).getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill('止まっていた間の修正')
  await office.stop()
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(page).getByRole('alert').getByText('保存できたか確認できませんでした。').waitFor()
  await assertAccessible(page)
  await office.restart()
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '履歴' }).getByText('止まっていた間の修正').waitFor()
  assert.equal(await page.getByRole('region', { name: '履歴' }).getByText('登録内容の修正').count(), 1)
})

test('an answer that was lost on the way is not a second correction', async (desk) => {
  desk.expect(/ERR_FAILED|Failed to load resource/)
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf('47000000009')}/correct?field=CITY`)
  await sheet(page).getByRole('textbox', { name: '市区町村' }).fill('いちど市')
  await sheet(page).getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill('一度だけ')
  await page.route('**/graphql', async (route) => {
    await route.fetch()
    await route.abort()
  }, { times: 1 })
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(page).getByRole('alert').getByText('二重に保存されることはありません。').waitFor()
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('region', { name: '履歴' }).getByText('一度だけ').waitFor()
  assert.equal(await page.getByRole('region', { name: '履歴' }).getByText('一度だけ').count(), 1)
})

test('a session that ends in the middle of work asks to sign in over it, and what was typed stays', async (desk) => {
  // The socket that says who else has the record open ends with the session, and is tried again.
  desk.expect(/WebSocket connection to .* failed/)
  const page = await desk.page('second')
  await page.goto(`/declarations/${await office.idOf('47000000011')}/correct?field=CITY`)
  await sheet(page).getByRole('textbox', { name: '市区町村' }).fill('つづき市')
  await sheet(page).getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill('席を外した')
  await office.ask(SIGN_OUT, {}, await office.cookieOf('second'))
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  const gate = page.getByRole('dialog', { name: 'もう一度ログインしてください' })
  await gate.waitFor()
  await assertAccessible(page)
  assert.equal(await gate.getByRole('textbox', { name: 'ログイン名' }).inputValue(), STAFF.second.login)
  await gate.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await gate.getByRole('button', { name: 'ログインする' }).click()
  await gate.waitFor({ state: 'detached' })
  assert.equal(await sheet(page).getByRole('textbox', { name: '市区町村' }).inputValue(), 'つづき市')
  await sheet(page).getByRole('button', { name: '修正を保存する' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '履歴' }).getByText('席を外した').waitFor()
})

test('an address opened after the session ended is where signing in returns to', async (desk) => {
  const page = await desk.page('viewer')
  await office.ask(SIGN_OUT, {}, await office.cookieOf('viewer'))
  const id = await office.idOf(NUMBER)
  await page.goto(`/declarations/${id}?asOf=2024-01-01`)
  await page.getByRole('heading', { name: 'ログイン' }).waitFor()
  await page.getByRole('textbox', { name: 'ログイン名' }).fill(STAFF.viewer.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await record(page).waitFor()
  assert.ok(page.url().endsWith(`/declarations/${id}?asOf=2024-01-01`), page.url())
})
