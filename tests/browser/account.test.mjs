// アカウント: what is one's own, the devices that one is signed in on, and ending those that one does not know.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'
const sessions = (page) => page.getByRole('region', { name: 'ログイン中の端末' })
const items = (page) => sessions(page).getByRole('listitem')

/** The same person once more, on another device; answers its cookie. */
async function signIn(who, userAgent) {
  await office.cookieOf(who)
  const body = JSON.stringify({ query: 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', variables: { input: { login: STAFF[who].login, password: PASSWORD } } })
  const response = await fetch(`${office.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', origin: office.url, 'user-agent': userAgent }, body })
  assert.equal((await response.json()).data.signIn.__typename, 'Session')
  return response.headers.getSetCookie()[0].split(';')[0]
}

const holds = async (cookie) => (await office.ask('{ session { staff { id } } }', {}, cookie)).data.session !== null

async function open(desk, who, options = {}) {
  const page = await desk.page(who, options)
  await page.goto('/account')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

test('by keyboard from the menu of the person to their account: name, sign-in name, roles, and this device', async (desk) => {
  const page = await desk.page('viewer')
  await page.goto('/declarations')
  await page.getByRole('button', { name: '見本 みえ子さんのメニュー' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'アカウント', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'アカウント' }).waitFor()
  await page.getByRole('button', { name: 'ログアウトする' }).waitFor({ state: 'hidden' })
  assert.equal(await page.title(), 'アカウント — 宣言 Sengen')
  const facts = page.getByRole('region', { name: '登録の内容' })
  await facts.getByText(STAFF.viewer.name).waitFor()
  await facts.getByText(STAFF.viewer.login).waitFor()
  await facts.getByText('閲覧者', { exact: true }).waitFor()
  await items(page).first().getByText('この端末').waitFor()
  await sessions(page).getByText('ほかにログイン中の端末はありません。').filter({ visible: true }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'ほかのすべてのログインを終了' }).getAttribute('aria-disabled'), 'true')
  await assertAccessible(page)
})

test('devices are told in words; one is ended by keyboard, then all others after a question, and this one stays', async (desk) => {
  const [firefox, iphone, other] = [await signIn('second', FIREFOX), await signIn('second', IPHONE), await signIn('second', 'curl/8.5.0')]
  const page = await open(desk, 'second')
  assert.equal(await items(page).count(), 4)
  await items(page).first().getByText('この端末').waitFor()
  await items(page).filter({ hasText: 'iPhone の Safari' }).getByText('接続元: 127.0.0.1').waitFor()
  await items(page).filter({ hasText: 'curl/8.5.0' }).waitFor()
  await page.getByRole('button', { name: /^Windows の Firefoxのログインを終了/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Windows の Firefoxのログインを終了しました。').waitFor()
  await items(page).nth(3).waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement.textContent === 'ログイン中の端末')
  assert.equal(await holds(firefox), false)
  assert.equal(await holds(iphone), true)
  await page.getByRole('button', { name: 'ほかのすべてのログインを終了' }).click()
  const question = page.getByRole('alertdialog', { name: 'ほかのすべてのログインを終了しますか' })
  await question.getByText('この端末以外の2件のログインがすぐに切れます。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'account-end-others')
  await question.getByRole('button', { name: 'すべて終了する' }).click()
  await page.getByText('ほかの2件のログインを終了しました。').waitFor()
  await items(page).nth(1).waitFor({ state: 'detached' })
  assert.deepEqual([await holds(iphone), await holds(other), await holds(await office.cookieOf('second'))], [false, false, true])
  await page.reload()
  await items(page).first().getByText('この端末').waitFor()
})

test('a session that was over already is said to be, and what fails is told with the rest of the page in place', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  await signIn('registrar', FIREFOX)
  const page = await desk.page('registrar')
  const release = await answer(page, { OwnSessions: hold })
  await page.goto('/account')
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  await items(page).nth(1).waitFor()
  let end = await answer(page, { EndOwnSession: fault('INTERNAL') })
  await items(page).nth(1).getByRole('button').click()
  await sessions(page).getByRole('alert').getByText('受け付けられませんでした。').waitFor()
  await assertAccessible(page)
  await end()
  end = await answer(page, { EndOwnSession: { json: { data: { endOwnSession: false } } } })
  await items(page).nth(1).getByRole('button').click()
  await page.getByText('そのログインは、すでに終了していました。').waitFor()
  await end()
  end = await answer(page, { OwnSessions: fault('INTERNAL') })
  await page.goto('/account')
  await sessions(page).getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await page.getByRole('region', { name: '登録の内容' }).getByText(STAFF.registrar.login).waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await items(page).first().waitFor()
})

for (const language of LANGUAGES) {
  test(`the account is accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    await signIn('chief', FIREFOX)
    await signIn('chief', IPHONE)
    const page = await open(desk, 'chief', { language })
    await page.getByText(say(w.account.device, { system: 'iPhone', browser: 'Safari' })).first().waitFor()
    await assertLooks(page, 'account-1280', language)
    await page.getByRole('button', { name: say(w.top.me, { name: STAFF.chief.name }) }).click()
    await page.getByRole('link', { name: w.top.account, exact: true }).waitFor()
    await screenshot(page, `account-menu-${language}`)
    await assertAccessible(page)
  })
}

for (const width of [320, 640, 1920]) {
  test(`at ${width} px the account does not scroll sideways`, async (desk) => {
    await signIn('deputy', FIREFOX)
    const page = await open(desk, 'deputy', { size: { width, height: 640 } })
    await assertFits(page)
    await assertAccessible(page)
    await page.screenshot({ path: new URL(`./out/account-${width}.png`, import.meta.url).pathname, fullPage: true })
  })
}
