// An office that asks everybody for a second factor: whoever has none sets one up, and then gets to where they wanted.
import assert from 'node:assert/strict'
import { answer, fault } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { device } from './harness/passkey.mjs'
import { codeOf } from './harness/totp.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { test } = await desks({ rows: 5, extra: { SENGEN_STAFF_REQUIRE_SECOND_FACTOR: 'true' } })

test('whoever has no second factor is led to setting one up, by keyboard, and then to where they wanted', async (desk) => {
  const page = await desk.page('second')
  await page.goto('/declarations?star=TWO')
  await page.getByRole('heading', { level: 1, name: '確認コードまたはパスキーの設定' }).waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0, 'nothing of the console around it')
  await page.goto('/settings/staff')
  await page.getByRole('heading', { level: 1, name: '確認コードまたはパスキーの設定' }).waitFor()
  await page.goto('/declarations?star=TWO')
  await page.getByRole('button', { name: '設定する' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: '確認コードのアプリで読み取る図' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('textbox', { name: '確認コード' }).fill('000000')
  await page.keyboard.press('Enter')
  await page.getByText('コードが違います。').waitFor()
  const secret = await page.locator('code').textContent()
  await page.getByRole('textbox', { name: '確認コード' }).fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await page.getByText('復旧コードを表示するのは、この一度だけです。').waitFor()
  await assertAccessible(page)
  await page.getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  assert.equal(new URL(page.url()).search, '?star=TWO')
  await page.goto('/second-factor')
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
})

test('signing out leads back to the sign-in page, and signing in comes here again', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/')
  await page.getByRole('button', { name: 'ログアウトする' }).click()
  await page.getByRole('heading', { level: 1, name: 'ログイン' }).waitFor()
  await page.goto('/second-factor')
  await page.getByRole('heading', { level: 1, name: 'ログイン' }).waitFor()
  await page.getByLabel('ログイン名').fill(STAFF.registrar.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await page.getByRole('heading', { level: 1, name: '確認コードまたはパスキーの設定' }).waitFor()
})

test('a fault while setting up is told, and tried again', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('deputy')
  const end = await answer(page, { BeginTotp: fault('INTERNAL') })
  await page.goto('/')
  await page.getByRole('button', { name: '設定する' }).click()
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await page.getByRole('img', { name: '確認コードのアプリで読み取る図' }).waitFor()
})

for (const language of LANGUAGES) {
  test(`it is accessible in both themes, and fits where it is narrow: ${language}`, async (desk) => {
    const w = words[language]
    const page = await desk.page('viewer', { language, size: { width: 320, height: 640 } })
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: w.secondFactorFirst.title }).waitFor()
    await assertLooks(page, 'second-factor-first', language)
    await page.getByRole('button', { name: w.secondFactor.setUp }).click()
    await page.getByRole('img', { name: w.setUp.picture }).waitFor()
    await assertFits(page)
    await screenshot(page, `second-factor-first-set-up-${language}`)
  })
}

test('a passkey is enough instead; from then on the password leads to it', async (desk) => {
  const page = await desk.page('support')
  await device(page)
  await page.goto('/declarations?star=TWO')
  await page.getByRole('heading', { level: 1, name: '確認コードまたはパスキーの設定' }).waitFor()
  await page.getByRole('button', { name: 'パスキーを追加' }).click()
  const box = page.getByRole('dialog', { name: 'パスキーの追加' })
  await box.getByRole('textbox', { name: '名前' }).fill('事務所のノートPC')
  await box.getByRole('button', { name: '端末で確認に進む' }).click()
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  assert.equal(new URL(page.url()).search, '?star=TWO')
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByLabel('ログイン名').fill(STAFF.support.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await page.getByRole('status').getByText('パスワードを確認しました。続けてパスキーでログインしてください。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'sign-in-passkey-needed')
  await page.getByRole('button', { name: 'パスワードの入力に戻る' }).click()
  assert.equal(await page.getByRole('textbox', { name: 'パスワード' }).inputValue(), '')
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'パスキーでログイン' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  await page.goto('/account')
  await page.getByText('方法: パスキー').waitFor()
})
