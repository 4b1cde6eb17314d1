// 問い合わせ: what stands beside a thread, its files, and its HTML part. The server's answers are made up.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { context, fakeDesk, IDS, inquiry, message, SUBJECT, whoIs } from './harness/fake-desk.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })
const w = words.ja.desk
const WIDE = { width: 1920, height: 1080 }
const PLACE = `/inquiries?queue=ALL&id=${IDS.inquiry}`

async function open(desk, { who = 'registrar', language = 'ja', size, ...faked } = {}) {
  const page = await desk.page(who, { language, size })
  const fake = await fakeDesk(page, await whoIs(office, who), faked)
  await page.goto(PLACE)
  await page.getByRole('heading', { level: 2, name: SUBJECT }).waitFor()
  await settled(page)
  return { page, fake }
}

const beside = (page) => page.getByRole('complementary', { name: w.beside })
const answerText = (page) => page.getByRole('textbox', { name: words.ja.inquiries.textLabel })

test('whom it may be about stands beside it with the reasons, and is linked by one press', async (desk) => {
  const { page, fake } = await open(desk, { size: WIDE })
  const found = beside(page).getByRole('listitem').filter({ hasText: '株式会社見本商店' })
  await found.getByText(w.match.ADDRESS).waitFor()
  await found.getByText(w.match.NUMBER).waitFor()
  assert.match(await found.getByRole('link').first().getAttribute('href'), new RegExp(`/declarations/${IDS.declaration}`))
  await assertLooks(page, 'desk-beside-wide', 'ja')
  await found.getByRole('button', { name: say(w.linkOf, { number: '5999 0000 017' }) }).click()
  await found.getByText(w.match.LINKED).waitFor()
  assert.deepEqual(fake.sent.ChangeInquiry[0].change, { linkDeclaration: IDS.declaration })
  assert.equal(await found.getByRole('button').count(), 0)
  assert.equal(fake.sent.InquiryContext.length, 1, 'what it names is not asked for again')
})

test('an answer of the FAQ is put where the caret stands, as text or as a link', async (desk) => {
  const { page } = await open(desk, { size: WIDE })
  const title = context().answers[0].article.ja.title
  await beside(page).getByRole('button', { name: say(w.insertAnswerOf, { title }) }).click()
  assert.equal(await answerText(page).inputValue(), context().answers[0].article.ja.body)
  await answerText(page).fill('前後')
  await answerText(page).press('ArrowLeft')
  await beside(page).getByRole('button', { name: say(w.insertLinkOf, { title }) }).click()
  assert.equal(await answerText(page).inputValue(), '前https://example.jp/faq/forgotten後')
  await page.keyboard.type('。')
  assert.equal(await answerText(page).inputValue(), '前https://example.jp/faq/forgotten。後', 'the caret stands behind it')
  const other = context().answers[1].article.ja.title
  const off = beside(page).getByRole('button', { name: say(w.insertLinkOf, { title: other }) })
  assert.equal(await off.getAttribute('aria-disabled'), 'true')
  await beside(page).getByRole('combobox', { name: w.insertLanguage }).selectOption({ label: words.ja.language.en })
  const old = beside(page).getByRole('button', { name: say(w.insertAnswerOf, { title: context().answers[1].article.en.title }) }).last()
  assert.equal(await old.getAttribute('title'), w.englishOlder)
})

test('where there is no room it is folded under the facts, and asked for when it is opened', async (desk) => {
  const { page, fake } = await open(desk)
  assert.equal(fake.sent.InquiryContext, undefined)
  await page.getByText(w.beside, { exact: true }).click()
  await page.getByRole('link', { name: '株式会社見本商店' }).waitFor()
  await assertLooks(page, 'desk-beside-folded', 'ja')
  await page.setViewportSize({ width: 320, height: 640 })
  await assertFits(page)
})

test('whoever may only read sees it without what changes anything', async (desk) => {
  const { page } = await open(desk, { who: 'auditor', size: WIDE })
  await beside(page).getByRole('link', { name: '株式会社見本商店' }).waitFor()
  assert.equal(await beside(page).getByRole('button').count(), 0)
  await assertAccessible(page)
})

for (const language of LANGUAGES) {
  test(`each state of it (${language})`, async (desk) => {
    desk.expect(/500/)
    const said = words[language].desk
    const { page, fake } = await open(desk, { language, size: WIDE })
    fake.context = context({ declarations: [], mails: [], answers: [], isComplete: true })
    await page.reload()
    await page.getByText(said.none.declarations).waitFor()
    await assertLooks(page, 'desk-beside-empty', language)
    const over = await answer(page, { InquiryContext: fault('INTERNAL') })
    await page.reload()
    await page.getByRole('alert').getByText(words[language].fault.INTERNAL).waitFor()
    await assertAccessible(page)
    await over()
    await answer(page, { InquiryContext: hold })
    await page.reload()
    await page.getByRole('heading', { level: 2, name: SUBJECT }).waitFor()
    await screenshot(page, `desk-beside-loading-${language}`)
  })
}

const FILES = [
  { index: 0, name: '登記事項.pdf', mediaType: 'application/pdf', size: 184_320, state: 'AVAILABLE' },
  { index: 1, name: '見積.exe', mediaType: 'application/x-msdownload', size: 1_048_576, state: 'QUARANTINED' },
  { index: 2, name: '写真.zip', mediaType: 'application/zip', size: 80_000_000, state: 'TOO_LARGE' },
]
const withFiles = inquiry({ entries: [message(100, 'テキストの本文です。', { files: FILES, hasHtml: true })] })

test('a file is saved from its link; one that must not be says why and is none', async (desk) => {
  const { page } = await open(desk, { record: withFiles })
  const files = page.getByRole('list', { name: w.file.list })
  assert.equal(await files.getByRole('link').count(), 1)
  await files.getByText(w.file.QUARANTINED).waitFor()
  await files.getByText(w.file.TOO_LARGE).waitFor()
  await assertLooks(page, 'desk-files', 'ja')
  await page.route('**/inquiries/files/**', (route) => route.fulfill({ contentType: 'application/pdf', body: '%PDF-1.4' }))
  const [download] = await Promise.all([page.waitForEvent('download'), files.getByRole('link').click()])
  assert.equal(download.suggestedFilename(), '登記事項.pdf')
})

test('a file that is refused says so beside it, and nothing is saved', async (desk) => {
  desk.expect(/422|503/)
  const { page } = await open(desk, { record: withFiles })
  const link = page.getByRole('list', { name: w.file.list }).getByRole('link')
  for (const [status, code] of [[422, 'file_infected'], [422, 'file_quarantined'], [503, 'scanner_unavailable'], [422, 'kept_back'], [404, 'gone']]) {
    desk.expect(new RegExp(String(status)))
    await page.route('**/inquiries/files/**', (route) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'VALIDATION', reason: code } }] }) }))
    await link.click()
    await page.getByRole('alert').getByText(w.file[code]).waitFor()
  }
  await assertAccessible(page)
})

test('the HTML part is shown in the place of the text, in a frame that can do nothing', async (desk) => {
  const { page } = await open(desk, { record: withFiles })
  await page.route('**/inquiries/html/**', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>x</title><p>HTMLの本文です。</p>' }))
  const button = page.getByRole('button', { name: w.html.show })
  await button.click()
  const frame = page.locator(`iframe[title="${w.html.title}"]`)
  await frame.contentFrame().getByText('HTMLの本文です。').waitFor()
  assert.equal(await frame.getAttribute('sandbox'), '')
  assert.equal(await page.getByText('テキストの本文です。').count(), 0)
  assert.equal(await button.getAttribute('aria-pressed'), 'true')
  await assertLooks(page, 'desk-html', 'ja')
  await button.click()
  await page.getByText('テキストの本文です。').waitFor()
})
