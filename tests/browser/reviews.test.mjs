// 要確認: the story of each queue, from the card on the home page to the decision and the next one; by keyboard, and by two people at once.
// Each test has an office of its own, with just the declarations that it is about.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const HEADINGS = ['自己宣言ID', '宣言日', '区分', '法人番号', '事業者名', 'フリガナ', '屋号', '代表者役職', '代表者名', '郵便番号', '都道府県', '市区町村', '番地', '建物', '業種', '従業員数', '資本金', '取組段階', '自社診断点数', '基本方針URL', '基本方針公開日', '担当者名', '担当部署', 'メール', '電話', '公表同意', '状態', '停止日', '備考']
let made = 0
/** A valid corporate number of the office code that nobody uses. */
const corporateNumber = (serial) => {
  const rest = `999901${String(serial).padStart(6, '0')}`
  const sum = [...rest].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 2), 0)
  return `${9 - (sum % 9)}${rest}`
}
const row = (name, more = {}) => {
  made += 1
  const serial = String(made).padStart(9, '0')
  const cells = {
    自己宣言ID: `57${serial}`, 宣言日: '2026-05-12', 区分: 'その他団体', 事業者名: name, フリガナ: 'ミホン', 代表者名: '見本 太郎', 郵便番号: '1000001', 都道府県: '東京都', 市区町村: 'みほん市', 番地: `1-2-${made}`,
    業種: 'E', 従業員数: '18', 取組段階: '1', 担当者名: '見本 花子', メール: `info@shop${made}.example.jp`, 電話: `03-0000-${serial.slice(-4)}`, 公表同意: '同意', 状態: '有効', 法人番号: corporateNumber(made), ...more,
  }
  return HEADINGS.map((heading) => cells[heading] ?? '').join(',')
}
const office = (...rows) => ({ register: `${[HEADINGS.join(','), ...rows].join('\n')}\n` })
const vendor = { メール: 'vendor@example.jp', 電話: '03-9999-0001' }
const twins = (name, other, reading, serial) => [row(name, { フリガナ: reading, 法人番号: corporateNumber(serial) }), row(other, { フリガナ: reading, 法人番号: corporateNumber(serial) })]
/** An address inside a network: nobody is asked for it, and that is said at once. */
const inside = (path) => ({ 取組段階: '2', 基本方針URL: `http://10.0.0.1/${path}`, 基本方針公開日: '2026-05-12' })

const { test } = await desks(false)

const main = (page) => page.getByRole('main')
const deed = (page, name) => main(page).getByRole('button', { name, exact: true })
const table = (page, name) => page.getByRole('table', { name })
const w = words.ja.reviews

/** Waits until what is looked for was found. */
async function search(page) {
  await deed(page, w.search).click()
  await page.getByText(w.searched, { exact: true }).first().waitFor()
}

async function openQueue(desk, kind, who = 'registrar', options = undefined) {
  const page = await desk.page(who, options)
  await page.goto(`/reviews/${kind}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

async function found(desk, kind, who = 'registrar') {
  const page = await openQueue(desk, kind, who)
  await search(page)
  await main(page).locator('[data-row-link]').first().waitFor()
  return page
}

/** One that was decided about, without the screen. */
async function decided(desk, kind, verdict) {
  const cookie = await desk.office.cookieOf('registrar')
  const ask = (query, input) => desk.office.ask(query, { input }, cookie)
  const page = await found(desk, kind)
  await page.close()
  const { data } = await ask('mutation ($input: NextReviewInput!) { claimNextReview(input: $input) { id } }', { kind: kind.toUpperCase().replaceAll('-', '_') })
  const { id } = data.claimNextReview
  const { data: outcome } = await ask('mutation ($input: DecideReviewInput!) { decideReview(input: $input) { __typename } }', { commandId: crypto.randomUUID(), id, verdict, reason: '電話で別の団体と確認' })
  assert.equal(outcome.decideReview.__typename, 'ReviewTouched')
  return id
}

const choose = (page, verdict) => main(page).getByRole('radio', { name: new RegExp(`^${verdict}`) })
const reason = (page) => main(page).getByRole('textbox', { name: w.reason })

test('duplicates: from the home page to the search, by keys through claim, decision and the next one, until none is left', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/')
  const card = page.getByRole('link', { name: new RegExp(w.kind.DUPLICATE) })
  await card.waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-home-before', 'ja')
  await card.click()
  await page.getByRole('heading', { level: 1, name: w.kind.DUPLICATE }).waitFor()
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
  await assertLooks(page, 'reviews-empty', 'ja')
  await search(page)
  const rows = table(page, w.kind.DUPLICATE)
  await rows.getByText('つばさ組合').waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-queue', 'ja')
  await page.keyboard.press('n')
  await page.waitForURL(/\/reviews\/duplicate\/[0-9a-f-]{36}$/)
  await reason(page).waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-item', 'ja')
  const first = page.url()
  // Without a verdict and without a reason nothing is sent.
  await deed(page, w.decideNext).click()
  await main(page).getByText(w.chooseOne).waitFor()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('1')
  assert.ok(await choose(page, w.verdict.NOT_SAME).isChecked())
  await deed(page, w.decideNext).click()
  await main(page).getByText(w.reasonMissing).waitFor()
  // What lies half under the bar at the top is no small target.
  await page.evaluate(() => window.scrollTo(0, 0))
  await assertLooks(page, 'reviews-item-errors', 'ja')
  await reason(page).fill('電話で別の団体と確認')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL((url) => url.href !== first && /\/reviews\/duplicate\/[0-9a-f-]{36}$/.test(url.href))
  await reason(page).waitFor()
  assert.equal(await reason(page).inputValue(), '', 'nothing of the one before stays')
  await choose(page, w.verdict.SAME).check()
  await reason(page).fill('同じ団体。統合する')
  await deed(page, w.decideNext).click()
  await page.waitForURL(/\/reviews\/duplicate$/)
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
  await page.getByRole('link', { name: w.view.DECIDED }).click()
  await rows.getByText(w.verdict.NOT_SAME).waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-decided', 'ja')
  await rows.getByRole('link').first().click()
  await main(page).getByText('同じ団体。統合する').waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-item-decided', 'ja')
  // What was said for good is not found again.
  await page.goto('/reviews/duplicate')
  await search(page)
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
}, office(...twins('つばさ組合', 'ツバサ組合', 'ツバサクミアイ', 1), ...twins('あおば商工会', 'アオバ商工会', 'アオバ', 2)))

test('two people do not work on the same one, and whoever comes second hears who was faster', async (desk) => {
  const page = await found(desk, 'proxy')
  await deed(page, w.takeNext).click()
  await reason(page).waitFor()
  const other = await desk.page('second')
  await other.goto(new URL(page.url()).pathname)
  await deed(other, w.claim).waitFor()
  assert.equal(await deed(other, w.claim).getAttribute('aria-disabled'), 'true')
  await settled(other)
  await assertLooks(other, 'reviews-item-taken', 'ja')
  await deed(other, w.next).click()
  await other.getByText(w.noNext).first().waitFor()
  // A warning is raised on each, and stands on the record.
  await choose(page, w.verdict.FLAGGED).check()
  await reason(page).fill('支援事業者の連絡先と一致')
  await deed(page, w.decideOnly).click()
  await main(page).getByText(w.state.DECIDED, { exact: true }).waitFor()
  await settled(page)
  await screenshot(page, 'reviews-proxy-flagged-ja')
  const records = table(page, w.records)
  await records.getByText(words.ja.flag.PROXY_SUSPECTED).first().waitFor()
  await records.getByRole('link', { name: '一番町協議会' }).click()
  await page.getByRole('heading', { level: 1, name: '一番町協議会' }).waitFor()
  await page.getByRole('region', { name: '履歴' }).getByText('支援事業者の連絡先と一致').waitFor()
}, office(...['一番町協議会', '二番町協議会', '三番町協議会', '四番町協議会'].map((name) => row(name, vendor))))

test('two stars without a policy: one steps down, for the other the policy is recorded meanwhile and it closes by itself', async (desk) => {
  const page = await found(desk, 'policy-missing')
  await deed(page, w.takeNext).click()
  await reason(page).waitFor()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('2')
  await reason(page).fill('方針の公表がない')
  await deed(page, w.decideNext).click()
  await page.getByText(w.decided).first().waitFor()
  await reason(page).waitFor()
  await settled(page)
  await table(page, w.records).getByRole('link', { name: w.mend.policy }).click()
  await page.getByRole('dialog').waitFor()
  const id = new URL(page.url()).pathname.split('/')[2]
  await desk.office.correct(id, 'registrar', { kind: 'ERROR', reason: '公表を確認', changes: [{ field: 'POLICY_URL', value: 'https://niko.example.jp/policy' }] })
  await page.goto('/reviews/policy-missing?list=MINE')
  await main(page).locator('[data-row-link]').first().click()
  await main(page).getByText(w.over.GONE).first().waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-item-gone', 'ja')
}, office(row('二つ星法人会', { 取組段階: '2' }), row('にこにこ会', { 取組段階: '2' })))

test('a contact that mail does not reach is asked by telephone, corrected, and gone with the next search', async (desk) => {
  const cookie = await desk.office.cookieOf('registrar')
  const input = { commandId: crypto.randomUUID(), address: 'info@futatsu.example.jp', until: '' }
  await desk.office.ask('mutation ($input: SuppressAddressInput!) { suppressAddress(input: $input) { __typename } }', { input }, cookie)
  const page = await found(desk, 'contact-bounced')
  await table(page, w.kind.CONTACT_BOUNCED).getByText('不達連合').waitFor()
  await deed(page, w.takeNext).click()
  await reason(page).waitFor()
  await settled(page)
  await screenshot(page, 'reviews-bounced-ja')
  await table(page, w.records).getByRole('link', { name: w.mend.contact }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox', { name: words.ja.field.CONTACT_EMAIL }).fill('new@futatsu.example.jp')
  await sheet.getByRole('button', { name: '連絡先を変更する', exact: true }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.goto('/reviews/contact-bounced')
  await search(page)
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
}, office(row('不達連合', { フリガナ: 'フタツ', メール: 'info@futatsu.example.jp' })))

test('warnings of an import are worked off by keys alone, without a word', async (desk) => {
  const page = await found(desk, 'import-warning')
  await page.keyboard.press('n')
  for (const left of [1, 0]) {
    await reason(page).waitFor()
    await settled(page)
    const here = page.url()
    await page.keyboard.press('1')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL((url) => url.href !== here)
    assert.equal(new URL(page.url()).pathname === '/reviews/import-warning', left === 0)
  }
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
}, office(row('業種の会', { 業種: '?' }), row('従業員の会', { 従業員数: '' })))

test('policy pages: asked for now, claimed, decided, the next one asked for once more, and withdrawn with its star', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/')
  const card = page.getByRole('link', { name: new RegExp(w.kind.POLICY_PAGE) })
  await card.getByText(w.none).waitFor()
  await card.click()
  await page.getByText(w.neverAsked).waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-pages-empty', 'ja')
  await deed(page, w.askPages).click()
  await page.getByText(w.searched, { exact: true }).first().waitFor()
  const rows = table(page, w.kind.POLICY_PAGE)
  await rows.getByText('一番星の会').waitFor()
  assert.equal(await rows.getByText(w.rule.PAGE_NOT_ASKED).count(), 2)
  await settled(page)
  await assertLooks(page, 'reviews-pages', 'ja')
  await page.keyboard.press('n')
  await page.waitForURL(/\/reviews\/policy-page\/[0-9a-f-]{36}$/)
  await reason(page).waitFor()
  const region = page.getByRole('region', { name: w.page.title })
  const link = region.getByRole('link')
  assert.match(await link.getAttribute('href'), /^http:\/\/10\.0\.0\.1\//)
  assert.deepEqual([await link.getAttribute('rel'), await link.getAttribute('referrerpolicy'), await link.getAttribute('target')], ['noopener noreferrer', 'no-referrer', '_blank'])
  await settled(page)
  await assertLooks(page, 'reviews-page-item', 'ja')
  const first = page.url()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('1')
  assert.ok(await choose(page, w.verdict.ANSWERS).isChecked())
  await reason(page).fill('社内の回線からは表示できる')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL((url) => url.href !== first && /\/reviews\/policy-page\/[0-9a-f-]{36}$/.test(url.href))
  await reason(page).waitFor()
  // Once more: it is as before, and the form stays as it was.
  await reason(page).fill('公開先がない')
  await deed(page, w.page.again).click()
  await page.getByText(w.searched, { exact: true }).first().waitFor()
  assert.equal(await reason(page).inputValue(), '公開先がない')
  await choose(page, w.verdict.WITHDRAWN).check()
  await deed(page, w.decideNext).click()
  await page.waitForURL(/\/reviews\/policy-page$/)
  await page.getByRole('heading', { level: 2, name: w.emptyTitle.OPEN }).waitFor()
  await page.getByRole('link', { name: w.view.DECIDED }).click()
  await rows.getByText(w.verdict.ANSWERS).waitFor()
  await rows.getByText(w.verdict.WITHDRAWN).waitFor()
}, office(row('一番星の会', inside('a')), row('二番星の会', inside('b')), row('掲示の会', { 取組段階: '2', 基本方針URL: '本社受付に掲示', 基本方針公開日: '2026-05-12' })))

for (const size of [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
  test(`what came back from a page is told with its status and since when, ${size.width} wide`, async (desk) => {
    const listed = await openQueue(desk, 'policy-page')
    await deed(listed, w.askPages).click()
    await main(listed).locator('[data-row-link]').first().waitFor()
    const path = await main(listed).locator('[data-row-link]').first().getAttribute('href')
    await listed.close()
    const page = await desk.page('registrar', { size })
    const told = { address: 'https://www.example.jp/company/security/information-security-basic-policy-2024.html', askedAt: '2026-11-29T16:30:00Z', wrong: 'PAGE_GONE', status: 404, failures: 3, failingSince: '2026-11-26T16:30:00Z', dueAt: '2026-11-30T12:30:00Z' }
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData().includes('query OneReview')) return route.fallback()
      const response = await route.fetch()
      const json = await response.json()
      json.data.review.page = told
      json.data.review.summary.rules = ['PAGE_GONE']
      return route.fulfill({ response, json })
    })
    await page.goto(path)
    const region = page.getByRole('region', { name: w.page.title })
    await region.getByText('HTTP 404').waitFor()
    await region.getByRole('link', { name: told.address }).waitFor()
    await settled(page)
    await assertLooks(page, `reviews-page-gone-${size.width}`, 'ja')
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
  }, office(row('一番星の会', inside('a'))))
}

test('whoever may not record policies reads what came back, and asks for nothing', async (desk) => {
  const listed = await openQueue(desk, 'policy-page')
  await deed(listed, w.askPages).click()
  await main(listed).locator('[data-row-link]').first().waitFor()
  await listed.close()
  const page = await openQueue(desk, 'policy-page', 'viewer')
  assert.equal(await deed(page, w.askPages).getAttribute('aria-disabled'), 'true')
  await main(page).locator('[data-row-link]').first().click()
  await page.getByRole('region', { name: w.page.title }).waitFor()
  assert.equal(await deed(page, w.page.again).getAttribute('aria-disabled'), 'true')
  await assertAccessible(page)
}, office(row('一番星の会', inside('a'))))

test('a suspicion about very many declarations says how many and leads to the list', async (desk) => {
  const page = await found(desk, 'proxy')
  const path = await main(page).locator('[data-row-link]').first().getAttribute('href')
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData().includes('query OneReview')) return route.fallback()
    const response = await route.fetch()
    const json = await response.json()
    json.data.review.summary.weight = 1234
    return route.fulfill({ response, json })
  })
  await page.goto(path)
  await main(page).getByText('1,234事業者').first().waitFor()
  await settled(page)
  await assertLooks(page, 'reviews-item-many', 'ja')
  await main(page).getByRole('link', { name: w.toList }).click()
  await page.waitForURL(/\/declarations\?state=ACTIVE$/)
}, office(...['一番町協議会', '二番町協議会', '三番町協議会'].map((name) => row(name, vendor))))

test('whoever may decide nothing reads, a queue that there is not says so, and so does one that is gone', async (desk) => {
  await decided(desk, 'duplicate', 'NOT_SAME')
  const page = await openQueue(desk, 'duplicate', 'viewer')
  await deed(page, w.takeNext).waitFor()
  assert.equal(await deed(page, w.takeNext).getAttribute('aria-disabled'), 'true')
  await page.getByRole('link', { name: w.view.DECIDED }).click()
  await main(page).locator('[data-row-link]').first().click()
  await main(page).getByText(w.reasonWithheld).waitFor()
  await assertAccessible(page)
  await page.goto('/reviews/nothing')
  await page.getByRole('heading', { level: 1, name: w.noQueueTitle }).waitFor()
  await page.goto('/reviews/duplicate/019a0000-0000-7000-8000-000000000001')
  await page.getByRole('heading', { level: 1, name: w.notFoundTitle }).waitFor()
}, office(...twins('つばさ組合', 'ツバサ組合', 'ツバサクミアイ', 1)))

for (const language of LANGUAGES) {
  test(`home page and queue fit a narrow and a wide screen (${language})`, async (desk) => {
    await decided(desk, 'duplicate', 'NOT_SAME')
    const page = await desk.page('registrar', { language, size: { width: 1920, height: 1080 } })
    await page.goto('/')
    await page.getByRole('link', { name: new RegExp(words[language].reviews.kind.DUPLICATE) }).waitFor()
    await settled(page)
    await screenshot(page, `reviews-home-wide-${language}`)
    await page.goto('/reviews/duplicate?list=DECIDED')
    await main(page).locator('[data-row-link]').first().click()
    await main(page).getByRole('heading', { level: 2, name: words[language].reviews.work }).waitFor()
    await settled(page)
    await screenshot(page, `reviews-item-wide-${language}`)
    await assertAccessible(page)
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
    await page.goto('/reviews/duplicate?list=DECIDED')
    await main(page).locator('[data-row-link]').first().waitFor()
    await assertFits(page)
    await page.goto('/')
    await settled(page)
    await assertFits(page)
  }, office(...twins('つばさ組合', 'ツバサ組合', 'ツバサクミアイ', 1)))
}
