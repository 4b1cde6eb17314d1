// What auditors are told of ways in, one's own address, accounts of one person, and what asks once more who one is.
import assert from 'node:assert/strict'
import { answer, fault, unproved } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { mailedToken } from './harness/mail.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })
const NARROW = { width: 320, height: 640 }
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true })

async function visit(desk, path, who, options = {}) {
  const page = await desk.page(who, options)
  // The browser asks before each request only from the first one on: not while a key is being pressed.
  await answer(page, {})
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

const idOf = async (who) => (await office.ask('{ session { staff { id } } }', {}, await office.cookieOf(who))).data.session.staff.id

async function refusedSignIn(login) {
  await office.ask('mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', { input: { login, password: 'wrong wrong wrong' } })
}

/** The requests of one operation from now on. */
function asks(page, operation) {
  const found = []
  page.on('request', (request) => request.postData()?.includes(`mutation ${operation}(`) && found.push(request))
  return found
}

async function prove(page, end) {
  const box = page.getByRole('dialog', { name: '本人の確認' })
  await box.waitFor()
  await end()
  await box.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await box.getByRole('button', { name: '確認して続ける' }).click()
  await box.waitFor({ state: 'hidden' })
}

test('an auditor finds who did not get in, of all, by what happened, and by account', async (desk) => {
  await office.cookieOf('viewer')
  await refusedSignIn('nobody-here')
  await refusedSignIn(STAFF.viewer.login)
  const page = await visit(desk, '/audit', 'auditor')
  await page.getByRole('navigation', { name: words.ja.audit.views }).getByRole('link', { name: 'ログインと権限の記録' }).click()
  await heading(page, 'ログインと権限の記録').waitFor()
  assert.equal(await page.title(), 'ログインと権限の記録 — 監査 — 宣言 Sengen')
  const table = page.getByRole('table', { name: 'ログインと権限の記録' })
  const unknown = table.getByRole('row').filter({ hasText: '存在しないログイン名' })
  await unknown.getByText(/^不明（記号: [0-9a-f]{8}）$/).waitFor()
  await unknown.getByText('127.0.0.1').waitFor()
  assert.equal(await page.getByText('nobody-here').count(), 0)
  await assertAccessible(page)
  await screenshot(page, 'audit-security')

  await page.getByRole('combobox', { name: '出来事' }).selectOption({ label: 'ログインの拒否' })
  await page.waitForURL(/\?kind=SIGN_IN_REFUSED$/)
  await table.getByRole('row').filter({ hasNotText: 'ログインの拒否' }).nth(1).waitFor({ state: 'detached' })
  await settled(page)
  assert.equal(await table.getByRole('row').filter({ hasNotText: 'ログインの拒否' }).count(), 1, 'the head only')
  await table.getByRole('row').filter({ hasText: 'パスワードの間違い' }).getByRole('link', { name: STAFF.viewer.name }).click()
  await page.waitForURL(/staff=[0-9a-f-]{36}/)
  await table.getByRole('row').nth(2).waitFor({ state: 'detached' })
  await settled(page)
  assert.equal(await table.getByRole('row').count(), 2)
  await page.reload()
  await settled(page)
  assert.equal(await table.getByRole('row').count(), 2)
  await page.getByRole('navigation', { name: words.ja.audit.time }).getByRole('link', { name: '30日間' }).click()
  await page.waitForURL(/kind=SIGN_IN_REFUSED/)
  await settled(page)
  // On paper the form is not there: that it is not the whole is told anyway.
  await page.emulateMedia({ media: 'print' })
  await page.getByText(`から現在まで・ログインの拒否・${STAFF.viewer.name}（${STAFF.viewer.login}）`).waitFor()
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('combobox', { name: '出来事' }).selectOption({ label: 'アカウントの再開' })
  await page.getByRole('heading', { name: 'この条件の記録はありません' }).waitFor()
})

test('who has no right sees a page that names it', async (desk) => {
  const page = await visit(desk, '/audit/security', 'registrar')
  await heading(page, words.ja.fault.noRightTitle).waitFor()
  await page.getByRole('alert').getByText(words.ja.permission.READ_AUDIT).waitFor()
  assert.equal(await page.getByRole('table').count(), 0)
})

test('while accounts cannot be loaded nothing is said about them that is not so, and they are asked for again', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const id = await idOf('support')
  const cookie = await office.cookieOf('chief')
  const linked = await office.ask('mutation ($commandId: ID!, $staffId: ID!, $sameAs: ID) { linkPerson(commandId: $commandId, staffId: $staffId, sameAs: $sameAs) { __typename } }', { commandId: crypto.randomUUID(), staffId: id, sameAs: await idOf('second') }, cookie)
  assert.equal(linked.data.linkPerson.__typename, 'PersonLinked', JSON.stringify(linked))
  const page = await desk.page('chief')
  const end = await answer(page, { StaffAccounts: fault('INTERNAL') })
  await page.goto(`/settings/staff/${id}`)
  const section = page.getByRole('region', { name: '同じ人のアカウント' })
  await section.getByRole('alert').getByText(words.ja.samePerson.noAccounts).waitFor()
  await section.getByText(words.ja.samePerson.unnamed).waitFor()
  await section.getByRole('button', { name: '指定を変える' }).click()
  const box = page.getByRole('dialog', { name: `${STAFF.support.name}さんの別のアカウント` })
  await box.getByRole('alert').getByText(words.ja.samePerson.noAccounts).waitFor()
  assert.equal(await box.getByRole('combobox').locator('option:checked').textContent(), words.ja.samePerson.unnamed)
  await assertAccessible(page)
  await end()
  await box.getByRole('button', { name: 'もう一度試す' }).click()
  await box.getByRole('option', { name: STAFF.second.name }).waitFor({ state: 'attached' })
  assert.equal(await box.getByRole('alert').count(), 0)
  assert.equal(await box.getByRole('combobox').locator('option:checked').textContent(), `${STAFF.second.name}（${STAFF.second.login}）`)
  await box.getByRole('button', { name: words.ja.action.cancel }).click()
  await section.getByText(`${STAFF.second.name}（${STAFF.second.login}）`).waitFor()
})

test('what does not come is told, and asked for again', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('auditor')
  const end = await answer(page, { SecurityRecords: fault('INTERNAL') })
  await page.goto('/audit/security')
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await page.getByRole('table', { name: 'ログインと権限の記録' }).waitFor()
})

test('too much at once is told as what it is', async (desk) => {
  desk.expect(/Failed to load resource/)
  const page = await desk.page('auditor')
  await answer(page, { SecurityRecords: fault('RATE_LIMITED', {}, 429) })
  await page.goto('/audit/security')
  await page.getByRole('alert').getByText('短い時間に続けて操作されたため、いったん止めています。').waitFor()
})

test('by keyboard: another mail address is asked for, and counts when its link was opened', async (desk) => {
  const page = await visit(desk, '/account', 'second')
  const section = page.getByRole('region', { name: 'メールアドレス' })
  await section.getByText('登録されていません。').waitFor()
  await section.getByRole('button', { name: '変更する' }).focus()
  await page.keyboard.press('Enter')
  const box = page.getByRole('dialog', { name: 'メールアドレスの変更' })
  await box.getByRole('textbox', { name: '新しいメールアドレス' }).focus()
  await page.keyboard.press('Enter')
  await box.getByText('新しいメールアドレスを入力してください。').waitFor()
  await box.getByRole('textbox', { name: '新しいメールアドレス' }).fill('kotoba')
  await page.keyboard.press('Enter')
  await box.getByText('メールアドレスの形になっていません。').waitFor()
  await assertAccessible(page)
  await box.getByRole('textbox', { name: '新しいメールアドレス' }).fill('jiro-new@example.jp')
  const end = await answer(page, unproved('RequestMailChange'))
  await box.getByRole('textbox', { name: '新しいメールアドレス' }).press('Enter')
  const asked = asks(page, 'RequestMailChange')
  await prove(page, end)
  await section.getByText(/^受け付けました。/).waitFor()
  assert.equal(asked.length, 1)
  await section.getByText('登録されていません。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'account-mail-sent')
  await page.goto(`/account/mail#${await mailedToken(office, 'jiro-new@example.jp', 'account/mail')}`)
  await heading(page, 'メールアドレスの確認').waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: 'メールアドレスを変更する' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('メールアドレスを jiro-new@example.jp に変更しました。').waitFor()
  await screenshot(page, 'account-mail-confirmed')
  await page.getByRole('link', { name: 'アカウントの画面へ' }).click()
  await section.getByText('jiro-new@example.jp').waitFor()
})

test('whoever is not signed in comes to the link by signing in, and its token is in no address that is asked for', async (desk) => {
  const document = 'mutation ($mail: String!) { requestMailChange(mail: $mail) { __typename } }'
  const { data } = await office.ask(document, { mail: 'hanako-new@example.jp' }, await office.cookieOf('registrar'))
  assert.equal(data.requestMailChange.__typename, 'MailLinkSent')
  const token = await mailedToken(office, 'hanako-new@example.jp', 'account/mail')
  const page = await desk.page()
  const asked = []
  page.on('request', (request) => asked.push(request.url().split('#')[0], request.headers().referer ?? ''))
  await page.goto(`/account/mail#${token}`)
  await heading(page, 'ログイン').waitFor()
  await page.reload()
  await page.getByLabel('ログイン名').fill(STAFF.registrar.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await heading(page, 'メールアドレスの確認').waitFor()
  await page.getByRole('button', { name: 'メールアドレスを変更する' }).click()
  await page.getByText('メールアドレスを hanako-new@example.jp に変更しました。').waitFor()
  assert.deepEqual(asked.filter((url) => url.includes(token)), [])
})

test('a link that is no good says so', async (desk) => {
  const page = await visit(desk, '/account/mail#nonsense', 'registrar')
  await page.getByRole('button', { name: 'メールアドレスを変更する' }).click()
  await page.getByRole('alert').getByText('このリンクは使えません。').waitFor()
  await assertAccessible(page)
})

test('an account is said to be of the same person as another, after proving who one is', async (desk) => {
  await office.cookieOf('support')
  const page = await visit(desk, `/settings/staff/${await idOf('approver')}`, 'chief')
  const section = page.getByRole('region', { name: '同じ人のアカウント' })
  await section.getByText('なし', { exact: true }).waitFor()
  await section.getByRole('button', { name: '指定を変える' }).click()
  const box = page.getByRole('dialog', { name: `${STAFF.approver.name}さんの別のアカウント` })
  await box.getByRole('combobox', { name: '同じ人のアカウント' }).selectOption({ label: `${STAFF.support.name}（${STAFF.support.login}）` })
  await assertAccessible(page)
  await screenshot(page, 'staff-same-person')
  const end = await answer(page, unproved('LinkPerson'))
  await box.getByRole('button', { name: '指定する' }).click()
  const asked = asks(page, 'LinkPerson')
  await prove(page, end)
  await section.getByText(`${STAFF.support.name}（${STAFF.support.login}）`).waitFor()
  assert.equal(asked.length, 1)
  await page.getByRole('region', { name: '記録' }).getByText('同じ人のアカウントの指定').waitFor()
})

test('disabling an account, other roles and a sheet ask who one is, and go on by themselves', async (desk) => {
  await office.cookieOf('viewer')
  const id = await idOf('viewer')
  const page = await visit(desk, `/settings/staff/${id}`, 'deputy')
  let end = await answer(page, unproved('DisableStaff'))
  await page.getByRole('button', { name: words.ja.staff.disable, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('radio').first().check()
  await page.getByRole('alertdialog').getByRole('button', { name: words.ja.staff.disable }).click()
  await prove(page, end)
  await page.getByText(words.ja.staff.disabled.replace('{{name}}', STAFF.viewer.name)).waitFor()
  end = await answer(page, unproved('ChangeStaffRoles'))
  await page.getByRole('link', { name: words.ja.staff.changeRoles }).click()
  await page.getByRole('dialog').getByRole('checkbox', { name: words.ja.role.SUPPORT }).check()
  await page.getByRole('dialog').getByRole('button', { name: words.ja.staffRoles.save }).click()
  await prove(page, end)
  await page.getByText(words.ja.staffRoles.saved.replace('{{name}}', STAFF.viewer.name)).waitFor()

  desk.expect(/Failed to load resource/)
  const seen = { id: '019e4ca0-0000-7000-8000-000000000001', kind: 'MAIL', number: null, parts: ['mail'], times: 1, case: null, firstAt: '2026-11-20T01:02:03Z', lastAt: '2026-11-20T01:02:03Z' }
  await answer(page, { AuditExposure: { json: { data: { exposure: { __typename: 'Exposure', declarations: 0, mails: 1, cases: 0, accounts: 0, works: 0, parts: [{ part: 'mail', records: 1 }], records: [seen] } } } } })
  await page.goto(`/audit/exposure?staff=${id}`)
  await settled(page)
  const problem = { errors: [{ message: '', extensions: { code: 'FRESH_SIGN_IN_REQUIRED' } }] }
  await page.route('**/exports/exposure.csv', (route) => route.fulfill({ status: 403, json: problem }), { times: 1 })
  const sheet = page.waitForEvent('download')
  await page.getByRole('button', { name: words.ja.audit.exposure.download }).click()
  await prove(page, async () => undefined)
  assert.match((await sheet).suggestedFilename(), /^exposure-\d{8}\.csv$/)
})

test('one’s own sessions say how they were opened', async (desk) => {
  const page = await visit(desk, '/account', 'approver')
  const first = page.getByRole('region', { name: 'ログイン中の端末' }).getByRole('listitem').first()
  await first.getByText('方法: 招待のリンク').waitFor()
})

for (const language of LANGUAGES) {
  test(`the new pages are accessible in both themes, and fit where it is narrow: ${language}`, async (desk) => {
    const w = words[language]
    const page = await visit(desk, '/audit/security', 'auditor', { language, size: NARROW })
    await heading(page, w.audit.security.title).waitFor()
    await assertFits(page)
    await assertLooks(page, 'audit-security-narrow', language)
    await page.goto('/account/mail#x')
    await heading(page, w.ownMail.confirmTitle).waitFor()
    await assertFits(page)
    await assertLooks(page, 'account-mail', language)
    await page.goto('/account')
    await page.getByRole('heading', { level: 2, name: w.ownMail.title }).waitFor()
    await assertFits(page)
  })
}
