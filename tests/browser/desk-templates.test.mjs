// 問い合わせ: templates in an answer and in the settings, and many inquiries changed at once. The server's answers are made up.
import assert from 'node:assert/strict'
import { answer, fault } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, settled } from './harness/desk.mjs'
import { fakeDesk, IDS, row, SUBJECT, template, TEMPLATES, whoIs } from './harness/fake-desk.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })
const w = words.ja.desk
const PLACE = `/inquiries?queue=ALL&id=${IDS.inquiry}`

async function open(desk, { who = 'registrar', language = 'ja', size, path = PLACE, ...faked } = {}) {
  const page = await desk.page(who, { language, size })
  const fake = await fakeDesk(page, await whoIs(office, who), faked)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return { page, fake }
}

const text = (page) => page.getByRole('textbox', { name: words.ja.inquiries.textLabel })
const picker = (page) => page.getByRole('dialog', { name: w.template.title })

async function openPicker(page) {
  await page.getByRole('heading', { level: 2, name: SUBJECT }).waitFor()
  await page.keyboard.press('r')
  await text(page).waitFor()
  await page.getByRole('button', { name: w.template.open }).click()
  await picker(page).getByRole('menuitem').first().waitFor()
}

test('by keys: found by typing, those for its topics first, and put where the caret stands', async (desk) => {
  const { page, fake } = await open(desk)
  await openPicker(page)
  assert.match(await picker(page).getByRole('menuitem').first().textContent(), /ID照会の受付/)
  await assertLooks(page, 'desk-template-picker', 'ja')
  await page.keyboard.type('締め')
  await picker(page).getByRole('menuitem').filter({ hasText: 'ID照会の受付' }).waitFor({ state: 'detached' })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await picker(page).waitFor({ state: 'detached' })
  assert.equal(await text(page).inputValue(), 'よろしくお願いいたします。')
  await page.keyboard.type('見本')
  assert.equal(await text(page).inputValue(), 'よろしくお願いいたします。見本', 'the caret stands behind it')
  assert.deepEqual(fake.sent.FilledTemplate.map(({ language, inquiryId }) => [language, inquiryId]), [['JA', IDS.inquiry]])
})

test('what has no value is named, and holds the answer back until it is gone', async (desk) => {
  const { page, fake } = await open(desk, { templates: [template('09', '番号のお知らせ', { ja: '番号は{{宣言番号}}です。' })] })
  await openPicker(page)
  await picker(page).getByRole('menuitem').click()
  const sentence = say(w.template.left_one, { names: say(w.template.fieldOf, { code: '{{宣言番号}}', word: words.ja.mergeField.NUMBER }) })
  await page.getByText(sentence).first().waitFor()
  await assertLooks(page, 'desk-template-left', 'ja')
  const send = page.getByRole('button', { name: words.ja.inquiries.send, exact: true })
  assert.equal(await send.getAttribute('title'), sentence)
  await page.keyboard.press('Control+Enter')
  await settled(page)
  assert.equal(fake.sent.ReplyToInquiry, undefined)
  await text(page).fill('番号は5999 0000 017です。')
  await page.getByText(sentence).first().waitFor({ state: 'detached' })
  assert.equal(await send.getAttribute('aria-disabled'), null)
})

test('in English only what is not older than the Japanese text can be used', async (desk) => {
  const { page } = await open(desk)
  await openPicker(page)
  await picker(page).getByRole('radio', { name: words.ja.language.en }).check()
  const item = (name) => picker(page).getByRole('menuitem').filter({ hasText: name })
  await item('英語が古い文').getByText(w.template.englishOlder).waitFor()
  assert.equal(await item('英語が古い文').getAttribute('aria-disabled'), 'true')
  await item('締めの文').getByText(w.template.noEnglish).waitFor()
  await assertAccessible(page)
  await item('ID照会の受付').click()
  assert.equal(await text(page).inputValue(), 'Dear Misaki Takahashi,\n')
})

test('with an input method on, Enter chooses no template', async (desk) => {
  const { page, fake } = await open(desk)
  await openPicker(page)
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: 'しめ', selectionStart: 2, selectionEnd: 2 })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await session.send('Input.insertText', { text: '締め' })
  await picker(page).getByRole('menuitem').filter({ hasText: '締めの文' }).waitFor()
  assert.equal(fake.sent.FilledTemplate, undefined)
})

const SETTINGS = '/settings/templates'
const t = words.ja.templates
const saved = (given) => ({ saveReplyTemplate: { __typename: 'ReplyTemplateSaved', template: template('08', given.name, { ja: given.ja, en: given.en }) } })

for (const language of LANGUAGES) {
  test(`templates are listed, in each state (${language})`, async (desk) => {
    desk.expect(/500/)
    const said = words[language].templates
    const { page, fake } = await open(desk, { language, path: SETTINGS })
    await page.getByRole('link', { name: 'ID照会の受付' }).waitFor()
    await page.getByText(said.englishOlder, { exact: true }).waitFor()
    await assertLooks(page, 'templates-list', language)
    await page.getByRole('checkbox', { name: said.withRetired }).check()
    await page.waitForURL((url) => url.searchParams.get('retired') === 'with')
    fake.templates = []
    await page.reload()
    await page.getByRole('heading', { name: said.emptyTitle }).waitFor()
    await assertLooks(page, 'templates-empty', language)
    await answer(page, { ReplyTemplates: fault('INTERNAL') })
    await page.reload()
    await page.getByRole('alert').getByText(words[language].fault.INTERNAL).waitFor()
    await assertAccessible(page)
  })
}

test('a template is written with its fields, seen as it will be, and saved', async (desk) => {
  const { page, fake } = await open(desk, { path: `${SETTINGS}/new`, more: { SaveReplyTemplate: saved } })
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.getByRole('link', { name: t.nameMissing }).waitFor()
  await assertAccessible(page)
  await page.getByRole('textbox', { name: t.name }).fill('新しい文')
  await page.getByRole('checkbox', { name: words.ja.inquiries.tag.LOGO }).check()
  await page.getByRole('textbox', { name: t.ja }).fill(' 様')
  await page.getByRole('textbox', { name: t.ja }).press('Home')
  await page.getByRole('button', { name: say(t.insertField, { word: words.ja.mergeField.RECIPIENT, language: words.ja.language.ja }) }).click()
  assert.equal(await page.getByRole('textbox', { name: t.ja }).inputValue(), '{{相手}} 様')
  await page.getByRole('region', { name: t.previewJa }).getByText(t.sample.RECIPIENT).waitFor()
  await page.getByRole('textbox', { name: t.en }).fill('Dear {{dream}}')
  await page.getByRole('region', { name: t.previewEn }).getByText(say(t.unknown, { names: '{{dream}}' })).waitFor()
  await assertLooks(page, 'templates-form', 'ja')
  await page.getByRole('textbox', { name: t.en }).fill('Dear {{recipient}}')
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.waitForURL((url) => url.pathname === SETTINGS)
  const [{ name, tags, ja, en, id }] = fake.sent.SaveReplyTemplate
  assert.deepEqual({ name, tags, ja, en, id }, { name: '新しい文', tags: ['LOGO'], ja: '{{相手}} 様', en: 'Dear {{recipient}}', id: undefined })
})

test('what somebody else saved first is taken over where only they changed it, and asked about where both did', async (desk) => {
  const theirs = template('02', '相手の名前', { version: '6', tags: ['LOGO'], ja: TEMPLATES[1].ja, en: 'Theirs.' })
  let tries = 0
  const save = (given) => {
    tries += 1
    return tries === 1 ? { saveReplyTemplate: { __typename: 'ReplyTemplateConflict', message: '', current: theirs } } : saved(given)
  }
  const { page, fake } = await open(desk, { path: `${SETTINGS}/${TEMPLATES[1].id}`, more: { SaveReplyTemplate: save } })
  await page.getByRole('textbox', { name: t.name }).fill('自分の名前')
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.getByRole('heading', { name: words.ja.textConflict.title }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: t.en }).inputValue(), 'Theirs.')
  assert.equal(await page.getByRole('textbox', { name: t.name }).inputValue(), '自分の名前')
  await assertLooks(page, 'templates-conflict', 'ja')
  await page.getByRole('button', { name: say(words.ja.textConflict.takeOf, { label: t.name }) }).click()
  assert.equal(await page.getByRole('textbox', { name: t.name }).inputValue(), '相手の名前')
  await page.getByRole('button', { name: words.ja.sheet.save }).click()
  await page.waitForURL((url) => url.pathname === SETTINGS)
  assert.deepEqual([fake.sent.SaveReplyTemplate[0].expectedVersion, fake.sent.SaveReplyTemplate[1].expectedVersion], ['5', '6'])
})

test('a template is retired after a question; what was typed is not lost unasked', async (desk) => {
  const change = ({ retire }) => ({ changeReplyTemplate: { __typename: 'ReplyTemplateSaved', template: template('01', '締めの文', { isRetired: retire }) } })
  const { page, fake } = await open(desk, { path: `${SETTINGS}/${TEMPLATES[0].id}`, more: { ChangeReplyTemplate: change } })
  await page.getByRole('button', { name: t.retire }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: t.retire }).click()
  await page.getByRole('status').getByText(say(t.retiredDone, { name: '締めの文' })).waitFor()
  assert.equal(fake.sent.ChangeReplyTemplate[0].retire, true)
  await page.getByRole('textbox', { name: t.ja }).fill('書きかけ')
  await page.getByRole('button', { name: words.ja.action.cancel }).click()
  await page.getByRole('alertdialog', { name: words.ja.sheet.discardTitle }).getByRole('button', { name: words.ja.sheet.discardNo }).click()
  assert.equal(await page.getByRole('textbox', { name: t.ja }).inputValue(), '書きかけ')
})

test('whoever may not write templates reads them', async (desk) => {
  const { page } = await open(desk, { who: 'auditor', path: `${SETTINGS}/${TEMPLATES[0].id}` })
  await page.getByText(say(words.ja.sheet.noRight, { permission: words.ja.permission.MANAGE_INQUIRIES })).waitFor()
  await page.getByText('よろしくお願いいたします。').waitFor()
  assert.equal(await page.getByRole('main').getByRole('textbox').count(), 0)
  await assertAccessible(page)
})

const ROWS = [row(IDS.inquiry, SUBJECT), row(IDS.other, 'ロゴを名刺に使えますか'), row('019e4ca0-0000-7000-8000-0000000000a3', '旧IDは使えますか'), row('019e4ca0-0000-7000-8000-0000000000a4', '発行までの日数')]
const LIST = '/inquiries?queue=ALL'
const bar = (page) => page.getByRole('region', { name: w.bulk.bar })
const box = (page, subject) => page.getByRole('checkbox', { name: say(w.bulk.one, { subject }) })
const outcomesOf = (kinds) => ({ items }) => ({ changeInquiries: { __typename: 'InquiriesChanged', outcomes: items.map(({ id }, index) => ({ id, outcome: kinds[index], problems: kinds[index] === 'REFUSED' ? [{ field: 'resolution', code: 'not_replied', message: '返信がまだありません。' }] : [], missing: kinds[index] === 'MISSING_FIELD' ? ['NUMBER'] : [] })) } })

test('rows are chosen by key, by press and from one to another; each outcome is told', async (desk) => {
  const { page, fake } = await open(desk, { path: LIST, rows: ROWS, more: { ChangeInquiries: outcomesOf(['DONE', 'MOVED', 'REFUSED', 'NOT_FOUND']) } })
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await bar(page).getByText(say(w.bulk.count_one, { total: 1 })).waitFor()
  await page.keyboard.press('x')
  await bar(page).waitFor({ state: 'detached' })
  await box(page, ROWS[0].heading.subject).click()
  await box(page, ROWS[3].heading.subject).click({ modifiers: ['Shift'] })
  await bar(page).getByText(say(w.bulk.count_other, { total: 4 })).waitFor()
  await assertLooks(page, 'desk-bulk-bar', 'ja')
  await bar(page).getByRole('button', { name: w.bulk.deed.close }).click()
  const sheet = page.getByRole('dialog', { name: say(w.bulk.title.close_other, { count: 4 }) })
  await sheet.getByRole('combobox').selectOption({ label: words.ja.inquiries.resolution.REFERRED })
  await assertAccessible(page)
  await sheet.getByRole('button', { name: say(w.bulk.run_other, { count: 4 }) }).click()
  const told = page.getByRole('region', { name: say(w.bulk.summary, { total: 4, done: 1 }) })
  await told.getByText(w.bulk.outcome.MOVED).waitFor()
  await told.getByText(say(w.bulk.outcome.REFUSED, { why: '返信がまだありません。' })).waitFor()
  await told.getByText(w.bulk.outcome.NOT_FOUND).waitFor()
  await assertLooks(page, 'desk-bulk-outcomes', 'ja')
  assert.deepEqual(fake.sent.ChangeInquiries[0].change, { close: { resolution: 'REFERRED' } })
  assert.deepEqual(fake.sent.ChangeInquiries[0].items.map(({ expectedVersion }) => expectedVersion), ['100', '100', '100', '100'])
  await bar(page).getByText(say(w.bulk.count_other, { total: 2 })).waitFor()
  await page.getByRole('link', { name: new RegExp(`^${words.ja.inquiries.queue.OPEN}`) }).click()
  await bar(page).waitFor({ state: 'detached' })
})

test('many are answered by a template; who lacks a value is told', async (desk) => {
  const senders = { mailSetup: { transport: 'x', leaves: false, senders: [{ key: 'office', address: 'office@example.jp', name: '自己宣言事務局' }] } }
  const { page, fake } = await open(desk, { path: LIST, rows: ROWS, more: { MailSetup: () => senders, ChangeInquiries: outcomesOf(['DONE', 'MISSING_FIELD']) } })
  await box(page, ROWS[0].heading.subject).check()
  await box(page, ROWS[1].heading.subject).check()
  await bar(page).getByRole('button', { name: w.bulk.deed.reply }).click()
  const sheet = page.getByRole('dialog', { name: say(w.bulk.title.reply_other, { count: 2 }) })
  const send = sheet.getByRole('button', { name: say(w.bulk.send_other, { count: 2 }) })
  await send.click()
  await sheet.getByText(w.bulk.templateMissing).first().waitFor()
  await sheet.getByRole('combobox', { name: w.bulk.template }).selectOption({ label: 'ID照会の受付' })
  await sheet.getByText('ID照会の受付の本文です。').waitFor()
  await sheet.getByRole('checkbox', { name: w.bulk.closesYes }).check()
  await assertLooks(page, 'desk-bulk-reply', 'ja')
  await send.click()
  await page.getByText(say(w.bulk.outcome.MISSING_FIELD, { names: words.ja.mergeField.NUMBER })).waitFor()
  assert.deepEqual(fake.sent.ChangeInquiries[0].change, { reply: { templateId: TEMPLATES[1].id, language: 'JA', sender: 'office', close: true } })
})

test('spam is asked about first; on a phone nothing is lost', async (desk) => {
  const { page, fake } = await open(desk, { path: LIST, rows: ROWS, size: { width: 320, height: 640 }, more: { ChangeInquiries: outcomesOf(['DONE']) } })
  await box(page, ROWS[2].heading.subject).check()
  await assertFits(page)
  await bar(page).getByRole('button', { name: w.bulk.deed.spam }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: w.bulk.deed.spam }).click()
  await page.getByRole('heading', { name: say(w.bulk.summary, { total: 1, done: 1 }) }).waitFor()
  assert.deepEqual(fake.sent.ChangeInquiries[0].change, { spam: true })
})

test('whoever may only read has nothing to choose', async (desk) => {
  const { page } = await open(desk, { who: 'auditor', path: LIST, rows: ROWS })
  await page.getByRole('link').filter({ hasText: 'ロゴを名刺に使えますか' }).waitFor()
  assert.equal(await page.getByRole('main').getByRole('checkbox').count(), 0)
})
