// 承認: what waits for a second person is seen, agreed to or not, taken back, or done without; roles that need it are asked for.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const LIST = '/approvals'
const idOf = (number) => `019e4ca0-0000-7000-8000-${String(number).padStart(12, '0')}`
const table = (page) => page.getByRole('table', { name: '申請の一覧' })
const heading = (page, name) => page.getByRole('heading', { level: 1, name })
const question = (page, name) => page.getByRole('alertdialog', { name })
const button = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true })

const chief = { kind: 'STAFF', name: '見本 管理' }
const second = { kind: 'STAFF', name: '見本 承子' }
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
const ROW = { id: idOf(1), kind: 'staff.roles', requestedAt: '2026-11-26T01:00:00Z', expiresAt: inHours(50.5), status: 'OPEN', isBypass: false, isMine: false, about: { __typename: 'StaffSubject', name: '見本 みえ子' }, by: chief, decidedBy: null }
const row = (number, status, more = {}) => ({ ...ROW, id: idOf(number), status, ...more })
const ALL = [
  ROW,
  row(2, 'LAPSED', { expiresAt: '2026-11-20T01:00:00Z' }),
  row(3, 'CARRIED_OUT', { decidedBy: second }),
  row(4, 'CARRIED_OUT', { decidedBy: chief, isBypass: true }),
  row(5, 'REJECTED', { decidedBy: second }),
  row(6, 'WITHDRAWN'),
  // One from before requests said what they are about.
  row(7, 'VOIDED', { about: null }),
]
/** What somebody wrote, as a reader gets it who may read persons. */
const said = (text) => ({ __typename: 'OpenText', text })
const asked = { at: '2026-11-26T01:00:00Z', kind: 'REQUESTED', reason: said('12月からの担当交代のため'), void: null, by: chief }
const ENDS = {
  OPEN: [],
  LAPSED: [],
  CARRIED_OUT: [{ ...asked, kind: 'APPROVED', reason: null, by: second }, { ...asked, kind: 'CARRIED_OUT', reason: null, by: { kind: 'SYSTEM', name: 'sengen' } }],
  REJECTED: [{ ...asked, kind: 'REJECTED', reason: said('本人に確認してください'), by: second }],
  WITHDRAWN: [{ ...asked, kind: 'WITHDRAWN', reason: null }],
  VOIDED: [{ ...asked, kind: 'APPROVED', reason: null, by: second }, { ...asked, kind: 'VOIDED', reason: null, void: 'CHANGED', by: { kind: 'SYSTEM', name: 'sengen' } }],
}
const record = (summary, more = {}) => ({
  summary, contentHash: 'a1b2c3',
  content: { __typename: 'ChangeRolesContent', staffId: idOf(900), name: '見本 みえ子', roles: ['REGISTRAR', 'APPROVER'], now: ['REGISTRAR', 'VIEWER'] },
  history: [asked, ...(summary.isBypass ? [{ ...asked, kind: 'BYPASSED', reason: said('承認者が全員不在のため') }, ENDS.CARRIED_OUT[1]] : ENDS[summary.status])],
  ...more,
})
const open = (rows) => ({ json: { data: { openApprovals: rows } } })
const all = (nodes, nextBefore = null) => ({ json: { data: { approvals: { nodes, nextBefore } } } })
const one = (approval) => ({ json: { data: { approval } } })
const decided = (mutation, approval) => ({ json: { data: { [mutation]: { __typename: 'ApprovalDecided', approval } } } })
const refused = (mutation, code, message) => ({ json: { data: { [mutation]: { __typename: 'InvalidInput', problems: [{ field: 'id', code, message }] } } } })

async function visit(desk, path, who, answers = {}, options = {}) {
  const page = await desk.page(who, options)
  const end = await answer(page, answers)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return { page, end }
}

/** What the page sends with an operation from now on. */
function sent(page, operation) {
  const all = []
  page.on('request', (request) => {
    const body = request.postData() ?? ''
    if (request.url().endsWith('/graphql') && body.includes(`mutation ${operation}(`)) all.push(JSON.parse(body).variables)
  })
  return all
}

async function tabTo(page, locator, atMost = 60) {
  for (let count = 0; count <= atMost; count += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`not reached by Tab: ${locator}`)
}

test('a role is asked for, seen in the inbox and agreed to by another, with the keyboard alone', async (desk) => {
  await office.cookieOf('viewer')
  await office.cookieOf('approver')
  const { page } = await visit(desk, '/settings/staff', 'chief')
  await page.getByRole('link', { name: STAFF.viewer.name }).click()
  await heading(page, STAFF.viewer.name).waitFor()
  await page.keyboard.press('e')
  const sheet = page.getByRole('dialog', { name: '役割の変更' })
  const box = sheet.getByRole('checkbox', { name: '承認者' })
  await box.waitFor()
  assert.equal(await sheet.getByRole('textbox').count(), 0)
  await tabTo(page, box)
  await page.keyboard.press('Space')
  await sheet.getByText('承認者の追加には、別の人の承認が必要です。').waitFor()
  await assertAccessible(page)
  const send = sheet.getByRole('button', { name: '承認を申請' })
  await send.focus()
  await page.keyboard.press('Enter')
  await sheet.getByRole('link', { name: '理由を入力してください。' }).waitFor()
  await assertAccessible(page)
  await sheet.getByRole('textbox', { name: '申請の理由' }).fill('12月からの担当交代のため')
  await screenshot(page, 'approvals-ask')
  await send.focus()
  await page.keyboard.press('Enter')
  await sheet.getByRole('heading', { name: '承認を申請しました' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === '承認を申請しました')
  await assertAccessible(page)
  await tabTo(page, sheet.getByRole('link', { name: '申請を見る' }))
  await page.keyboard.press('Enter')
  await heading(page, `${STAFF.viewer.name}さんの役割の変更`).waitFor()
  await page.waitForURL(/\/approvals\/[0-9a-f-]{36}$/)
  // Who asked has no button to agree with.
  assert.equal(await button(page, '承認する').count(), 0)
  await page.getByText('承認と却下ができるのは、承認者だけです。').waitFor()
  await page.getByRole('link', { name: /^承認 ?1件が承認待ち$/ }).waitFor()

  const { page: other } = await visit(desk, LIST, 'approver')
  await table(other).getByRole('link', { name: `役割の変更 ${STAFF.viewer.name}さん`, exact: true }).waitFor()
  await other.keyboard.press('j')
  await other.keyboard.press('Enter')
  await heading(other, `${STAFF.viewer.name}さんの役割の変更`).waitFor()
  await other.getByText('追加: 承認者').waitFor()
  await tabTo(other, button(other, '承認する'))
  await other.keyboard.press('Enter')
  const ask = question(other, 'この申請を承認しますか')
  await ask.getByText(`${STAFF.viewer.name}さんの役割を「承認者、閲覧者」に変更します。`).waitFor()
  await tabTo(other, ask.getByRole('button', { name: '承認する' }))
  await other.keyboard.press('Enter')
  await other.getByRole('note').getByText(`${STAFF.approver.name}さんが承認し、実行されました。`).waitFor()
  await other.waitForFunction(() => document.activeElement?.tagName === 'H1')
  assert.equal(await other.getByRole('main').getByRole('button', { name: /承認|却下|取り下げ/ }).count(), 0)
  await assertAccessible(other)
  await other.getByRole('link', { name: STAFF.viewer.name }).click()
  await other.getByRole('region', { name: '登録の内容' }).getByText('承認者', { exact: true }).waitFor()
})

/** Asks for another role of the viewer, as the page of their account does. */
async function askForApprover(page) {
  await page.goto('/settings/staff')
  await page.getByRole('link', { name: STAFF.viewer.name }).click()
  await heading(page, STAFF.viewer.name).waitFor()
  await page.keyboard.press('e')
  const sheet = page.getByRole('dialog', { name: '役割の変更' })
  const box = sheet.getByRole('checkbox', { name: '承認者' })
  await box.waitFor()
  if (await box.isChecked()) await sheet.getByRole('checkbox', { name: '管理者' }).click()
  else await box.click()
  await sheet.getByRole('textbox', { name: '申請の理由' }).fill('年末の応援のため')
  await sheet.getByRole('button', { name: '承認を申請' }).click()
  await sheet.getByRole('heading', { name: '承認を申請しました' }).waitFor()
}

test('what somebody else asks for and takes back is seen at once, beside the place and in the inbox, without loading anything again', async (desk) => {
  await office.cookieOf('viewer')
  const page = await desk.page('approver')
  const asked = []
  page.on('request', (request) => asked.push(request.url()))
  const opened = page.waitForEvent('websocket')
  await page.goto(LIST)
  const socket = await opened
  assert.match(socket.url(), /^ws:\/\/localhost:\d+\/graphql\/socket$/)
  await socket.waitForEvent('framereceived', ({ payload }) => payload.includes('approvalsChanged'))
  await settled(page)
  assert.equal(await page.locator('[data-open-approvals]').count(), 0)

  const { page: other } = await visit(desk, '/', 'chief')
  await askForApprover(other)
  await table(page).getByRole('link', { name: `役割の変更 ${STAFF.viewer.name}さん`, exact: true }).waitFor()
  await page.getByRole('link', { name: /^承認 ?1件が承認待ち$/ }).waitFor()
  await other.getByRole('dialog').getByRole('link', { name: '申請を見る' }).click()
  await button(other, '取り下げる').click()
  await question(other, 'この申請を取り下げますか').getByRole('button', { name: '取り下げる' }).click()
  await page.waitForFunction(() => document.querySelector('[data-open-approvals]') === null)
  await table(page).waitFor({ state: 'detached' })
  assert.equal(asked.filter((url) => url.endsWith(LIST)).length, 1, 'the page was loaded once')
  // What is told holds no names: they are read by the usual query.
  assert.ok(socket.isClosed() === false)
})

test('without a socket the console works and asks from time to time', async (desk) => {
  desk.expect(/WebSocket connection to .* failed/)
  const page = await desk.page('approver')
  await page.clock.install()
  await page.addInitScript(() => {
    const Real = window.WebSocket
    window.WebSocket = class extends Real {
      constructor(url, protocols) {
        super(`${url}-away`, protocols)
      }
    }
  })
  await page.goto(LIST)
  await heading(page, '承認').waitFor()
  await settled(page)
  const asked = []
  page.on('request', (request) => request.postData()?.includes('query OpenApprovals') && asked.push(request))
  for (const times of [1, 2]) {
    const next = page.waitForRequest((request) => request.postData()?.includes('query OpenApprovals'))
    await page.clock.fastForward(121_000)
    await next
    await settled(page)
    assert.equal(asked.length, times)
  }
})

test('a socket that did not open is tried again', async (desk) => {
  desk.expect(/WebSocket connection to .* failed/)
  const page = await desk.page('approver')
  let refused = 0
  await page.addInitScript(() => {
    const Real = window.WebSocket
    let first = true
    window.WebSocket = class extends Real {
      constructor(url, protocols) {
        super(first ? `${url}-away` : url, protocols)
        first = false
      }
    }
  })
  page.on('websocket', (socket) => socket.on('socketerror', () => (refused += 1)))
  const again = page.waitForEvent('websocket', (socket) => socket.url().endsWith('/graphql/socket'))
  await page.goto(LIST)
  await heading(page, '承認').waitFor()
  await settled(page)
  await (await again).waitForEvent('framereceived', ({ payload }) => payload.includes('approvalsChanged'))
  assert.equal(refused, 1)
})

test('the inbox says until when and how long that is; all requests have their states, and the emergency stands out', async (desk) => {
  const { page } = await visit(desk, LIST, 'approver', { OpenApprovals: open([ROW, { ...ROW, id: idOf(8), expiresAt: inHours(1.5) }]), Approvals: all(ALL) })
  await table(page).getByText('あと2日').waitFor()
  await table(page).getByText('あと1時間').waitFor()
  assert.equal(await page.getByRole('link', { name: /^承認 ?2件が承認待ち$/ }).count(), 1)
  assert.equal(await table(page).getByRole('link', { name: '役割の変更 見本 みえ子さん', exact: true }).count(), 2)
  await page.getByRole('navigation', { name: '申請の絞り込み' }).getByRole('link', { name: 'すべての申請' }).click()
  await page.waitForURL(/\?view=ALL$/)
  for (const word of ['承認待ち', '期限切れ', '実行済み', '却下', '取り下げ', '無効', '緊急実行']) await table(page).getByText(word, { exact: true }).first().waitFor()
  assert.equal(await table(page).getByText('緊急実行').count(), 1)
  assert.equal(await table(page).getByRole('link', { name: '役割の変更', exact: true }).count(), 1)
  await page.getByRole('status').getByText('7件を表示・すべて表示しました').waitFor()
  assert.deepEqual(await page.getByRole('navigation', { name: '申請の絞り込み' }).locator('[aria-current=page]').allTextContents(), ['すべての申請'])
  assert.equal(await page.title(), 'すべての申請 — 承認 — 宣言 Sengen')
  await page.reload()
  await table(page).getByText('緊急実行').waitFor()
})

test('what was shown is what is agreed to; void and refused are told', async (desk) => {
  const { page } = await visit(desk, `${LIST}/${idOf(1)}`, 'approver', { OpenApprovals: open([ROW]), OneApproval: one(record(ROW)), Approve: refused('approve', 'beneficiary', '自分に関する申請は、承認や却下ができません。ほかの承認者に依頼してください。') })
  const variables = sent(page, 'Approve')
  const approve = async () => {
    await button(page, '承認する').click()
    await question(page, 'この申請を承認しますか').getByRole('button', { name: '承認する' }).click()
  }
  await approve()
  await page.getByRole('alert').getByText('自分に関する申請は、承認や却下ができません。').waitFor()
  await assertAccessible(page)
  const voided = record(row(1, 'VOIDED'))
  await answer(page, { Approve: decided('approve', voided), OneApproval: one(voided), OpenApprovals: open([]) })
  await approve()
  await page.getByRole('alert').getByText('申請の後に、対象のアカウントが変更されました。').waitFor()
  assert.deepEqual(variables.map(({ contentHash }) => contentHash), ['a1b2c3', 'a1b2c3'])
  // After a refusal it is another command.
  assert.equal(new Set(variables.map(({ input }) => input.commandId)).size, 2)
  await assertAccessible(page)
})

test('not agreeing needs a reason, which a lost line does not lose', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from/)
  const { page } = await visit(desk, `${LIST}/${idOf(1)}`, 'approver', { OneApproval: one(record(ROW)), RejectRequest: 'away' })
  const variables = sent(page, 'RejectRequest')
  await button(page, '却下する').click()
  const box = question(page, 'この申請を却下しますか')
  await box.getByRole('button', { name: '却下する' }).click()
  await box.getByText('理由を入力してください。').waitFor()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await assertAccessible(page)
  await box.getByRole('textbox', { name: '却下の理由' }).fill('本人に確認してください')
  await box.getByRole('button', { name: '却下する' }).click()
  await box.getByRole('alert').getByText('二重に行われることはありません。').waitFor()
  assert.equal(await box.getByRole('textbox').inputValue(), '本人に確認してください')
  const rejected = record(row(1, 'REJECTED', { decidedBy: second }))
  await answer(page, { RejectRequest: decided('rejectRequest', rejected), OneApproval: one(rejected) })
  await box.getByRole('button', { name: '却下する' }).click()
  await box.waitFor({ state: 'detached' })
  await page.getByRole('note').getByText('見本 承子さんが却下したため、実行されませんでした。').waitFor()
  assert.deepEqual(variables.map(({ reason }) => reason), ['本人に確認してください', '本人に確認してください'])
  assert.equal(new Set(variables.map(({ input }) => input.commandId)).size, 1)
})

test('in an emergency it is done after a firm question, and marked for ever; what cannot be taken back any more is told', async (desk) => {
  const mine = { ...ROW, isMine: true }
  const { page } = await visit(desk, `${LIST}/${idOf(1)}`, 'chief', { OneApproval: one(record(mine)), WithdrawRequest: refused('withdrawRequest', 'not_open', 'この申請はすでに処理されています。') })
  await button(page, '取り下げる').click()
  await question(page, 'この申請を取り下げますか').getByRole('button', { name: '取り下げる' }).click()
  await page.getByRole('alert').getByText('この申請はすでに処理されています。').waitFor()
  await button(page, '緊急に実行する').click()
  const box = question(page, '承認を得ずに実行しますか')
  await box.getByText('すべての承認者に、すぐメールで知らせます。').waitFor()
  await page.keyboard.press('Escape')
  await assertAccessible(page)
  await screenshot(page, 'approvals-bypass')
  await box.getByRole('textbox', { name: '承認を待てない理由' }).fill('承認者が全員不在のため')
  const done = record(row(1, 'CARRIED_OUT', { isBypass: true, decidedBy: chief }))
  await answer(page, { BypassApproval: decided('bypassApproval', done), OneApproval: one(done) })
  await box.getByRole('button', { name: '承認を得ずに実行する' }).click()
  await page.getByRole('note').getByText('緊急実行: 承認を得ずに実行されました').waitFor()
  await page.getByRole('region', { name: '記録' }).getByText('理由: 承認者が全員不在のため').waitFor()
  await assertAccessible(page)
})

test('only whoever asked can take it back or do it in an emergency, and cannot agree to it', async (desk) => {
  const { page } = await visit(desk, `${LIST}/${idOf(1)}`, 'chief', { OneApproval: one(record(ROW)) })
  await page.getByText('承認と却下ができるのは、承認者だけです。').waitFor()
  assert.equal(await page.getByRole('main').getByRole('button', { name: /取り下げ|緊急/ }).count(), 0)
  // Somebody may be both: who may agree to others' requests, not to their own.
  const own = record({ ...ROW, isMine: true })
  const { page: both } = await visit(desk, `${LIST}/${idOf(1)}`, 'approver', { OneApproval: one(own) })
  const variables = sent(both, 'Approve')
  const why = '自分の申請は、承認も却下もできません。ほかの承認者に依頼してください。'
  for (const name of ['承認する', '却下する']) {
    assert.equal(await button(both, name).getAttribute('aria-disabled'), 'true')
    assert.equal(await button(both, name).getAttribute('title'), why)
    await button(both, name).click({ force: true })
  }
  assert.equal(await both.getByRole('alertdialog').count(), 0)
  await both.getByRole('main').getByText(why).locator('visible=true').waitFor()
  await button(both, '取り下げる').waitFor()
  assert.equal(await button(both, '緊急に実行する').count(), 0)
  await assertAccessible(both)
  await screenshot(both, 'approval-own')
  assert.deepEqual(variables, [])
})

test('what the server wants a second person for is asked for too, also when somebody else was faster', async (desk) => {
  const { data } = await office.ask('{ session { staff { id } } }', {}, await office.cookieOf('registrar'))
  const answers = { ChangeStaffRoles: { json: { data: { changeStaffRoles: { __typename: 'NeedsApproval', roles: ['AUDITOR'] } } } }, RequestStaffRoles: { json: { data: { requestStaffRoles: { __typename: 'RequestStale', message: 'x' } } } } }
  const { page } = await visit(desk, `/settings/staff/${data.session.staff.id}/roles`, 'chief', answers, { language: 'en' })
  const w = words.en
  const sheet = page.getByRole('dialog', { name: w.staffRoles.title })
  await sheet.getByRole('checkbox', { name: w.role.AUDITOR }).check()
  await sheet.getByRole('button', { name: w.staffRoles.save }).click()
  await sheet.getByRole('alert').getByText(/needs the approval of a second person/).waitFor()
  await sheet.getByRole('textbox', { name: w.approvalRequest.reason }).fill('Takes over from October')
  await assertAccessible(page)
  await sheet.getByRole('button', { name: w.approvalRequest.send }).click()
  await sheet.getByRole('alert').getByText(w.sheet.conflict).waitFor()
  assert.equal(await sheet.getByRole('textbox').inputValue(), 'Takes over from October')
  await answer(page, { RequestStaffRoles: { json: { data: { requestStaffRoles: { __typename: 'ApprovalRequested', id: idOf(1) } } } }, OneApproval: one(record(ROW)) })
  await sheet.getByRole('button', { name: w.approvalRequest.send }).click()
  await sheet.getByRole('link', { name: w.approvalRequest.show }).click()
  await heading(page, 'Change of roles of 見本 みえ子').waitFor()
})

test('while it loads, when it fails, where nothing is, where no such request is and where the right is missing', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('approver')
  const release = await answer(page, { OpenApprovals: hold })
  await page.goto(LIST)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  let end = await answer(page, { OpenApprovals: fault('INTERNAL') })
  await page.goto(LIST)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  end = await answer(page, { OpenApprovals: open([]), Approvals: all([]) })
  await page.goto(LIST)
  await page.getByText('承認待ちの申請はありません').waitFor()
  assert.equal(await page.locator('[data-open-approvals]').count(), 0)
  await assertAccessible(page)
  await page.goto(`${LIST}?view=ALL`)
  await page.getByText('申請はまだありません').waitFor()
  await end()
  await page.goto(`${LIST}/${idOf(999)}`)
  await heading(page, '申請が見つかりません').waitFor()
  await assertAccessible(page)
  const { page: viewer } = await visit(desk, LIST, 'registrar')
  await heading(viewer, '権限がありません').waitFor()
  await viewer.getByText('「申請の閲覧」の権限が必要です。').waitFor()
  assert.equal(await viewer.getByRole('navigation', { name: 'メインメニュー' }).getByRole('link', { name: /承認/ }).count(), 0)
})

for (const language of LANGUAGES) {
  test(`approvals are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const { page } = await visit(desk, `${LIST}?view=ALL`, 'approver', { OpenApprovals: open([ROW]), Approvals: all(ALL) }, { language })
    await page.getByRole('heading', { level: 1, name: w.approvals.title }).waitFor()
    await assertLooks(page, 'approvals-1280', language)
    for (const summary of ALL) {
      await answer(page, { OneApproval: one(record(summary)) })
      await page.goto(`${LIST}/${summary.id}`)
      await page.getByText(w.approvals.fact.then, { exact: true }).waitFor()
      await assertLooks(page, `approval-${summary.status.toLowerCase()}-${summary.id.slice(-1)}`, language)
    }
    await answer(page, { OneApproval: one(record(ROW, { content: { __typename: 'ContentGone', forgotten: true } })) })
    await page.reload()
    await page.getByText(w.approvals.gone).waitFor()
    await assertAccessible(page)
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} approvals do not scroll sideways and nothing is lost`, async (desk) => {
    const { page } = await visit(desk, `${LIST}?view=ALL`, 'approver', { OpenApprovals: open([ROW]), Approvals: all(ALL), OneApproval: one(record(ROW)) }, { size })
    await assertFits(page)
    await assertAccessible(page)
    await screenshot(page, `approvals-${size.width}`)
    await page.goto(`${LIST}/${idOf(1)}`)
    await heading(page, '見本 みえ子さんの役割の変更').waitFor()
    await assertFits(page)
    await assertAccessible(page)
    await screenshot(page, `approval-${size.width}`)
    await button(page, '却下する').click()
    await assertFits(page)
    await assertAccessible(page)
  })
}
