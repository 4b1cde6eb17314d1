// 問い合わせ: two people at one desk. What the server tells over the socket, and the draft that they share. All of it is made up.
import assert from 'node:assert/strict'
import { assertAccessible, assertLooks, desks, settled } from './harness/desk.mjs'
import { COLLEAGUE, draft, entry, fakeDesk, fakeSocket, IDS, inquiry, message, row, whoIs } from './harness/fake-desk.mjs'
import { say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })
const w = words.ja.desk
const PLACE = `/inquiries?queue=ALL&id=${IDS.inquiry}`

async function open(desk, { who = 'registrar', path = PLACE, ...faked } = {}) {
  const page = await desk.page(who)
  const me = await whoIs(office, who)
  const socket = await fakeSocket(page)
  const fake = await fakeDesk(page, me, faked)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return { page, fake, socket, me }
}

const text = (page) => page.getByRole('textbox', { name: words.ja.inquiries.textLabel })
const card = (page, name) => page.getByRole('region', { name })
const told = (page, sentence) => page.getByRole('status').getByText(sentence, { exact: true }).first().waitFor()

test('who else is in the thread is named, and what they do appears', async (desk) => {
  const { page, fake, socket } = await open(desk)
  await socket.isWatched('InquiryWatched')
  socket.tell('InquiryWatched', { inquiryWatched: { position: '100', others: [{ id: IDS.colleague, name: COLLEAGUE }] } })
  await page.getByText(say(w.live.others, { names: COLLEAGUE })).waitFor()
  await assertLooks(page, 'desk-live', 'ja')
  const asked = fake.sent.OneInquiry.length
  fake.record = inquiry({ version: '104', entries: [...fake.record.entries, entry(104, 'NOTED', { note: { __typename: 'OpenText', text: '電話で確認しました' } })] })
  socket.tell('InquiryWatched', { inquiryWatched: { position: '104', others: [] } })
  await page.getByText('電話で確認しました').waitFor()
  await told(page, say(words.ja.watching.changed, { name: COLLEAGUE }))
  assert.equal(fake.sent.OneInquiry.length, asked + 1)
  assert.equal(await page.getByText(say(w.live.others, { names: COLLEAGUE })).count(), 0)
  fake.record = inquiry({ version: '105', entries: [...fake.record.entries, message(105, '追伸です。', { id: '019e4ca0-0000-7000-8000-0000000000b2' })] })
  socket.tell('InquiryWatched', { inquiryWatched: { position: '105', others: [] } })
  await page.getByText('追伸です。').waitFor()
  await told(page, w.live.arrived)
})

test('the list is asked again when the desk has moved, with what was heard, and not for every word of it', async (desk) => {
  const { page, fake, socket } = await open(desk, { path: '/inquiries?queue=ALL' })
  await socket.isWatched('InquiriesMoved')
  const before = fake.sent.Inquiries.length
  fake.rows = [row(IDS.other, '新しい問い合わせ'), ...fake.rows]
  for (const position of ['201', '202', '203', '204']) socket.tell('InquiriesMoved', { inquiriesMoved: position })
  await page.getByRole('link').filter({ hasText: '新しい問い合わせ' }).waitFor()
  await page.waitForTimeout(2_500)
  const asked = fake.sent.Inquiries.slice(before)
  assert.ok(asked.length <= 2, `${asked.length} times`)
  assert.equal(asked.at(-1).atLeast, '204')
})

test('an answer is kept while it is written, and once more when its author leaves', async (desk) => {
  const { page, fake, me } = await open(desk)
  await page.keyboard.press('r')
  await text(page).fill('書きかけの返信です。')
  await page.getByText(w.draft.unsaved).waitFor()
  while (!fake.record.draft) await page.waitForTimeout(100)
  await page.getByText(/^下書きを保存しました/).waitFor()
  await assertLooks(page, 'desk-draft-kept', 'ja')
  assert.deepEqual(fake.sent.ChangeInquiryDraft.map(({ change }) => change.save.text), ['書きかけの返信です。'])
  await text(page).fill('もう少し書きました。')
  await page.getByRole('button', { name: words.ja.inquiries.fold }).click()
  await card(page, w.draft.own).getByText('もう少し書きました。').waitFor()
  assert.equal(fake.record.draft.byId, me.id)
  assert.equal(fake.sent.ChangeInquiryDraft.length, 2)
})

test('a colleague sees the draft, goes on with it, and nothing of it is lost', async (desk) => {
  const { page, fake } = await open(desk, { record: inquiry({ draft: draft('お調べします。') }) })
  const theirs = card(page, say(w.draft.of, { name: COLLEAGUE }))
  await theirs.getByText('お調べします。').waitFor()
  await assertLooks(page, 'desk-draft-theirs', 'ja')
  await theirs.getByRole('button', { name: w.draft.goOn }).click()
  assert.equal(await text(page).inputValue(), 'お調べします。')
  await text(page).fill('お調べしました。')
  while (fake.record.draft.by === COLLEAGUE) await page.waitForTimeout(100)
  assert.equal(fake.record.draft.words.text, 'お調べしました。')
})

test('what a colleague kept meanwhile is not written over unasked', async (desk) => {
  const { page, fake, socket } = await open(desk)
  await socket.isWatched('InquiryWatched')
  await page.keyboard.press('r')
  await text(page).fill('自分の文')
  fake.record = inquiry({ version: '101', draft: draft('相手の文'), entries: [...fake.record.entries, entry(101, 'DRAFT_SAVED')] })
  socket.tell('InquiryWatched', { inquiryWatched: { position: '101', others: [] } })
  await page.getByRole('alert').getByText(say(w.draft.theirs, { name: COLLEAGUE })).waitFor()
  await assertLooks(page, 'desk-draft-both', 'ja')
  assert.equal(fake.sent.ChangeInquiryDraft, undefined)
  await page.getByRole('button', { name: w.draft.useTheirs }).click()
  assert.equal(await text(page).inputValue(), '相手の文')
  await page.getByRole('status').getByRole('button', { name: words.ja.inquiries.undo }).click()
  assert.equal(await text(page).inputValue(), '自分の文')
  await page.getByRole('button', { name: w.draft.useMine }).click()
  while (fake.record.draft.words.text !== '自分の文') await page.waitForTimeout(50)
  await page.getByRole('alert').waitFor({ state: 'detached' })
})

test('with four eyes an answer goes once a colleague agreed with these words', async (desk) => {
  const { page, fake } = await open(desk, { fourEyes: true })
  const send = page.getByRole('button', { name: words.ja.inquiries.send, exact: true })
  await page.keyboard.press('r')
  await text(page).fill('確認をお願いします。')
  await page.getByText(w.draft.needsReview).first().waitFor()
  await page.getByRole('button', { name: w.draft.askReview }).click()
  await told(page, w.draft.askedReview)
  assert.equal(await send.getAttribute('title'), w.draft.waitsReview)
  await assertLooks(page, 'desk-four-eyes', 'ja')
  await page.keyboard.press('Control+Enter')
  fake.record = { ...fake.record, version: '150', draft: { ...fake.record.draft, state: 'AGREED' } }
  await page.reload()
  await page.getByRole('button', { name: w.draft.goOn }).click()
  assert.equal(await send.getAttribute('aria-disabled'), null)
  await text(page).fill('変えました。')
  assert.equal(await send.getAttribute('title'), w.draft.changedSince)
  assert.equal(fake.sent.ReplyToInquiry, undefined)
})

test('a colleague agrees with a draft, or throws it away after a question', async (desk) => {
  const { page, fake } = await open(desk, { record: inquiry({ draft: draft('お調べしました。', { state: 'FOR_REVIEW' }) }) })
  const theirs = card(page, say(w.draft.of, { name: COLLEAGUE }))
  await theirs.getByRole('button', { name: w.draft.agree }).click()
  await told(page, w.draft.agreed)
  await theirs.getByText(w.draft.state.AGREED).waitFor()
  await theirs.getByRole('button', { name: w.draft.discard }).click()
  await assertAccessible(page)
  await page.getByRole('alertdialog').getByRole('button', { name: w.draft.discard }).click()
  await theirs.waitFor({ state: 'detached' })
  assert.deepEqual(fake.sent.ChangeInquiryDraft.map(({ change }) => Object.keys(change)[0]), ['agree', 'discard'])
})

test('whoever may only read sees that there is a draft, and nothing to do with it', async (desk) => {
  const { page } = await open(desk, { who: 'auditor', record: inquiry({ draft: { ...draft('x'), words: { __typename: 'Withheld', permission: 'READ_PERSONAL' } } }) })
  const theirs = card(page, say(w.draft.of, { name: COLLEAGUE }))
  await theirs.getByText(words.ja.inquiries.withheld).waitFor()
  assert.equal(await theirs.getByRole('button').count(), 0)
  await assertAccessible(page)
})
