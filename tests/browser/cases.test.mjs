// ホーム, 開示等 and 漏えい等: what has a deadline of the law is taken in, handled and closed, and seen on the home page.
import assert from 'node:assert/strict'
import { answer, fault } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const rail = (page) => page.getByRole('navigation', { name: 'メインメニュー' })
const heading = (page, name) => page.getByRole('heading', { level: 1, name })
const sheet = (page, name) => page.getByRole('dialog', { name })
const status = (page) => page.getByRole('main').getByRole('status')

async function numbers() {
  const { data } = await office.ask('{ declarations(first: 5) { ... on DeclarationConnection { nodes { id number } } } }', {}, await office.cookieOf('chief'))
  return data.declarations.nodes
}

async function visit(desk, path, who, answers = {}, options = {}) {
  const page = await desk.page(who, options)
  await answer(page, answers)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

/** Opens a step by its link, fills it in and sends it. */
async function step(page, name, fill, send = name) {
  await page.getByRole('main').getByRole('link', { name, exact: true }).click()
  const form = sheet(page, name)
  await form.waitFor()
  await fill(form)
  await form.getByRole('button', { name: send, exact: true }).click()
  await form.waitFor({ state: 'detached' })
  await settled(page)
}

async function openRequest(page, number, kind = '開示') {
  await page.getByRole('link', { name: '請求を受け付ける' }).click()
  const form = sheet(page, '請求の受付')
  await form.getByRole('combobox', { name: '請求の種類' }).selectOption({ label: kind })
  await form.getByRole('textbox', { name: '請求した人の氏名' }).fill('見本 みかん')
  await form.getByRole('textbox', { name: /連絡先/ }).fill('東京都みほん区みほん1-1')
  await form.getByRole('textbox', { name: '請求の内容' }).fill('保有する個人情報をすべて見たい')
  await form.getByRole('textbox', { name: '対象の自己宣言ID' }).fill(number)
  await form.getByRole('button', { name: '請求を受け付ける' }).click()
  await heading(page, `${kind}の請求`).waitFor()
  await settled(page)
}

test('a request is taken in, proved, decided, done, answered and closed', async (desk) => {
  const [{ number }] = await numbers()
  const page = await visit(desk, '/requests', 'registrar')
  await page.getByText('対応中の請求はありません').waitFor()
  await openRequest(page, number)
  await page.getByText('残り30日').waitFor()
  await page.getByText('見本 みかん').waitFor()
  // What would give something is refused while nobody is proved.
  await page.getByRole('main').getByRole('link', { name: '決定を記録する' }).click()
  const early = sheet(page, '決定を記録する')
  await early.getByRole('combobox', { name: '決定' }).selectOption({ label: '請求に応じる' })
  await early.getByRole('button', { name: '決定を記録する' }).click()
  await early.getByText('本人確認が済んでいません').first().waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: words.ja.sheet.discardYes }).click()
  await step(page, '本人確認を記録する', async (form) => {
    await form.getByRole('combobox', { name: '結果' }).selectOption({ label: '本人と確認できた' })
    await form.getByRole('textbox', { name: '確認した内容' }).fill('運転免許証の写し')
  })
  await page.getByRole('button', { name: '担当を引き受ける' }).click()
  await page.getByRole('button', { name: '担当を外れる' }).waitFor()
  await step(page, '決定を記録する', (form) => form.getByRole('combobox', { name: '決定' }).selectOption({ label: '請求に応じる' }))
  await page.getByRole('link', { name: '保有している情報を見る' }).click()
  await heading(page, '保有している情報').waitFor()
  await page.getByRole('heading', { level: 2, name: `自己宣言ID ${number}` }).waitFor()
  await settled(page)
  await assertLooks(page, 'case-held', 'ja')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'JSONを保存する' }).click()
  assert.match((await saved).suggestedFilename(), /^privacy-request-.*\.json$/)
  await page.goBack()
  await step(page, '措置を記録する', (form) => form.getByRole('textbox', { name: '行った内容' }).fill('保有する個人情報の写しを送付'))
  await page.getByRole('link', { name: '回答書を見る' }).click()
  await page.getByText('見本 みかん 様').waitFor()
  await page.getByText('ご請求に応じることといたしました').waitFor()
  await settled(page)
  await assertLooks(page, 'case-letter', 'ja')
  await page.goBack()
  await step(page, '回答の送付を記録する', async () => {})
  await step(page, '終了する', async () => {})
  await status(page).getByText('終了').waitFor()
  await settled(page)
  await assertLooks(page, 'case-request', 'ja')
  await assertFits(page)
  assert.equal(await page.getByRole('main').getByRole('link', { name: '決定を記録する' }).count(), 0)
})

test('an erasure is asked for on the case, which shows at once what the second person decides, and that it was done', async (desk) => {
  const approver = await office.cookieOf('approver')
  const decide = async (mutation, id) => {
    const seen = await office.ask('query($id: ID!) { approval(id: $id) { contentHash } }', { id }, approver)
    const variables = { input: { commandId: crypto.randomUUID(), id }, ...(mutation.includes('$seen') ? { seen: seen.data.approval.contentHash } : {}) }
    const more = mutation.includes('$seen') ? ', $seen: String!' : ''
    const { data } = await office.ask(`mutation($input: ApprovalCommandInput!${more}) { done: ${mutation} { __typename } }`, variables, approver)
    assert.equal(data.done.__typename, 'ApprovalDecided')
  }
  const waiting = async () => (await office.ask('{ openApprovals { id } }', {}, approver)).data.openApprovals[0].id
  const { number } = (await numbers())[1]
  const page = await visit(desk, '/requests', 'chief')
  await openRequest(page, number, '消去')
  await step(page, '本人確認を記録する', (form) => form.getByRole('combobox', { name: '結果' }).selectOption({ label: '本人と確認できた' }))
  await step(page, '決定を記録する', (form) => form.getByRole('combobox', { name: '決定' }).selectOption({ label: '請求に応じる' }))
  const askFor = (reason) =>
    step(page, '消去を申請する', async (form) => {
      await form.getByRole('combobox', { name: '消去する人' }).selectOption({ label: `${number.replace(/(\d{4})(\d{4})(\d{3})/, '$1 $2 $3')} の担当者` })
      await form.getByRole('textbox', { name: '消去の理由' }).fill(reason)
      await assertAccessible(page)
      await screenshot(page, 'case-erase-form-light-ja')
    })
  await askFor('本人の請求による')
  const facts = page.getByRole('main')
  await facts.getByText('担当者の消去').first().waitFor()
  await facts.getByText('承認待ち').first().waitFor()
  await decide('rejectRequest(input: $input, reason: "本人確認書類が不足しています")', await waiting())
  await facts.getByText('却下').first().waitFor()
  const again = page.getByRole('link', { name: 'もう一度申請する' })
  await again.waitFor()
  // Only while there is something to ask for.
  const decideAgain = (label) => step(page, '決定を記録する', async (form) => {
      await form.getByRole('combobox', { name: '決定' }).selectOption({ label })
      await form.getByRole('textbox', { name: '理由' }).fill('添えられた書類を確かめたため')
    })
  await decideAgain('応じない')
  await again.waitFor({ state: 'detached' })
  await decideAgain('請求に応じる')
  await again.waitFor()
  await settled(page)
  await assertLooks(page, 'case-erasure', 'ja')
  await askFor('本人の請求による')
  await decide('approve(input: $input, contentHash: $seen)', await waiting())
  await facts.getByText(/担当者は.*に消去済み/).waitFor()
  await settled(page)
  await assertFits(page)
  await assertAccessible(page)
})

test('an incident is recorded, counted, written up and reported', async (desk) => {
  await office.cookieOf('registrar')
  const page = await visit(desk, '/incidents', 'chief')
  await page.getByRole('link', { name: '事案を記録する' }).click()
  const form = sheet(page, '事案の記録')
  await form.getByRole('checkbox', { name: '不正の目的のおそれ' }).check()
  await form.getByRole('textbox', { name: '把握している内容' }).fill('退職した職員のアカウントが使われた')
  await form.getByRole('textbox', { name: '時刻' }).fill('0:00')
  await form.getByRole('button', { name: '事案を記録する' }).click()
  await heading(page, /に知った事案/).waitFor()
  await page.getByText('報告が必要です').waitFor()
  await page.getByText('残り4日').waitFor()
  await step(page, '閲覧の記録から数える', async (box) => {
    await box.getByRole('combobox', { name: 'アカウント' }).selectOption({ label: '見本 花子' })
    await box.getByRole('textbox', { name: '始まりの日' }).fill('2026-01-01')
  })
  await page.getByRole('heading', { level: 2, name: '閲覧された可能性のある記録' }).waitFor()
  await page.getByText(/件の記録、/).waitFor()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSVを保存する' }).click()
  assert.match((await saved).suggestedFilename(), /^incident-.*\.csv$/)
  await step(page, '報告書の案を書く', async (box) => {
    await box.getByRole('note').getByText('下書きしました').waitFor()
    assert.match(await box.getByRole('textbox', { name: '1. 概要' }).inputValue(), /退職した職員のアカウントが使われた/)
    await screenshot(page, 'case-report-form-light-ja')
  }, '案を保存する')
  await step(page, '報告の提出を記録する', (box) => box.getByRole('textbox', { name: '受付番号' }).fill('第1号'))
  await status(page).getByText('速報済み').first().waitFor()
  await settled(page)
  await assertLooks(page, 'case-incident', 'ja')
  await assertFits(page)
  await page.getByRole('link', { name: '報告書の案を見る' }).click()
  await page.getByRole('heading', { level: 2, name: /再発防止/ }).waitFor()
  await settled(page)
  await assertLooks(page, 'case-report', 'ja')
})

test('the home page shows what is due, the nearest first, and says what is overdue', async (desk) => {
  const { data } = await office.ask('{ home { today } }', {}, await office.cookieOf('chief'))
  const day = (offset) => new Date(Date.parse(`${data.home.today}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10)
  const request = (number, due, more = {}) => ({
    id: `019e4ca0-0000-7000-8000-00000000000${number}`, kind: 'ERASURE', channel: 'POST', receivedOn: day(-30), dueOn: due, status: 'OPEN', outcome: null, isIdentified: false,
    openedAt: '2026-11-01T00:00:00Z', handlerId: null, handler: null, ...more,
  })
  const incident = { id: '019e4ca0-0000-7000-8000-000000000009', awareAt: '2026-11-25T00:00:00Z', categories: ['WRONGFUL'], persons: null, firstDueOn: day(2), finalDueOn: day(50), status: 'OPEN', openedAt: '2026-11-25T00:00:00Z', nextDue: { stage: 'FIRST', on: day(2) } }
  const home = { today: data.home.today, approvals: 2, failedJobs: 0, mailsToDecide: 3, privacyRequests: [request(1, day(20), { handler: '見本 花子' }), request(2, day(-2)), request(3, day(1), { status: 'PAUSED' })], incidents: [incident] }
  for (const language of LANGUAGES) {
    const page = await visit(desk, '/', 'chief', { Home: { json: { data: { home } } } }, { language })
    const rows = page.getByRole('region', { name: words[language].home.deadlines }).getByRole('listitem')
    await rows.first().waitFor()
    assert.match(await rows.nth(0).textContent(), language === 'ja' ? /期限を2日過ぎています/ : /2 days overdue/)
    assert.match(await rows.nth(1).textContent(), language === 'ja' ? /速報/ : /First report/)
    await assertLooks(page, 'case-home', language)
    await assertFits(page)
  }
  const narrow = await visit(desk, '/', 'chief', { Home: { json: { data: { home } } } }, { size: { width: 320, height: 640 } })
  await assertFits(narrow)
  await screenshot(narrow, 'case-home-320-ja')
})

test('lists and forms in English, and what fails says so', async (desk) => {
  for (const path of ['/requests?view=ALL', '/requests/new', '/incidents?view=ALL', '/incidents/new']) {
    const page = await visit(desk, path, 'chief', {}, { language: 'en' })
    await assertLooks(page, `case-list-${path.replaceAll(/\W+/g, '-')}`, 'en')
    await assertFits(page)
  }
  desk.expect(/500/)
  const failing = await visit(desk, '/requests', 'chief', { UnfinishedPrivacyRequests: fault('INTERNAL') })
  await failing.getByRole('button', { name: 'もう一度試す' }).waitFor()
  const missing = await visit(desk, '/requests/019e4ca0-0000-7000-8000-000000000001', 'chief')
  await heading(missing, '請求が見つかりません').waitFor()
})

test('whoever lacks the right sees neither place, and is told which right it is', async (desk) => {
  const page = await visit(desk, '/', 'viewer')
  assert.equal(await rail(page).getByRole('link', { name: '開示等' }).count(), 0)
  assert.equal(await rail(page).getByRole('link', { name: '漏えい等' }).count(), 0)
  await page.getByText('表示できる項目がありません').waitFor()
  desk.expect(/FORBIDDEN|403|200/)
  const refused = await visit(desk, '/incidents', 'registrar')
  await refused.getByRole('alert').getByText('漏えい等事案の閲覧').waitFor()
})

test('a case is reached and taken in with the keyboard alone', async (desk) => {
  const page = await visit(desk, '/requests', 'registrar')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '操作を探す' }).waitFor()
  await page.keyboard.type('ホーム')
  await page.getByRole('menuitem', { name: 'ホームを開く' }).waitFor()
  await page.keyboard.press('Enter')
  await heading(page, 'ホーム').waitFor()
})
