// 設定 › プログラム用トークン: a token is issued, shown once and used by a program, revoked and refused; and who may not.
import assert from 'node:assert/strict'
import { answer, fault, hold, unproved } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const LIST = '/settings/tokens'
const sheet = (page) => page.getByRole('dialog')
const table = (page) => page.getByRole('table', { name: 'プログラム用トークンの一覧' })
const rowOf = (page, name) => table(page).getByRole('row').filter({ hasText: name })

async function open(desk, path = LIST, who = 'chief', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
  await settled(page)
  return page
}

async function issue(name, scopes = ['READ_DECLARATIONS']) {
  const input = { commandId: crypto.randomUUID(), name, scopes, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }
  const { data } = await office.ask('mutation ($input: IssueApiTokenInput!) { issueApiToken(input: $input) { __typename ... on ApiTokenIssued { id token } } }', { input }, await office.cookieOf('deputy'))
  assert.equal(data.issueApiToken.__typename, 'ApiTokenIssued')
  return data.issueApiToken
}

/** What a program gets. */
const statusOf = async (token) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const query = 'query Example { declarations(first: 10) { ... on DeclarationConnection { nodes { id number } } } }'
  const response = await fetch(`${office.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  if (response.status === 200) assert.ok((await response.json()).data.declarations.nodes.length > 0)
  return response.status
}

test('a token is issued by keyboard, shown once, used by a program, and revoked', async (desk) => {
  const page = await open(desk, '/settings/calendar')
  await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: 'プログラム用トークン' }).click()
  await page.getByRole('heading', { name: 'トークンはまだありません' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: 'トークンを発行' }).click()
  const save = () => sheet(page).getByRole('button', { name: '発行する' }).click()
  await save()
  await sheet(page).getByRole('group', { name: '入力を確認してください（2件）' }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('link', { name: '読み取れる範囲を一つ以上選んでください。' }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'scope-READ_DECLARATIONS')
  await page.keyboard.press('Space')
  await sheet(page).locator('#name').fill('見本県 補助金システム')
  await sheet(page).locator('#expiresAt').fill('2020-01-01')
  await save()
  await sheet(page).locator('#expiresAt[aria-invalid=true]').waitFor()
  await sheet(page).locator('#expiresAt').fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10))
  await sheet(page).locator('#name').focus()
  await page.keyboard.press('Enter')
  await sheet(page).getByText('トークンを表示するのは、この一度だけです。').waitFor()
  const token = await sheet(page).locator('code').textContent()
  assert.match(token, /^sengen_[\w-]{43}$/)
  await page.waitForFunction(() => document.activeElement.textContent === '見本県 補助金システム')
  await assertAccessible(page)
  await screenshot(page, 'token-shown-ja')

  // Neither a slip of a key nor the way back loses it.
  await page.keyboard.press('Escape')
  assert.equal(await sheet(page).locator('code').textContent(), token)
  await page.goBack()
  const leaving = page.getByRole('alertdialog', { name: 'トークンを保管しましたか' })
  await leaving.getByRole('button', { name: 'この画面に残る' }).click()
  await leaving.waitFor({ state: 'detached' })
  await sheet(page).getByRole('button', { name: '終了する' }).click()
  await sheet(page).getByText('保管してから、この欄を選んでください。').waitFor()
  await sheet(page).getByRole('checkbox', { name: 'トークンを保管しました' }).check()
  await sheet(page).getByRole('button', { name: '終了する' }).click()
  await sheet(page).waitFor({ state: 'detached' })

  const row = rowOf(page, '見本県 補助金システム')
  for (const text of ['宣言の読み取り', '有効', 'まだ使われていません', STAFF.chief.name]) await row.getByText(text, { exact: true }).waitFor()
  assert.equal(await page.getByText(token).count(), 0)
  assert.equal(await statusOf(token), 200)
  await page.reload()
  await row.waitFor()
  assert.equal(await row.getByText('まだ使われていません').count(), 0)
  await assertAccessible(page)

  await page.getByRole('button', { name: '「見本県 補助金システム」のトークンを取り消す' }).focus()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: 'トークンを取り消しますか' })
  await question.getByText('「見本県 補助金システム」のプログラムは、すぐに読み取れなくなります。').waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '取り消す', exact: true }).click()
  await page.getByText('「見本県 補助金システム」のトークンを取り消しました。').waitFor()
  await row.getByText('取り消し済み').waitFor()
  await row.getByText(new RegExp(`${STAFF.chief.name}が取り消し`)).waitFor()
  assert.equal(await row.getByRole('button').count(), 0)
  assert.equal(await statusOf(token), 401)
  await assertAccessible(page)
})

test('whoever signed in long ago proves once more who they are, and the token is issued without asking again', async (desk) => {
  // Somebody of their own: proving it gives the session another token, and others sign in with the one before.
  const input = { token: await office.invite('administrator'), login: 'mihon-shomei', name: '見本 証子', password: PASSWORD }
  const { cookie } = await office.ask('mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }', { input })
  const page = await desk.page()
  const [cookieName, value] = cookie.split('=')
  await page.context().addCookies([{ name: cookieName, value, url: office.url, httpOnly: true }])
  await page.goto(`${LIST}/issue`)
  await sheet(page).locator('#name').fill('見本市 統計')
  await sheet(page).getByRole('checkbox', { name: '個人情報の読み取り（記録されます）' }).check()
  const end = await answer(page, unproved('IssueApiToken'))
  await sheet(page).getByRole('button', { name: '発行する' }).click()
  const proof = page.getByRole('dialog', { name: '本人の確認' })
  await proof.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await assertAccessible(page)
  await end()
  await page.keyboard.press('Enter')
  await sheet(page).getByText('トークンを表示するのは、この一度だけです。').waitFor()
})

test('who may not is told which right opens it, and the settings do not lead there', async (desk) => {
  const page = await open(desk, LIST, 'registrar')
  await page.getByRole('heading', { level: 1, name: '権限がありません' }).waitFor()
  await page.getByText('「プログラム用トークンの管理」の権限が必要です。').waitFor()
  assert.equal(await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: 'プログラム用トークン' }).count(), 0)
  await assertAccessible(page)
})

test('while it loads everything stands in its place; what fails says so, and an answer that was lost is told', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from|ERR_FAILED/)
  await issue('見本庁 点検')
  const page = await desk.page('chief')
  const release = await answer(page, { ApiTokens: hold })
  await page.goto(LIST)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  await rowOf(page, '見本庁 点検').waitFor()
  let end = await answer(page, { ApiTokens: fault('INTERNAL') })
  await page.goto(LIST)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await rowOf(page, '見本庁 点検').waitFor()
  end = await answer(page, { RevokeApiToken: 'away' })
  await page.getByRole('button', { name: '「見本庁 点検」のトークンを取り消す' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '取り消す', exact: true }).click()
  await page.getByRole('alert').first().waitFor()
  await assertAccessible(page)
  await end()
  await rowOf(page, '見本庁 点検').getByText('有効', { exact: true }).waitFor()
})

for (const language of LANGUAGES) {
  test(`tokens and their sheet are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    await issue(`見本町 ${language}`, ['READ_DECLARATIONS', 'READ_PERSONAL'])
    const page = await open(desk, LIST, 'chief', { language })
    await page.getByRole('heading', { level: 1, name: w.settings.tokens }).waitFor()
    await assertLooks(page, 'tokens-1280', language)
    await page.goto(`${LIST}/issue`)
    await sheet(page).getByRole('checkbox', { name: w.tokens.scope.READ_PERSONAL }).waitFor()
    await assertLooks(page, 'token-issue', language)
  })
}

test('at 320 px tokens do not scroll sideways and nothing is lost', async (desk) => {
  await issue('見本県 とてもながいなまえのきかんの とてもながいなまえのプログラム')
  const page = await open(desk, LIST, 'chief', { size: { width: 320, height: 640 } })
  for (const path of [LIST, `${LIST}/issue`]) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
    await settled(page)
    await assertFits(page)
    await assertAccessible(page)
  }
})
