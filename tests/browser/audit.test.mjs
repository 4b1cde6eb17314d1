// 監査: who was shown whose data is found by account, by declaration and by time; whose data one account saw goes into a sheet.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 30 })

/** 第一印刷, a sole trader: everything about them is personal. */
const TRADER = '47000000013'
const GROUPED = '4700 0000 013'
const NARROW = { width: 320, height: 640 }
const idOf = (number) => `019e4ca0-0000-7000-8000-${String(number).padStart(12, '0')}`

const table = (page, w = words.ja) => page.getByRole('table', { name: w.audit.reads.title })
const rows = (page, w = words.ja) => table(page, w).getByRole('row')
const main = (page) => page.getByRole('main')
// Its label says that nothing typed is everybody, where that can be asked.
const account = (page) => page.getByRole('combobox', { name: /職員|Account/ })
const number = (page, w = words.ja) => page.getByRole('textbox', { name: w.audit.number })
const ask = (page, w = words.ja) => main(page).getByRole('button', { name: w.audit.ask }).click()
const staffIdOf = async (who) => (await office.ask('{ session { staff { id } } }', {}, await office.cookieOf(who))).data.session.staff.id
/** What is told at an input. */
const errorOf = (locator) => locator.evaluate((element) => (element.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '))

let seen
/** Support looks at the trader once, on their page. */
function looked(desk) {
  seen ??= (async () => {
    const page = await desk.page('support')
    await page.goto(`/declarations/${await office.idOf(TRADER)}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await settled(page)
  })()
  return seen
}

async function visit(desk, path, who = 'auditor', answers = {}, options = {}) {
  await looked(desk)
  const page = await desk.page(who, options)
  await answer(page, answers)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

const BY = { kind: 'STAFF', name: '見本 窓子' }
const read = (place, more = {}) => ({
  id: `${place}.1`, at: '2026-11-20T01:02:03Z', part: 'contact', purpose: 'console:Declaration', requestId: idOf(place), records: 1, staffId: idOf(900), tokenId: null, by: BY, declarations: [{ id: idOf(place), number: TRADER }], mails: [], imports: [], cases: [], ...more,
})
const readsAnswer = (nodes, nextBefore = null, lookedBackTo = null) => ({ json: { data: { reads: { __typename: 'Reads', nodes, nextBefore, lookedBackTo } } } })
const SEEN = { id: idOf(1), kind: 'DECLARATION', number: TRADER, parts: ['contact', 'made_later'], times: 1234, case: null, firstAt: '2026-11-20T01:02:03Z', lastAt: '2026-11-21T01:02:03Z' }
const exposureAnswer = { json: { data: { exposure: { __typename: 'Exposure', declarations: 120, mails: 3, cases: 1, accounts: 0, works: 0, parts: [{ part: 'contact', records: 123 }], records: [SEEN, { ...SEEN, id: idOf(2), kind: 'MAIL', number: null, parts: ['mail'] }, { ...SEEN, id: idOf(3), kind: 'CASE', number: null, parts: ['case'], case: { id: idOf(3), request: 'ERASURE' } }] } } } }

test('an auditor finds who looked at a record: of all, by account, and by its number in full width', async (desk) => {
  const page = await visit(desk, '/declarations')
  await page.getByRole('navigation', { name: words.ja.nav.main }).getByRole('link', { name: '監査' }).click()
  await page.getByRole('heading', { level: 1, name: '閲覧の記録' }).waitFor()
  assert.equal(await page.title(), '閲覧の記録 — 監査 — 宣言 Sengen')
  const contact = rows(page).filter({ hasText: STAFF.support.name }).filter({ has: page.getByRole('cell', { name: '担当者' }) })
  await contact.first().getByText('宣言の詳細').waitFor()
  assert.equal(await contact.first().getByRole('link', { name: GROUPED }).count(), 1)
  await contact.first().getByRole('button', { name: words.ja.audit.copyRequestId }).waitFor()
  await assertAccessible(page)

  await account(page).fill(STAFF.support.login)
  await ask(page)
  await page.waitForURL(/\?staff=[0-9a-f-]{36}$/)
  await settled(page)
  assert.equal(await rows(page).filter({ hasNotText: STAFF.support.name }).count(), 1, 'the head only')

  await number(page).fill('４７００ ００００ ０１３')
  await page.keyboard.press('Enter')
  await page.waitForURL(/&number=47000000013$/)
  await settled(page)
  assert.ok((await rows(page).count()) > 2)
  // Whoever reloads or is sent the link sees the same.
  await page.reload()
  await table(page).getByRole('link', { name: GROUPED }).first().waitFor()
  assert.equal(await number(page).inputValue(), GROUPED)
  await account(page).fill('')
  await ask(page)
  await page.waitForURL(/\/audit\?number=47000000013$/)
})

test('reads of mails and cases lead to them, and a program to all of its own', async (desk) => {
  const cases = [
    read(1, { part: 'mail', records: 2, declarations: [], mails: [idOf(7), idOf(8)] }),
    read(2, { part: 'case', declarations: [], cases: [{ id: idOf(9), request: 'ERASURE' }] }),
    read(3, { part: 'case', declarations: [], cases: [{ id: idOf(11), request: null }] }),
    read(4, { staffId: null, tokenId: idOf(10), by: { kind: 'TOKEN', name: '見本県' } }),
    read(5, { part: 'mail', records: 3, declarations: [], mails: [idOf(12)] }),
  ]
  const page = await visit(desk, '/audit', 'auditor', { AuditReads: readsAnswer(cases) })
  const href = (name) => table(page).getByRole('link', { name, exact: true }).getAttribute('href')
  assert.equal(await href('メール 2'), `/settings/mail/${idOf(8)}`)
  assert.equal(await href('消去の請求'), `/requests/${idOf(9)}`)
  assert.equal(await href('漏えい等'), `/incidents/${idOf(11)}`)
  // Of three one can be opened: the others are told too.
  const three = rows(page).filter({ has: page.getByText('ほか2件') })
  await three.getByText('ほか2件').click()
  await three.getByText('3件のうち、ここから開けるのは1件です。').waitFor()
  assert.equal(await page.getByRole('combobox', { name: words.ja.audit.accountOrEverybody }).count(), 1, 'auditors find no programs')
  const asked = page.waitForRequest((request) => request.postData()?.includes('query AuditReads') && JSON.parse(request.postData()).variables.token === idOf(10))
  await table(page).getByRole('link', { name: /見本県/ }).click()
  await asked
  await page.waitForURL(new RegExp(`staff=token(%3A|:)${idOf(10)}`))
  await settled(page)
  assert.equal(await account(page).inputValue(), 'プログラム用トークン')
  // On paper the form is not there: that it is one program's is told anyway.
  await main(page).getByText(/から現在まで・プログラム用トークン$/).waitFor()
  const views = page.getByRole('navigation', { name: words.ja.audit.views })
  for (const name of [words.ja.audit.exposure.title, words.ja.audit.security.title]) assert.doesNotMatch(await views.getByRole('link', { name }).getAttribute('href'), /token/)
  assert.match(await views.getByRole('link', { name: words.ja.audit.reads.title }).getAttribute('href'), /token/)
  await account(page).fill('見本')
  await ask(page)
  assert.match(await errorOf(account(page)), /候補から選んでください/)
  await assertAccessible(page)
})

test('whoever types a name before the accounts have come is told so, and need not type it again', async (desk) => {
  await looked(desk)
  const page = await desk.page('auditor')
  const end = await answer(page, { StaffAccounts: hold })
  await page.goto('/audit')
  await account(page).fill(STAFF.support.login)
  await ask(page)
  assert.match(await errorOf(account(page)), /アカウントの一覧をまだ読み込めていません。/)
  await end()
  await page.locator(`datalist option[value^="${STAFF.support.name}"]`).waitFor({ state: 'attached' })
  assert.equal(await account(page).inputValue(), STAFF.support.login)
  await ask(page)
  await page.waitForURL(/\?staff=[0-9a-f-]{36}$/)
  await page.waitForFunction((name) => document.querySelector('#audit-staff').value.startsWith(name), STAFF.support.name)
})

test('a record and an account lead to their audit, for auditors only', async (desk) => {
  const page = await visit(desk, `/declarations/${await office.idOf(TRADER)}`)
  await assertAccessible(page)
  await page.getByRole('link', { name: 'この記録を閲覧した人' }).scrollIntoViewIfNeeded()
  await screenshot(page, 'audit-record-entry')
  await page.getByRole('link', { name: 'この記録を閲覧した人' }).click()
  await page.waitForURL(/\/audit\?span=MONTH&number=47000000013$/)
  await table(page).getByText(STAFF.support.name).first().waitFor()
  await page.goto(`/settings/staff/${await staffIdOf('support')}`)
  await page.getByRole('link', { name: 'このアカウントが閲覧したもの' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'audit-account-entry')
  await page.getByRole('link', { name: 'このアカウントが閲覧したもの' }).click()
  await page.waitForURL(/\/audit\/exposure\?span=MONTH&staff=/)
  await page.getByRole('heading', { level: 1, name: '閲覧された可能性のある人' }).waitFor()
  const other = await visit(desk, `/declarations/${await office.idOf(TRADER)}`, 'registrar')
  assert.equal(await other.getByRole('link', { name: 'この記録を閲覧した人' }).count(), 0)
})

test('whose data an account saw is counted, listed and saved as a sheet that names nobody in its name', async (desk) => {
  const page = await visit(desk, '/audit/exposure')
  await page.getByRole('heading', { name: words.ja.audit.exposure.blankTitle }).waitFor()
  await ask(page)
  assert.match(await errorOf(account(page)), /アカウントを選んでください。/)
  assert.ok(await account(page).evaluate((element) => element === document.activeElement))
  await account(page).fill(STAFF.support.login)
  await ask(page)
  const counts = page.getByRole('region', { name: words.ja.audit.exposure.counts })
  await counts.getByText('1件').first().waitFor()
  assert.equal(await counts.getByText('個人事業主の氏名').count(), 1)
  await page.getByText(words.ja.audit.exposure.allShown).waitFor()
  await page.getByRole('table', { name: words.ja.audit.exposure.records }).getByRole('link', { name: GROUPED }).waitFor()
  await assertAccessible(page)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSVでダウンロード' }).click()])
  assert.match(download.suggestedFilename(), /^exposure-\d{8}\.csv$/)
  const sheet = await readFile(await download.path(), 'utf8')
  assert.match(sheet, /^\uFEFF種類,自己宣言ID,事業者名,表示された項目,/)
  assert.match(sheet, /\r\n宣言,47000000013,（個人事業主）,/)
  assert.equal(sheet.trim().split('\r\n').length, 2)
  await page.getByText(words.ja.export.done).waitFor()
})

test('with the keyboard: rows by j and k, the record by Enter, the way back to the row, and the palette', async (desk) => {
  const page = await visit(desk, `/audit?staff=${await staffIdOf('support')}`)
  const focusedRow = () => page.evaluate(() => document.activeElement?.dataset.rowLink)
  await page.keyboard.press('j')
  const first = await focusedRow()
  assert.ok(first)
  await page.keyboard.press('j')
  const second = await focusedRow()
  assert.notEqual(second, first)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/declarations\/[0-9a-f-]{36}$/)
  await page.goBack()
  await table(page).getByRole('link', { name: GROUPED }).first().waitFor()
  await page.waitForFunction((id) => document.activeElement?.dataset.rowLink === id, second)
  await page.keyboard.press('k')
  assert.equal(await focusedRow(), first)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('menuitem').first().waitFor()
  await page.keyboard.type('閲覧された')
  await page.getByRole('menuitem', { name: words.ja.palette.exposure }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/audit\/exposure$/)
})

test('a time of one’s own is typed by the clock of Japan, and what cannot be read is told at its input', async (desk) => {
  const page = await visit(desk, '/audit')
  const asked = []
  page.on('request', (request) => request.postData()?.includes('AuditReads') && asked.push(JSON.parse(request.postData()).variables))
  await page.getByRole('link', { name: '30日間' }).click()
  await page.waitForURL(/\?span=MONTH$/)
  await page.getByRole('link', { name: '期間を指定' }).click()
  await page.waitForURL(/\?from=\d{4}-\d{2}-\d{2}$/)
  const day = page.getByRole('textbox', { name: '開始日' })
  const until = page.getByRole('textbox', { name: '終了日' })
  const clock = page.getByRole('textbox', { name: '時刻' })
  await day.fill('きのう')
  await clock.first().fill('朝')
  await clock.last().fill('20:00')
  await number(page).fill('123')
  await ask(page)
  assert.match(await errorOf(number(page)), /自己宣言IDは11桁の数字で入力してください。/)
  assert.match(await errorOf(day), /日付として読み取れません。/)
  assert.match(await errorOf(clock.first()), /「9:00」のように入力してください。/)
  assert.match(await errorOf(until), /終了日も入力してください。/)
  assert.ok(await number(page).evaluate((element) => element === document.activeElement))
  await assertAccessible(page)
  await screenshot(page, 'audit-errors')
  await number(page).fill('')
  await day.fill('令和8年11月20日')
  await clock.first().fill('９：００')
  await until.fill('2026-11-20')
  await clock.last().fill('8:00')
  await ask(page)
  assert.match(await errorOf(until), /終わりの日時は、始まりの日時より後にしてください。/)
  await clock.last().fill('')
  await ask(page)
  await page.waitForURL(/\?from=2026-11-20T0900&until=2026-11-20$/)
  await page.getByText('2026年11月20日(金) 09:00から2026年11月21日(土) 00:00まで').waitFor()
  await settled(page)
  assert.deepEqual([asked.at(-1).since, asked.at(-1).until], ['2026-11-20T00:00:00.000Z', '2026-11-20T15:00:00.000Z'])
})

test('what the server does not take stands at its input too; in English in English', async (desk) => {
  const page = await visit(desk, '/audit?staff=nobody')
  await page.getByRole('alert').getByText('職員の番号の形式が正しくありません。').waitFor()
  assert.match(await errorOf(account(page)), /職員の番号の形式が正しくありません。/)
  await assertAccessible(page)
  const w = words.en
  const english = await visit(desk, '/audit?number=47000099999', 'auditor', {}, { language: 'en' })
  await english.getByRole('alert').getByRole('heading', { name: w.audit.refusedTitle }).waitFor()
  assert.match(await errorOf(number(english, w)), /[a-z]/)
  assert.doesNotMatch(await english.getByRole('alert').innerText(), /[ぁ-ん]/)
  await screenshot(english, 'audit-refused')
})

test('a long search stops where nothing was found, says how far it went, and goes on by a button', async (desk) => {
  const page = await visit(desk, `/audit?number=${TRADER}`, 'auditor', { AuditReads: readsAnswer([], '5.5', '2026-11-18T03:04:00Z') })
  await page.getByRole('heading', { name: words.ja.audit.reads.notYetTitle }).waitFor()
  await page.getByText('0件を表示・2026年11月18日(水) 12:04までさかのぼって調べました').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'audit-further')
  await answer(page, { AuditReads: readsAnswer([read(1)], '4.4', '2026-11-17T03:04:00Z') })
  // After one that was found it goes on by itself until a page is full or an answer is empty again.
  const asked = page.waitForRequest((request) => request.postData()?.includes('"before":"5.5"') ?? false)
  const end = page.waitForRequest((request) => request.postData()?.includes('"before":"4.4"') ?? false)
  await page.getByRole('button', { name: words.ja.audit.further }).click()
  await asked
  await answer(page, { AuditReads: readsAnswer([]) })
  await end
  await table(page).getByRole('link', { name: GROUPED }).first().waitFor()
  await page.getByRole('status').getByText(words.ja.audit.end).waitFor()
  assert.equal(await page.getByRole('button', { name: words.ja.audit.further }).count(), 0)
})

test('older reads come by "more", as many as the address says', async (desk) => {
  const many = (from) => Array.from({ length: 50 }, (_, index) => read(from + index))
  const page = await visit(desk, '/audit', 'auditor', { AuditReads: readsAnswer(many(1), '9.9', '2026-11-18T03:04:00Z') })
  assert.equal(await rows(page).count(), 51)
  await answer(page, { AuditReads: readsAnswer(many(101)) })
  await page.getByRole('button', { name: words.ja.action.more }).click()
  await page.waitForURL(/\?shown=100$/)
  await page.getByText(`100件を表示・${words.ja.audit.end}`).waitFor()
  await page.waitForFunction(() => document.activeElement?.dataset.rowLink === '101.1')
})

test('who has no right sees no entry and a page that names the right', async (desk) => {
  const page = await visit(desk, '/declarations', 'viewer')
  assert.equal(await page.getByRole('navigation', { name: words.ja.nav.main }).getByRole('link', { name: '監査' }).count(), 0)
  const asked = []
  page.on('request', (request) => request.postData()?.includes('Audit') && asked.push(request.url()))
  for (const path of ['/audit', `/audit/exposure?staff=${await staffIdOf('support')}`]) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1, name: words.ja.fault.noRightTitle }).waitFor()
    await page.getByText('この操作には「閲覧の記録の確認」の権限が必要です。権限は管理者が付与します。').waitFor()
    await assertAccessible(page)
  }
  assert.deepEqual(asked, [])
})

test('what comes takes the room that was kept for it', async (desk) => {
  await looked(desk)
  const page = await desk.page('auditor')
  const placeOf = async (name) => (await page.getByRole('table', { name }).boundingBox()).y
  for (const [path, operation, name] of [['/audit', 'AuditReads', words.ja.audit.reads.title], [`/audit/exposure?staff=${await staffIdOf('support')}`, 'AuditExposure', words.ja.audit.exposure.records]]) {
    const end = await answer(page, { [operation]: hold })
    await page.goto(path)
    await page.getByRole('table', { name }).waitFor()
    await page.locator(`datalist option[value^="${STAFF.support.name}"]`).waitFor({ state: 'attached' })
    const before = await placeOf(name)
    await end()
    await page.getByRole('table', { name }).getByRole('link', { name: GROUPED }).first().waitFor()
    await settled(page)
    assert.equal(await placeOf(name), before, path)
  }
})

for (const language of LANGUAGES) {
  const w = words[language]
  test(`every state of the audit is accessible and told: ${language}`, async (desk) => {
    desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from/)
    await looked(desk)
    const exposure = `/audit/exposure?staff=${await staffIdOf('support')}`
    const twenty = Array.from({ length: 20 }, (_, index) => ({ id: idOf(index), number: TRADER }))
    const STATES = {
      loading: ['/audit', { AuditReads: hold }, (page) => page.getByRole('status').getByText(w.app.loading).first()],
      fault: ['/audit', { AuditReads: fault('INTERNAL') }, (page) => page.getByRole('alert').getByText(w.fault.INTERNAL)],
      network: ['/audit', { AuditReads: 'away' }, (page) => page.getByRole('alert').getByText(w.fault.NETWORK)],
      'no-right': ['/audit', { AuditReads: fault('FORBIDDEN', { permission: 'READ_AUDIT' }) }, (page) => page.getByRole('heading', { level: 1, name: w.fault.noRightTitle })],
      'no-accounts': ['/audit', { StaffAccounts: fault('INTERNAL') }, (page) => page.getByRole('alert').getByText(w.audit.noAccounts)],
      empty: ['/audit?from=2001-01-01&until=2001-01-01', {}, (page) => page.getByRole('heading', { name: w.audit.reads.emptyTitle })],
      many: ['/audit', { AuditReads: readsAnswer([read(1, { records: 47, part: 'made_later', purpose: 'console:Newer', declarations: twenty }), read(2, { part: 'mail', records: 2, declarations: [], mails: [idOf(7), idOf(8)], purpose: 'console:MailList' }), read(3, { part: 'case', declarations: [], cases: [{ id: idOf(9), request: 'ERASURE' }], staffId: null, tokenId: idOf(10), by: { kind: 'TOKEN', name: '見本県' } })]) }, (page) => page.getByText(language === 'ja' ? 'ほか44件' : '44 more')],
      'exposure-loading': [exposure, { AuditExposure: hold }, (page) => page.getByRole('status').getByText(w.app.loading).first()],
      'exposure-fault': [exposure, { AuditExposure: fault('INTERNAL') }, (page) => page.getByRole('alert').getByText(w.fault.INTERNAL)],
      'exposure-empty': [`${exposure}&from=2001-01-01&until=2001-01-01`, {}, (page) => page.getByRole('heading', { name: w.audit.exposure.emptyTitle })],
      'exposure-many': [exposure, { AuditExposure: exposureAnswer }, (page) => page.getByText(say(w.audit.exposure.others, { shown: '3', rest: '121' }))],
      'exposure-refused': ['/audit/exposure?staff=nobody', {}, (page) => page.getByRole('heading', { name: w.audit.refusedTitle })],
    }
    for (const [name, [path, answers, ready]] of Object.entries(STATES)) {
      const page = await desk.pageAgain('auditor', { language })
      await page.goto('about:blank')
      const end = await answer(page, answers)
      await page.goto(path)
      await ready(page).waitFor()
      await assertLooks(page, `state-audit-${name}`, language)
      await end()
      await page.unrouteAll()
    }
  })
}

test('a sheet that does not come is told, with the number to tell support, and can be asked for again', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from/)
  const page = await visit(desk, `/audit/exposure?staff=${await staffIdOf('support')}`)
  await page.route('**/exports/exposure.csv', (route) => route.fulfill(fault('INTERNAL')))
  const button = page.getByRole('button', { name: words.ja.audit.exposure.download })
  await button.click()
  await page.getByRole('alert').getByText(words.ja.export.failed).waitFor()
  await page.getByRole('alert').getByRole('button', { name: words.ja.fault.copyRequestId }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'audit-sheet-fault')
  await page.unrouteAll()
  await page.route('**/exports/exposure.csv', (route) => route.abort())
  await page.getByRole('alert').getByRole('button', { name: words.ja.action.retry }).click()
  await page.getByRole('alert').getByText(words.ja.fault.NETWORK).waitFor()
  await page.unrouteAll()
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  assert.match(download.suggestedFilename(), /^exposure-/)
  await page.getByRole('alert').waitFor({ state: 'detached' })
})

test('in 320 px and on paper nothing is lost', async (desk) => {
  const staff = await staffIdOf('support')
  for (const [name, path] of [['reads', '/audit?from=2026-11-20'], ['exposure', `/audit/exposure?staff=${staff}`]]) {
    for (const language of LANGUAGES) {
      const page = await visit(desk, path, 'auditor', {}, { size: NARROW, language })
      await assertFits(page)
      await assertAccessible(page)
      await screenshot(page, `audit-${name}-320-${language}`)
    }
    const page = await visit(desk, path)
    await page.setViewportSize({ width: 700, height: 990 })
    await page.emulateMedia({ media: 'print' })
    assert.equal(await main(page).getByRole('search').count(), 0)
    assert.equal(await page.getByRole('columnheader').first().isVisible(), true)
    await page.getByText(/^印刷: .*見本 監査$/).waitFor()
    await screenshot(page, `audit-${name}-print`)
  }
})
