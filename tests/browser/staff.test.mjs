// 設定 › 職員: who can sign in and who is invited, invitations and their withdrawal, other roles, disable and enable, and who may not.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const LIST = '/settings/staff'
const NOBODY = '019e4ca0-0000-7000-8000-000000000000'
const sheet = (page) => page.getByRole('dialog')
const table = (page) => page.getByRole('table', { name: '職員のアカウントの一覧' })
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true })
const invitations = (page) => page.getByRole('region', { name: '招待中' })
const role = (page, name) => sheet(page).getByRole('checkbox', { name })
const history = (page) => page.getByRole('region', { name: '記録' })
const uncheckedAfterJoining = '参加した後に、承認を経て付与されます。'

const ask = async (who, query, variables) => (await office.ask(query, variables, await office.cookieOf(who))).data

let made = 0
/** Somebody with an account of their own. */
async function join(name, as = 'viewer') {
  made += 1
  const input = { token: await office.invite(as), login: `mihon${made}`, name, password: PASSWORD }
  const { cookie } = await office.ask('mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }', { input })
  const { data } = await office.ask('{ session { staff { id } } }', {}, cookie)
  return { id: data.session.staff.id, login: input.login, cookie }
}

async function change(who, id, what) {
  const { staffAccount } = await ask(who, 'query ($id: ID!) { staffAccount(id: $id) { version } }', { id })
  const input = { commandId: crypto.randomUUID(), id, expectedVersion: staffAccount.version }
  const data = await ask(who, `mutation ($input: AccountCommandInput!) { done: ${what} { __typename } }`, { input })
  assert.equal(data.done.__typename, 'AccountChanged')
}

const invite = (mail, roles = '[REGISTRAR]') =>
  ask('deputy', `mutation ($mail: String!) { inviteStaff(input: { commandId: "${crypto.randomUUID()}", mail: $mail, roles: ${roles} }) { __typename } }`, { mail })

async function open(desk, path = LIST, who = 'chief', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
  await settled(page)
  return page
}

test('the way there: by the settings, by keys to an account and back, and the state that is shown stands in the address', async (desk) => {
  const stopped = await join('見本 休太')
  await change('deputy', stopped.id, 'disableStaff(input: $input, reason: ON_LEAVE)')
  const page = await open(desk, '/settings/calendar')
  await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: '職員' }).click()
  await heading(page, '職員').waitFor()
  const own = table(page).getByRole('row').filter({ hasText: STAFF.chief.name })
  await own.getByText('管理者').waitFor()
  await own.getByText('自分', { exact: true }).waitFor()
  await own.getByText('利用中').waitFor()
  assert.equal(await table(page).getByText('見本 休太').count(), 0)
  await assertAccessible(page)
  await page.getByRole('navigation', { name: 'アカウントの絞り込み' }).getByRole('link', { name: /^停止中/ }).click()
  await table(page).getByRole('row').filter({ hasText: '見本 休太' }).getByText('停止中').waitFor()
  assert.ok(page.url().endsWith('?state=DISABLED'))
  assert.equal(await page.getByRole('navigation', { name: 'アカウントの絞り込み' }).locator('[aria-current=page]').count(), 1)
  assert.equal(await page.title(), '停止中 — 職員 — 設定 — 宣言 Sengen')
  await page.reload()
  await table(page).getByText('見本 休太').waitFor()
  await settled(page)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await heading(page, '見本 休太').waitFor()
  await page.getByText(/に停止しました。理由: 休職。/).waitFor()
  assert.equal(await page.title(), '見本 休太 — 職員 — 設定 — 宣言 Sengen')
  await settled(page)
  await page.keyboard.press('u')
  await heading(page, '職員').waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('職員')
  await page.getByRole('menuitem', { name: '設定の職員を開く' }).waitFor()
})

test('somebody is invited by keyboard alone; what an invitation cannot give stands there with the reason; it is taken back', async (desk) => {
  const page = await open(desk)
  await page.getByRole('link', { name: '職員を招待' }).focus()
  await page.keyboard.press('Enter')
  await sheet(page).getByRole('button', { name: '招待を送る' }).focus()
  await page.keyboard.press('Enter')
  await sheet(page).getByRole('group', { name: '入力を確認してください（2件）' }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('link', { name: '役割を一つ以上選んでください。' }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'role-REGISTRAR')
  for (const name of ['管理者', '承認者']) {
    const box = role(page, name)
    await box.focus()
    await page.keyboard.press('Space')
    assert.equal(await box.isChecked(), false, name)
    assert.equal(await box.getAttribute('aria-disabled'), 'true')
  }
  assert.equal(await sheet(page).getByText(uncheckedAfterJoining).count(), 2)
  await sheet(page).getByRole('textbox', { name: 'メールアドレス' }).fill('だれでもない')
  await role(page, '登録担当').focus()
  await page.keyboard.press('Space')
  await role(page, '閲覧者').focus()
  await page.keyboard.press('Space')
  await sheet(page).getByRole('button', { name: '招待を送る' }).click()
  await sheet(page).locator('#mail[aria-invalid=true]').waitFor()
  await sheet(page).getByRole('textbox', { name: 'メールアドレス' }).fill('ichiro@example.jp')
  await sheet(page).getByRole('textbox', { name: 'メールアドレス' }).press('Enter')
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('ichiro@example.jpへ招待を送りました。').waitFor()
  const item = invitations(page).getByRole('listitem').filter({ hasText: 'ichiro@example.jp' }).first()
  await item.getByText('登録担当').waitFor()
  await item.getByText(/見本 管理が招待/).waitFor()
  await item.getByText(/^期限: /).waitFor()
  await page.getByRole('button', { name: 'ichiro@example.jpへの招待を取り消す' }).focus()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: '招待を取り消しますか' })
  await question.getByText('ichiro@example.jpへ送ったリンクは使えなくなります。').waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '招待を取り消す' }).click()
  await page.getByText('ichiro@example.jpへの招待を取り消しました。').waitFor()
  await invitations(page).getByText('ichiro@example.jp').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement.textContent === '招待中')
})

test('an invitation that was taken back elsewhere says so', async (desk) => {
  await invite('osoi@example.jp')
  const page = await open(desk)
  const { staffAccounts } = await ask('deputy', '{ staffAccounts { invitations { staffId mail } } }')
  const { staffId } = staffAccounts.invitations.find(({ mail }) => mail === 'osoi@example.jp')
  await ask('deputy', 'mutation ($c: ID!, $id: ID!) { revokeStaffInvitation(commandId: $c, staffId: $id) }', { c: crypto.randomUUID(), id: staffId })
  await page.getByRole('button', { name: 'osoi@example.jpへの招待を取り消す' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '招待を取り消す' }).click()
  await invitations(page).getByRole('alert').getByText('この招待は、すでに使われたか取り消されています。').waitFor()
  await assertAccessible(page)
})

test('roles are changed by keyboard with what changes in sight, and the history tells it', async (desk) => {
  const { id } = await join('見本 役太')
  const page = await open(desk, `${LIST}/${id}`)
  await history(page).getByText('アカウントの作成').waitFor()
  await page.keyboard.press('e')
  await sheet(page).getByText('変更はありません。').waitFor()
  await role(page, '運用担当').focus()
  await page.keyboard.press('Space')
  await role(page, '閲覧者').uncheck()
  await sheet(page).getByText('追加: 運用担当').waitFor()
  await sheet(page).getByText('外す: 閲覧者').waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('button', { name: '役割を変更する' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('見本 役太さんの役割を変更しました。').waitFor()
  const newest = history(page).getByRole('listitem').first()
  await newest.getByText('役割: 運用担当').waitFor()
  await newest.getByText(STAFF.chief.name).waitFor()
  await page.getByRole('link', { name: '役割を変更する' }).click()
  await role(page, '運用担当').uncheck()
  await sheet(page).getByRole('button', { name: '役割を変更する' }).click()
  await sheet(page).getByRole('group', { name: '入力を確認してください（1件）' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog', { name: '入力した内容を捨てますか' }).getByRole('button', { name: '捨てて閉じる' }).click()
  await sheet(page).waitFor({ state: 'detached' })
})

test('of two who change the same account the second sees what it is now, and replaces it knowingly', async (desk) => {
  const { id } = await join('見本 競子')
  const page = await open(desk, `${LIST}/${id}/roles`)
  await role(page, '登録担当').check()
  await change('deputy', id, 'changeStaffRoles(input: $input, roles: [SUPPORT])')
  await sheet(page).getByRole('button', { name: '役割を変更する' }).click()
  const alert = sheet(page).getByRole('alert')
  await alert.getByText('ほかの人が先に変更しました').waitFor()
  await alert.getByText('今の内容: 問い合わせ担当（利用中）').waitFor()
  await alert.getByText(STAFF.deputy.name).waitFor()
  assert.ok(await role(page, '登録担当').isChecked())
  await sheet(page).getByText('追加: 登録担当、閲覧者').waitFor()
  await sheet(page).getByText('外す: 問い合わせ担当').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'staff-roles-conflict')
  await sheet(page).getByRole('button', { name: '入力した内容に置き換える' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await history(page).getByText('役割: 登録担当、閲覧者').waitFor()
})

test('an account is disabled for a reason, its sessions end at once, and it is enabled again', async (desk) => {
  const { id, cookie } = await join('見本 止子')
  const page = await open(desk, `${LIST}/${id}`)
  await page.getByRole('button', { name: '停止する' }).click()
  const question = page.getByRole('alertdialog', { name: '見本 止子さんのアカウントを停止しますか' })
  await question.getByText('ログイン中の画面はすぐに切れ、再開するまでログインできません。').waitFor()
  await question.getByRole('button', { name: '停止する' }).click()
  await question.getByText('停止する理由を選んでください。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'staff-disable')
  await question.getByRole('radio', { name: '退職・異動' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await question.getByRole('button', { name: '停止する' }).click()
  await question.waitFor({ state: 'detached' })
  await page.getByText('見本 止子さんのアカウントを停止しました。').waitFor()
  await page.getByText(/に停止しました。理由: 不正利用の疑い。/).waitFor()
  await history(page).getByRole('listitem').first().getByText('理由: 不正利用の疑い').waitFor()
  const { data } = await office.ask('{ session { staff { id } } }', {}, cookie)
  assert.equal(data.session, null)
  await assertAccessible(page)
  await page.getByRole('button', { name: '再開する' }).click()
  const back = page.getByRole('alertdialog', { name: '見本 止子さんのアカウントを再開しますか' })
  await back.getByText(/^不正利用の疑いで停止したアカウントです。/).waitFor()
  await assertAccessible(page)
  await back.getByRole('button', { name: '再開する' }).click()
  await page.getByText('見本 止子さんのアカウントを再開しました。').waitFor()
  await page.getByRole('button', { name: '停止する' }).waitFor()
})

test('who was faster is told before anybody is disabled', async (desk) => {
  const { id } = await join('見本 先子')
  const page = await open(desk, `${LIST}/${id}`)
  await change('deputy', id, 'disableStaff(input: $input, reason: LEFT)')
  await page.getByRole('button', { name: '停止する' }).click()
  await page.getByRole('alertdialog').getByRole('radio', { name: '休職' }).check()
  await page.getByRole('alertdialog').getByRole('button', { name: '停止する' }).click()
  await page.getByRole('alert').getByText('今の内容: 閲覧者（停止中）').waitFor()
  await page.getByText(/理由: 退職・異動。/).waitFor()
  await assertAccessible(page)
})

test('nobody changes their own account, and the page says so beside the buttons', async (desk) => {
  const { session } = await ask('chief', '{ session { staff { id } } }')
  const page = await open(desk, `${LIST}/${session.staff.id}`)
  const why = '自分自身の役割の変更や停止はできません。別の管理者に依頼してください。'
  await page.getByText(why).filter({ visible: true }).waitFor()
  for (const name of ['役割を変更する', '停止する']) assert.equal(await page.getByRole('button', { name }).getAttribute('aria-disabled'), 'true', name)
  await page.getByRole('button', { name: '停止する' }).focus()
  await page.keyboard.press('Enter')
  assert.equal(await page.getByRole('alertdialog').count(), 0)
  await assertAccessible(page)
  await page.goto(`${LIST}/${session.staff.id}/roles`)
  await sheet(page).getByText(why).waitFor()
  assert.equal(await sheet(page).getByRole('checkbox').count(), 0)
})

test('who may not read is told which right opens it; who may only read has no buttons', async (desk) => {
  const viewer = await open(desk, LIST, 'viewer')
  await heading(viewer, '権限がありません').waitFor()
  await viewer.getByText('「職員アカウントの閲覧」の権限が必要です。').waitFor()
  assert.equal(await viewer.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: '職員' }).count(), 0)
  await assertAccessible(viewer)
  const { id } = await join('見本 見子')
  await invite('miru@example.jp')
  const auditor = await join('見本 監査', 'auditor')
  const page = await desk.page()
  const [name, value] = auditor.cookie.split('=')
  await page.context().addCookies([{ name, value, url: office.url, httpOnly: true }])
  const why = '「職員アカウントの管理」の権限がありません。管理者に依頼してください。'
  await page.goto(LIST)
  await page.getByText(why).waitFor()
  await invitations(page).getByText('miru@example.jp').waitFor()
  assert.equal(await page.getByRole('link', { name: '職員を招待' }).count(), 0)
  assert.equal(await invitations(page).getByRole('button').count(), 0)
  await assertAccessible(page)
  await page.goto(`${LIST}/${id}`)
  await page.getByText(why).waitFor()
  assert.equal(await page.getByRole('button', { name: '停止する' }).count(), 0)
  await page.keyboard.press('e')
  assert.ok(page.url().endsWith(id))
  for (const path of ['invite', `${id}/roles`]) {
    await page.goto(`${LIST}/${path}`)
    await sheet(page).getByText(why).waitFor()
    assert.equal(await sheet(page).getByRole('checkbox').count(), 0)
  }
})

test('the Enter of a conversion sends no invitation, and a network that went away loses nothing', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED/)
  const page = await open(desk, `${LIST}/invite`)
  const session = await page.context().newCDPSession(page)
  await sheet(page).locator('#mail').focus()
  await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
  await page.keyboard.press('Enter')
  await settled(page)
  assert.equal(await sheet(page).getByRole('group', { name: /入力を確認してください/ }).count(), 0)
  await session.send('Input.insertText', { text: '' })
  await sheet(page).locator('#mail').fill('kienai@example.jp')
  await role(page, '閲覧者').check()
  const end = await answer(page, { InviteStaff: 'away' })
  await sheet(page).getByRole('button', { name: '招待を送る' }).click()
  await sheet(page).getByRole('alert').getByText('保存できたか確認できませんでした。').waitFor()
  assert.equal(await sheet(page).locator('#mail').inputValue(), 'kienai@example.jp')
  await end()
  await sheet(page).getByRole('button', { name: '招待を送る' }).click()
  await invitations(page).getByText('kienai@example.jp').waitFor()
})

test('while it loads everything stands in its place; what fails says so; what is empty says what would be there', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('chief')
  const release = await answer(page, { StaffAccounts: hold })
  await page.goto(LIST)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  await table(page).getByText(STAFF.chief.name).waitFor()
  let end = await answer(page, { StaffAccounts: fault('INTERNAL') })
  await page.goto(LIST)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await table(page).getByText(STAFF.chief.name).waitFor()
  end = await answer(page, { StaffAccounts: { json: { data: { staffAccounts: { nodes: [], invitations: [] } } } } })
  await page.goto(`${LIST}?state=DISABLED`)
  await page.getByText('停止すると、ここに表示されます。').waitFor()
  await page.getByText('招待中の人はいません。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'staff-empty')
  await end()
  await page.goto(`${LIST}/${NOBODY}`)
  await heading(page, '職員が見つかりません').waitFor()
  await assertAccessible(page)
})

for (const language of LANGUAGES) {
  test(`accounts and their sheets are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const { id } = await join('見本 映子', 'registrar')
    await change('deputy', id, 'changeStaffRoles(input: $input, roles: [REGISTRAR, SUPPORT, AUDITOR])')
    await change('deputy', id, 'disableStaff(input: $input, reason: ON_LEAVE)')
    await invite(`mita-${language}@example.jp`, '[REGISTRAR, SUPPORT]')
    const page = await open(desk, `${LIST}?state=ALL`, 'chief', { language })
    await page.getByRole('heading', { level: 1, name: w.settings.staff }).waitFor()
    await assertLooks(page, 'staff-1280', language)
    await page.goto(`${LIST}/${id}`)
    await page.getByRole('button', { name: w.staff.enable }).waitFor()
    await page.getByText(say(w.staff.historyReason, { reason: w.staff.reason.ON_LEAVE }), { exact: true }).waitFor()
    await assertLooks(page, 'staff-one-1280', language)
    for (const path of ['invite', `${id}/roles`]) {
      await page.goto(`${LIST}/${path}`)
      await sheet(page).getByRole('checkbox', { name: w.role.REGISTRAR }).waitFor()
      await assertLooks(page, path === 'invite' ? 'staff-invite' : 'staff-roles', language)
    }
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} accounts do not scroll sideways and nothing is lost`, async (desk) => {
    const { id } = await join(`見本 とてもながいなまえ${size.width}`)
    await invite(`totemo-nagai-namae-no-hito.${size.width}@nagai-namae-no-busho.example.jp`)
    const page = await open(desk, LIST, 'chief', { size })
    for (const path of [LIST, `${LIST}/${id}`, `${LIST}/invite`, `${LIST}/${id}/roles`]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
      await settled(page)
      await assertFits(page)
      await assertAccessible(page)
      await page.screenshot({ path: new URL(`./out/staff${path.replace(LIST, '').replace(id, 'one').replaceAll('/', '-')}-${size.width}.png`, import.meta.url).pathname, fullPage: true })
    }
  })
}
