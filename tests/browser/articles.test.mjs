// よくある質問, and how many inquiries came and went. The server's answers are made up.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { article } from './harness/fake-desk.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { test } = await desks({ rows: 5 })
const t = words.ja.articles
const AT = '2026-11-27T01:30:00Z'

const OLD = article({ id: '019e4ca0-0000-7000-8000-0000000000e2', category: 'OLD_NUMBER', isEnglishOlder: true, hasUnpublishedChanges: true, isReviewDue: true, reviewDueOn: '2026-11-01', ja: { title: '4から始まる番号は使えますか。', body: '使えません。\nもう一度宣言してください。', revisedAt: AT } })
const DRAFT = article({ id: '019e4ca0-0000-7000-8000-0000000000e3', category: 'LOGO', state: 'DRAFT', en: null, reviewDueOn: null, reviewedOn: null, publicUrl: null, ja: { title: 'ロゴは名刺に使えますか。', body: '使えます。', revisedAt: AT } })
const happened = (position, kind, more = {}) => ({ position: String(position), at: AT, by: { kind: 'STAFF', name: '見本 次郎' }, kind, ja: null, en: null, ...more })
const HISTORY = [
  happened(1, 'SAVED', { ja: { title: '4から始まる番号は使えますか。', body: '使えません。\n事務局にお電話ください。' } }),
  happened(2, 'PUBLISHED'),
  happened(3, 'SAVED', { ja: { title: '4から始まる番号は使えますか。', body: '使えません。\nもう一度宣言してください。' } }),
]
const one = (found, history = HISTORY) => ({ article: { article: found, history } })
const saved = (found) => ({ saveArticle: { __typename: 'ArticleSaved', article: found } })

async function open(desk, path, answers, { who = 'chief', language = 'ja', size } = {}) {
  const page = await desk.page(who, { language, size })
  const asked = {}
  const noted = Object.entries(answers).map(([name, given]) => [name, typeof given === 'function' ? (variables) => {
    asked[name] = [...(asked[name] ?? []), variables.input ?? variables]
    return given(variables.input ?? variables)
  } : given])
  const over = await answer(page, Object.fromEntries(noted))
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return { page, asked, over }
}

/** Where the page begins: further down, the bar over it covers a part of a link, which is then told to be too small. */
const toTop = (page) => page.evaluate(() => window.scrollTo(0, 0))

const list = (nodes = [article(), OLD, DRAFT]) => ({ Articles: () => ({ articles: { __typename: 'ArticleConnection', nodes, pageInfo: { hasNextPage: false, endCursor: null } } }) })

for (const language of LANGUAGES) {
  test(`questions are listed, in each state (${language})`, async (desk) => {
    desk.expect(/500/)
    const said = words[language].articles
    const { page, over } = await open(desk, '/articles', list(), { language })
    await page.getByRole('link', { name: OLD.ja.title }).waitFor()
    await page.getByText(said.englishOlder).waitFor()
    await assertLooks(page, 'articles-list', language)
    await over()
    const none = await answer(page, list([]))
    await page.reload()
    await page.getByRole('heading', { name: said.emptyTitle }).waitFor()
    await assertLooks(page, 'articles-empty', language)
    await none()
    const failed = await answer(page, { Articles: fault('INTERNAL') })
    await page.reload()
    await page.getByRole('alert').getByText(words[language].fault.INTERNAL).waitFor()
    await assertAccessible(page)
    await failed()
    await answer(page, { Articles: hold })
    await page.reload()
    await page.getByRole('status').getByText(words[language].app.loading).first().waitFor()
    await screenshot(page, `articles-loading-${language}`)
  })
}

test('what narrows the list stands in the address', async (desk) => {
  const { page, asked } = await open(desk, '/articles', list())
  await page.getByRole('textbox', { name: t.searchLabel }).fill('番号')
  await page.getByRole('combobox', { name: t.category }).selectOption({ label: words.ja.inquiries.tag.OLD_NUMBER })
  await page.getByRole('combobox', { name: t.stateLabel }).selectOption({ label: t.state.PUBLISHED })
  await page.getByRole('checkbox', { name: t.due }).check()
  await page.waitForURL((url) => url.searchParams.get('due') === 'yes' && url.hash.includes('q='))
  await settled(page)
  assert.deepEqual(asked.Articles.at(-1).filter, { search: '番号', category: 'OLD_NUMBER', state: 'PUBLISHED', reviewDue: true })
  await page.setViewportSize({ width: 320, height: 640 })
  await assertFits(page)
})

test('a question is read in both languages, with what each saving changed', async (desk) => {
  const { page } = await open(desk, `/articles/${OLD.id}`, { OneArticle: () => one(OLD) }, { size: { width: 1920, height: 1080 } })
  await page.getByRole('region', { name: t.en }).getByText(t.englishOlder).waitFor()
  await page.getByText(t.unpublished).waitFor()
  const history = page.getByRole('region', { name: t.history })
  await history.getByText(t.diff, { exact: true }).click()
  assert.match(await history.locator('ins').first().textContent(), /もう一度宣言してください。/)
  assert.match(await history.locator('del').first().textContent(), /事務局にお電話ください。/)
  await assertLooks(page, 'articles-one', 'ja')
})

test('it is published, retired and said to be right, each asked about first', async (desk) => {
  const changed = (more) => ({ changeArticle: { __typename: 'ArticleSaved', article: { ...OLD, ...more } } })
  const { page, asked } = await open(desk, `/articles/${OLD.id}`, { OneArticle: () => one(OLD), ChangeArticle: () => changed({}) })
  await page.getByRole('button', { name: t.publishAgain }).click()
  await page.getByRole('alertdialog').getByText(t.publishOlder, { exact: false }).waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: t.publish, exact: true }).click()
  await page.getByRole('status').getByText(t.published).waitFor()
  await page.getByRole('button', { name: t.reviewed }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('令和2年1月1日')
  await page.getByRole('dialog').getByRole('button', { name: t.reviewedSave }).click()
  await page.getByRole('dialog').getByText(t.nextMissing).waitFor()
  await assertAccessible(page)
  await page.getByRole('dialog').getByRole('textbox').fill('2099年4月1日')
  await page.getByRole('dialog').getByRole('button', { name: t.reviewedSave }).click()
  await page.getByRole('status').getByText(t.reviewedDone).waitFor()
  await page.getByRole('button', { name: t.retire }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: t.retire }).click()
  await page.getByRole('status').getByText(t.retiredDone).waitFor()
  assert.deepEqual(asked.ChangeArticle.map(({ change }) => change), [{ publish: true }, { reviewed: '2099-04-01' }, { retire: true }])
})

test('a question is written: half an English one is none', async (desk) => {
  const { page, asked } = await open(desk, '/articles/new', { SaveArticle: () => saved(DRAFT), OneArticle: () => one(DRAFT, HISTORY.slice(0, 1)) })
  const save = page.getByRole('button', { name: words.ja.sheet.save })
  await save.click()
  await page.getByRole('link', { name: t.chooseCategory }).waitFor()
  await toTop(page)
  await assertAccessible(page)
  await page.getByRole('combobox', { name: t.field.category }).selectOption({ label: words.ja.inquiries.tag.LOGO })
  await page.getByRole('textbox', { name: t.field.jaTitle }).fill('ロゴは名刺に使えますか。')
  await page.getByRole('textbox', { name: t.field.jaBody }).fill('使えます。')
  await page.getByRole('textbox', { name: t.field.enTitle }).fill('May I print the logo?')
  await save.click()
  await page.getByRole('link', { name: t.enPair }).first().waitFor()
  await toTop(page)
  await assertLooks(page, 'articles-form', 'ja')
  await page.getByRole('textbox', { name: t.field.enBody }).fill('Yes.')
  await save.click()
  await page.waitForURL((url) => url.pathname === `/articles/${DRAFT.id}`)
  const [{ category, ja, en, reviewDueOn }] = asked.SaveArticle
  assert.deepEqual({ category, ja, en, reviewDueOn }, { category: 'LOGO', ja: { title: 'ロゴは名刺に使えますか。', body: '使えます。' }, en: { title: 'May I print the logo?', body: 'Yes.' }, reviewDueOn: null })
})

test('what somebody else saved first is shown beside one’s own; problems stand at their fields', async (desk) => {
  const theirs = { ...OLD, version: '9', ja: { ...OLD.ja, body: '相手の回答' } }
  const answers = [
    { saveArticle: { __typename: 'ArticleConflict', message: '', current: theirs } },
    { saveArticle: { __typename: 'InvalidInput', problems: [{ field: 'ja.body', code: 'guarded_word', message: 'この言葉は使えません。' }] } },
  ]
  const { page, asked } = await open(desk, `/articles/${OLD.id}/edit`, { OneArticle: () => one(OLD), SaveArticle: () => answers.shift() })
  await page.getByRole('textbox', { name: t.field.jaBody }).fill('自分の回答')
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.getByRole('group', { name: t.field.jaBody }).getByText('相手の回答').waitFor()
  await toTop(page)
  await assertLooks(page, 'articles-conflict', 'ja')
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.getByRole('link', { name: 'この言葉は使えません。' }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'jaBody')
  assert.deepEqual(asked.SaveArticle.map(({ expectedVersion }) => expectedVersion), ['7', '9'])
})

test('there is no such question; whoever may only read has nothing to press', async (desk) => {
  const missing = await open(desk, `/articles/${DRAFT.id}`, { OneArticle: () => ({ article: null }) })
  await missing.page.getByRole('heading', { name: t.notFoundTitle }).waitFor()
  await assertAccessible(missing.page)
  const { page } = await open(desk, `/articles/${OLD.id}`, { OneArticle: () => one(OLD) }, { who: 'auditor' })
  assert.equal(await page.getByRole('link', { name: t.edit }).count(), 0)
  assert.equal(await page.getByRole('button', { name: t.publishAgain }).getAttribute('title'), say(words.ja.sheet.noRight, { permission: words.ja.permission.MANAGE_ARTICLES }))
})

const days = Array.from({ length: 30 }, (_, index) => ({ day: `2026-11-${String(index + 1).padStart(2, '0')}`, received: 20 + ((index * 7) % 15), answered: 18, closed: 15 + ((index * 5) % 17), backlog: 30 + (index % 9) }))
const NUMBERS = {
  __typename: 'InquiryNumbers', received: 812, answered: 790, closed: 745, reopened: 19, reopenedPermille: 26, breached: 7, firstReply: { count: 790, median: 95, p90: 410 }, resolution: { count: 700, median: null, p90: null }, byDay: days,
  byHour: Array.from({ length: 24 }, (_, hour) => ({ hour, received: hour > 8 && hour < 18 ? 80 : 6 })), byTopic: [{ topic: 'FORGOTTEN_NUMBER', received: 400 }, { topic: 'GBIZ_ID', received: 120 }, { topic: null, received: 40 }], byChannel: [{ channel: 'MAIL', received: 800 }, { channel: 'TELEPHONE', received: 12 }],
}
const n = words.ja.inquiryNumbers
const numbered = (more = {}) => ({ InquiryNumbers: () => ({ inquiryNumbers: { ...NUMBERS, ...more } }) })

for (const language of LANGUAGES) {
  test(`numbers of a period, each chart with its table (${language})`, async (desk) => {
    const said = words[language].inquiryNumbers
    const { page } = await open(desk, '/inquiries/numbers?from=2026-11-01&until=2026-11-30', numbered(), { language, size: { width: 1920, height: 1080 } })
    for (const title of [said.byDay, said.backlogTitle, said.byHour, said.byTopic, said.byChannel]) {
      await page.getByRole('img', { name: say(said.chart, { title }) }).waitFor()
      await page.getByRole('table', { name: title }).waitFor()
    }
    await page.getByRole('table', { name: said.times }).getByRole('cell', { name: say(said.hours, { hours: 1, minutes: 35 }) }).waitFor()
    await assertLooks(page, 'inquiry-numbers', language)
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
  })
}

test('the period is typed or picked, and stands in the address', async (desk) => {
  const { page, asked } = await open(desk, '/inquiries/numbers', numbered())
  await page.getByRole('textbox', { name: n.from }).fill('2026年11月30日')
  await page.getByRole('textbox', { name: n.to }).fill('令和8年11月1日')
  await page.getByRole('button', { name: n.submit }).click()
  await page.getByText(n.order).waitFor()
  await assertAccessible(page)
  await page.getByRole('textbox', { name: n.from }).fill('2026年10月1日')
  await page.getByRole('button', { name: n.submit }).click()
  await page.waitForURL((url) => url.searchParams.get('from') === '2026-10-01' && url.searchParams.get('until') === '2026-11-01')
  await settled(page)
  assert.deepEqual(asked.InquiryNumbers.at(-1), { from: '2026-10-01', to: '2026-11-01' })
  await page.getByRole('link', { name: n.preset.lastMonth }).click()
  await page.getByRole('link', { name: n.preset.lastMonth }).and(page.locator('[aria-current=page]')).waitFor()
})

test('nothing in a period, days that are none, a fault, and the file', async (desk) => {
  desk.expect(/500/)
  const none = numbered({ received: 0, answered: 0, closed: 0, byDay: [] })
  const { page, over } = await open(desk, '/inquiries/numbers', none)
  await page.getByRole('heading', { name: n.emptyTitle }).waitFor()
  await assertLooks(page, 'inquiry-numbers-empty', 'ja')
  await page.goto('/inquiries/numbers?from=never&until=2026-11-01')
  await page.getByText(words.ja.day.unreadable).waitFor()
  await assertAccessible(page)
  await over()
  const failed = await answer(page, { InquiryNumbers: fault('INTERNAL') })
  await page.goto('/inquiries/numbers')
  await page.getByRole('alert').getByText(words.ja.fault.INTERNAL).waitFor()
  await failed()
  await answer(page, numbered())
  await page.goto('/inquiries/numbers?from=2026-11-01&until=2026-11-30')
  const asked = []
  await page.route('**/exports/inquiry-numbers.csv', (route) => {
    asked.push(JSON.parse(route.request().postData()))
    return route.fulfill({ contentType: 'text/csv', body: 'day,received\n' })
  })
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: n.download }).click()])
  assert.equal(download.suggestedFilename(), 'inquiry-numbers-20261101-20261130.csv')
  assert.deepEqual(asked, [{ from: '2026-11-01', to: '2026-11-30' }])
})
