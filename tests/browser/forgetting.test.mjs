// Forgetting a person: asked for from the record, decided about with what it means in sight, and then nowhere to be seen.
import assert from 'node:assert/strict'
import { answer } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 60 })

const NUMBER = '47000000030'
const SHOWN = '4700 0000 030'
const CONTACT = '齊藤 誠'
const OTHER = '47000000008'
const idOf = (number) => `019e4ca0-0000-7000-8000-${String(number).padStart(12, '0')}`
const heading = (page, name) => page.getByRole('heading', { level: 1, name })
const entry = (page, w = words.ja) => page.getByRole('main').getByRole('button', { name: w.record.forget.open })
const sheetOf = (page, w = words.ja) => page.getByRole('dialog', { name: w.forgetting.title })
const path = async (number = OTHER) => `/declarations/${await office.idOf(number)}/forget`
const history = (page) => page.getByRole('region', { name: '履歴' })

async function tabTo(page, locator, atMost = 80) {
  for (let count = 0; count <= atMost; count += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`not reached by Tab: ${locator}`)
}

async function press(page, locator) {
  await tabTo(page, locator)
  await page.keyboard.press('Enter')
}

/** What the page sends with an operation from now on. */
function sent(page, operation) {
  const all = []
  page.on('request', (request) => {
    const body = request.postData() ?? ''
    if (request.url().endsWith('/graphql') && body.includes(`mutation ${operation}(`)) all.push(JSON.parse(body).variables.input)
  })
  return all
}

/** An open sheet in which something is filled in. */
async function filled(page, w = words.ja, reason = '本人の求め') {
  const sheet = sheetOf(page, w)
  await sheet.getByRole('radio', { name: w.person.CONTACT }).check()
  await sheet.getByRole('textbox', { name: w.forgetting.reason }).fill(reason)
  return sheet
}

const send = (sheet, w = words.ja) => sheet.getByRole('button', { name: w.approvalRequest.send }).click()
const result = (requestForgetting) => ({ RequestForgetting: { json: { data: { requestForgetting } } } })

test('a contact is asked to be forgotten, another person agrees, and nobody finds them any more, with the keyboard alone', async (desk) => {
  await office.cookieOf('approver')
  const id = await office.idOf(NUMBER)
  const page = await desk.page('chief')
  await page.goto(`/declarations/${id}`)
  await page.getByRole('region', { name: '登録内容' }).getByText(CONTACT).waitFor()
  await press(page, entry(page))
  await page.waitForURL(/\/forget$/)
  const sheet = sheetOf(page)
  await sheet.getByRole('note', { name: '消去した個人情報は元に戻せません' }).waitFor()
  // A corporation is no person.
  assert.deepEqual(await sheet.getByRole('radio').evaluateAll((radios) => radios.map((radio) => radio.value)), ['REPRESENTATIVE', 'CONTACT', 'REMARKS'])
  await assertAccessible(page)
  await press(page, sheet.getByRole('button', { name: '承認を申請' }))
  await sheet.getByRole('link', { name: '消去する個人情報を選んでください。' }).waitFor()
  await assertAccessible(page)
  await press(page, sheet.getByRole('link', { name: '消去する個人情報を選んでください。' }))
  await page.keyboard.press('ArrowDown')
  assert.ok(await sheet.getByRole('radio', { name: '担当者' }).isChecked())
  await sheet.getByText(`今の登録: ${CONTACT}`).waitFor()
  await tabTo(page, sheet.getByRole('textbox', { name: '消去の理由' }))
  // The server knows who it is.
  await page.keyboard.type(`${CONTACT}さんの求め`)
  await press(page, sheet.getByRole('button', { name: '承認を申請' }))
  await sheet.getByRole('link', { name: /本人が分かる言葉を除いてください/ }).waitFor()
  assert.equal(await sheet.getByRole('textbox').getAttribute('aria-invalid'), 'true')
  await assertAccessible(page)
  await screenshot(page, 'forgetting-names')
  await press(page, sheet.getByRole('link', { name: /本人が分かる言葉を除いてください/ }))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('本人の求め（11月27日の電話）')
  await press(page, sheet.getByRole('button', { name: '承認を申請' }))
  await sheet.getByRole('heading', { name: '承認を申請しました' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === '承認を申請しました')
  await sheet.getByText('個人情報（担当者）は、承認されると消去されます。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'forgetting-requested')
  await press(page, sheet.getByRole('link', { name: '申請を見る' }))
  const title = `個人情報の消去（担当者）${SHOWN}`
  await heading(page, title).waitFor()
  await page.getByRole('main').getByRole('button', { name: '取り下げる' }).waitFor()
  await page.getByText('承認と却下ができるのは、承認者だけです。').waitFor()

  const other = await desk.page('approver')
  await other.goto('/approvals')
  const row = other.getByRole('table', { name: '申請の一覧' }).getByRole('link', { name: `個人情報の消去 自己宣言ID ${SHOWN}`, exact: true })
  await row.waitFor()
  await assertLooks(other, 'forgetting-inbox', 'ja')
  await other.keyboard.press('j')
  await other.keyboard.press('Enter')
  await heading(other, title).waitFor()
  const facts = other.getByRole('region', { name: '申請の内容' })
  await facts.getByText('本人の求め（11月27日の電話）').waitFor()
  assert.equal(await facts.getByText('本人の求め（11月27日の電話）').count(), 1)
  await facts.getByText('消去した個人情報は元に戻せません。').waitFor()
  assert.equal(await other.getByRole('main').getByRole('button', { name: /取り下げ|緊急/ }).count(), 0)
  await assertLooks(other, 'forgetting-approval', 'ja')
  // The record is one step away, and as it was before.
  await press(other, facts.getByRole('link', { name: `自己宣言ID ${SHOWN}` }))
  await other.getByRole('region', { name: '登録内容' }).getByText(CONTACT).waitFor()
  assert.equal(await entry(other).count(), 0)
  await other.goBack()
  await heading(other, title).waitFor()
  await press(other, other.getByRole('main').getByRole('button', { name: '承認する', exact: true }))
  const ask = other.getByRole('alertdialog', { name: '承認して、個人情報を消去しますか' })
  await ask.getByText(`自己宣言ID ${SHOWN} の個人情報（担当者）を消去します。承認すると、すぐに消去されます。消去した個人情報は元に戻せません。`).waitFor()
  await assertAccessible(other)
  await screenshot(other, 'forgetting-question')
  await press(other, ask.getByRole('button', { name: '承認して消去する' }))
  await other.getByRole('note').getByText(`${STAFF.approver.name}さんが承認し、実行されました。`).waitFor()
  await other.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await assertAccessible(other)
  await press(other, facts.getByRole('link', { name: `自己宣言ID ${SHOWN}` }))
  await other.getByRole('region', { name: '登録内容' }).getByText('消去済み').first().waitFor()
  assert.equal(await other.getByText(CONTACT).count(), 0)
  await history(other).getByText('個人情報の消去').waitFor()
  await history(other).getByText('担当者', { exact: true }).first().waitFor()
  await history(other).getByText('本人の求め（11月27日の電話）').waitFor()
  await history(other).getByText(STAFF.chief.name).first().waitFor()
  await assertAccessible(other)
  await screenshot(other, 'forgetting-record-after')
  // Nor on an earlier day.
  await other.goto(`/declarations/${id}?asOf=2024-01-01`)
  await heading(other, /./).waitFor()
  await settled(other)
  assert.equal(await other.getByText(CONTACT).count(), 0)

  // Who was forgotten cannot be chosen again.
  await page.goto(`/declarations/${id}/forget`)
  await sheet.getByText('すでに消去されています: 担当者').waitFor()
  assert.deepEqual(await sheet.getByRole('radio').evaluateAll((radios) => radios.map((radio) => radio.value)), ['REPRESENTATIVE', 'REMARKS'])
  await assertAccessible(page)
})

test('a new contact is not forgotten for the old one: what was changed since is told, and asked for once more on purpose', async (desk) => {
  const id = await office.idOf(OTHER)
  const page = await desk.page('chief')
  await page.goto(await path())
  const sheet = await filled(page)
  const variables = sent(page, 'RequestForgetting')
  await office.correct(id, 'registrar', { kind: 'CHANGE', since: '2024-04-01', reason: '交代の届出', changes: [{ field: 'CONTACT_NAME', value: '新任 次子' }] })
  await send(sheet)
  const band = sheet.getByRole('alert')
  await band.getByText('ほかの人が先に変更しました').waitFor()
  await band.getByText(/担当者: 新任 次子/).waitFor()
  await band.getByText(new RegExp(`${STAFF.registrar.name}が変更しました`)).waitFor()
  await sheet.getByText('今の登録: 新任 次子').waitFor()
  // The button is at the end of the form, and this is at its top.
  await page.waitForFunction(() => document.querySelector('[role=dialog] [role=alert]')?.getBoundingClientRect().top >= 0)
  assert.ok(await sheet.getByRole('radio', { name: '担当者' }).isChecked())
  assert.equal(await sheet.getByRole('textbox').inputValue(), '本人の求め')
  await assertAccessible(page)
  await screenshot(page, 'forgetting-stale')
  await send(sheet)
  await sheet.getByRole('heading', { name: '承認を申請しました' }).waitFor()
  assert.equal(variables.length, 2)
  assert.notEqual(variables[0].expectedVersion, variables[1].expectedVersion)
  assert.notEqual(variables[0].commandId, variables[1].commandId)
  // And if it is changed once more before somebody agrees, the request is void.
  await office.correct(id, 'registrar', { kind: 'CHANGE', since: '2024-05-01', reason: '再度の交代', changes: [{ field: 'CONTACT_NAME', value: '後任 三子' }] })
  const other = await desk.page('approver')
  await other.goto('/approvals')
  await other.getByRole('link', { name: /4700 0000 008/ }).click()
  await other.getByRole('main').getByRole('button', { name: '承認する', exact: true }).click()
  await other.getByRole('alertdialog').getByRole('button', { name: '承認して消去する' }).click()
  await other.getByRole('alert').getByText('申請の後に、対象の宣言が変更されました。').waitFor()
  await assertAccessible(other)
})

test('what is typed survives a lost line and is sent once; leaving asks first', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from/)
  const page = await desk.page('chief')
  await page.goto(await path())
  const sheet = await filled(page)
  const variables = sent(page, 'RequestForgetting')
  const end = await answer(page, { RequestForgetting: 'away' })
  await send(sheet)
  await sheet.getByRole('alert').waitFor()
  assert.equal(await sheet.getByRole('textbox').inputValue(), '本人の求め')
  await end()
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog', { name: '入力した内容を捨てますか' }).getByRole('button', { name: '入力に戻る' }).click()
  await answer(page, result({ __typename: 'InvalidInput', problems: [{ field: 'person', code: 'nothing_kept', message: 'この役割の個人の情報は、記録がないか、すでに消去されています。' }] }))
  await send(sheet)
  await sheet.getByRole('link', { name: /記録がないか/ }).waitFor()
  assert.match(await sheet.getByRole('group', { name: /消去する個人情報/ }).getAttribute('aria-describedby'), /person-error/)
  await assertAccessible(page)
  assert.equal(new Set(variables.map(({ commandId }) => commandId)).size, 1)
  await answer(page, result({ __typename: 'ApprovalRequested', id: idOf(1) }))
  await send(sheet)
  await sheet.getByRole('button', { name: '閉じる' }).last().click()
  await sheet.waitFor({ state: 'detached' })
  assert.match(page.url(), /\/declarations\/[^/]+$/)
})

test('a reason has its limits', async (desk) => {
  const page = await desk.page('chief')
  await page.goto(await path())
  const sheet = await filled(page, words.ja, '求'.repeat(1001))
  await send(sheet)
  await sheet.getByRole('link', { name: '理由は1,000文字までにしてください。' }).waitFor()
  await sheet.getByRole('textbox').fill('  ')
  await sheet.getByRole('link', { name: '理由を入力してください。' }).waitFor()
})

test('a sole trader is a person, and stands first; what stays is said', async (desk) => {
  const { data } = await office.ask('{ declarations(first: 60) { ... on DeclarationConnection { nodes { number entityType name { ... on PersonName { name } } } } } }', {}, await office.cookieOf('chief'))
  const trader = data.declarations.nodes.find((node) => node.entityType === 'SOLE_TRADER' && node.name.name)
  const page = await desk.page('chief')
  await page.goto(await path(trader.number))
  const sheet = sheetOf(page)
  await sheet.getByText(`今の登録: ${trader.name.name}`).first().waitFor()
  assert.deepEqual(await sheet.getByRole('radio').evaluateAll((radios) => radios.map((radio) => radio.value)), ['SOLE_TRADER', 'REPRESENTATIVE', 'CONTACT', 'REMARKS'])
  await sheet.getByText(/屋号、都道府県、市区町村は残ります。/).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'forgetting-trader')
})

test('who may not has no button and no sheet; on an earlier day it says why not', async (desk) => {
  const id = await office.idOf(OTHER)
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${id}`)
  await heading(page, /./).waitFor()
  await settled(page)
  assert.equal(await entry(page).count(), 0)
  await page.goto(await path())
  await sheetOf(page).getByText('「個人情報の消去」の権限がありません。').waitFor()
  await assertAccessible(page)
  const chief = await desk.page('chief')
  await chief.goto(`/declarations/${id}?asOf=2024-01-01`)
  await entry(chief).waitFor()
  assert.equal(await entry(chief).getAttribute('aria-disabled'), 'true')
  assert.match(await entry(chief).getAttribute('title'), /過去の内容を表示しているため/)
  await entry(chief).click({ force: true })
  assert.equal(await sheetOf(chief).count(), 0)
})

const said = (text) => ({ __typename: 'OpenText', text })
const summary = { id: idOf(1), kind: 'declaration.forget', requestedAt: '2026-11-26T01:00:00Z', expiresAt: new Date(Date.now() + 20 * 3_600_000).toISOString(), status: 'OPEN', isBypass: false, isMine: false, about: { __typename: 'DeclarationSubject', number: OTHER }, by: { kind: 'STAFF', name: '見本 管理' }, decidedBy: null }
const asked = { at: '2026-11-26T01:00:00Z', kind: 'REQUESTED', reason: said('本人の求め'), void: null, by: summary.by }
const requestOf = (effect, more = {}) => ({
  OneApproval: { json: { data: { approval: { summary, contentHash: 'a1', content: { __typename: 'ForgetPersonContent', declarationId: idOf(2), number: OTHER, person: 'CONTACT', reason: said('本人の求め'), effect, ...more }, history: [asked] } } } },
})

for (const language of LANGUAGES) {
  test(`what it would mean now is said in words: ${language}`, async (desk) => {
    const w = words[language]
    const page = await desk.page('approver', { language })
    const show = async (effect, more) => {
      await answer(page, requestOf(effect, more))
      await page.goto(`/approvals/${idOf(1)}`)
      return page.getByRole('region', { name: w.approvals.facts })
    }
    let facts = await show({ isKept: true, alsoAs: ['REPRESENTATIVE', 'SOLE_TRADER'], mentions: 2 })
    const persons = [w.person.REPRESENTATIVE, w.person.SOLE_TRADER].join(w.app.separator)
    await facts.getByText(say(w.approvals.alsoAs, { persons })).waitFor()
    await facts.getByText(say(w.approvals.mentions_other, { count: 2 })).waitFor()
    await facts.getByText(w.forgetting.covers.CONTACT).waitFor()
    await assertLooks(page, 'forgetting-effect', language)
    facts = await show({ isKept: true, alsoAs: [], mentions: 0 })
    await facts.getByText(w.approvals.nothingLeft).waitFor()
    facts = await show({ isKept: false, alsoAs: [], mentions: 0 })
    await facts.getByText(w.approvals.nothingKept).waitFor()
    await assertAccessible(page)
    await screenshot(page, `forgetting-nothing-kept-${language}`)
    facts = await show(null, { number: null })
    await facts.getByText(w.approvals.noDeclaration).waitFor()
  })

  test(`the sheet is accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await desk.page('chief', { language })
    await page.goto((await path()).replace(/\/forget$/, ''))
    // At its top: further down a button may lie half under the bar that stays.
    await entry(page, w).waitFor()
    await assertLooks(page, 'forgetting-record', language)
    await page.goto(await path())
    await filled(page, w)
    await assertLooks(page, 'forgetting-sheet', language)
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} nothing of it scrolls sideways or is lost`, async (desk) => {
    const page = await desk.page('chief', { size })
    await page.goto(await path())
    await sheetOf(page).getByRole('radio').first().waitFor()
    await assertFits(page)
    await assertAccessible(page)
    await screenshot(page, `forgetting-sheet-${size.width}`)
    await page.goto((await path()).replace(/\/forget$/, ''))
    await entry(page).scrollIntoViewIfNeeded()
    await assertFits(page)
    await screenshot(page, `forgetting-record-${size.width}`)
    const other = await desk.page('approver', { size })
    await answer(other, { ...requestOf({ isKept: true, alsoAs: ['REPRESENTATIVE'], mentions: 2 }), OpenApprovals: { json: { data: { openApprovals: [summary] } } } })
    await other.goto(`/approvals/${idOf(1)}`)
    await heading(other, /個人情報の消去/).waitFor()
    await assertFits(other)
    await screenshot(other, `forgetting-approval-${size.width}`)
    await other.goto('/approvals')
    await other.getByRole('table').getByRole('link').first().waitFor()
    await assertFits(other)
    await screenshot(other, `forgetting-inbox-${size.width}`)
  })
}
