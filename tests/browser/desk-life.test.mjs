// 問い合わせ: the life of one, between a real mailbox and a real mail server, with two people at the desk.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { assertAccessible, desks, screenshot, settled } from './harness/desk.mjs'
import { openMailroom } from './harness/mailroom.mjs'
import { say, words } from './harness/words.mjs'

const mailroom = await openMailroom()
after(() => mailroom.close())
const { test } = await desks({ rows: 5, extra: { SENGEN_CONFIG: mailroom.config } })

const w = words.ja.inquiries
const main = (page) => page.getByRole('main')
const row = (page, subject) => main(page).getByRole('list', { name: w.list }).getByRole('link').filter({ hasText: subject })
const text = (page) => page.getByRole('textbox', { name: w.textLabel })
const told = (page, sentence) => page.getByRole('status').getByText(sentence, { exact: true }).first().waitFor()

/** 「宣言番号を忘れました」 and 「番号を教えてください。」 in ISO-2022-JP, as many mail programs still write it. */
const SUBJECT = '宣言番号を忘れました'
const encoded = '=?ISO-2022-JP?B?GyRCQGs4QEhWOWYkcks6JGwkXiQ3JD8bKEI=?='
const BODY = Buffer.from('1b2442485639662472363524282446242f24402435242421231b2842', 'hex')

const message = (id, body, more = '') =>
  Buffer.concat([
    Buffer.from(`From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: ${more ? 'Re: ' : ''}${encoded}\r\nMessage-ID: <${id}@example.jp>\r\n${more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=${Buffer.isBuffer(body) ? 'iso-2022-jp' : 'utf-8'}\r\nContent-Transfer-Encoding: ${Buffer.isBuffer(body) ? '7bit' : '8bit'}\r\n\r\n`),
    Buffer.isBuffer(body) ? body : Buffer.from(body),
    Buffer.from('\r\n'),
  ])

async function open(desk, where, who) {
  const page = await desk.page(who)
  await page.goto(where)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

test('it comes out of the mailbox, two look at it, what moves meanwhile holds the answer, and the answer goes out in its thread', async (desk) => {
  const page = await open(desk, '/inquiries?queue=UNASSIGNED', 'registrar')
  await mailroom.arrives(message('life-1', BODY))
  // Nobody asks again: the desk hears of it.
  await row(page, SUBJECT).waitFor()
  await row(page, SUBJECT).click()
  await page.getByRole('heading', { level: 2, name: SUBJECT }).waitFor()
  await page.keyboard.press('a')
  await told(page, w.done.assignedMe)

  const other = await open(desk, page.url().replace(/^https?:\/\/[^/]+/, ''), 'support')
  await page.getByText(say(words.ja.desk.live.others, { names: '見本 窓子' })).waitFor()
  await other.getByText(say(words.ja.desk.live.others, { names: '見本 花子' })).waitFor()

  await page.keyboard.press('r')
  await text(page).fill('お調べします。')
  await other.keyboard.press('n')
  await other.getByRole('textbox', { name: w.noteLabel }).fill('電話もありました')
  await other.keyboard.press('Control+Enter')
  await main(page).getByText('電話もありました').waitFor()
  await mailroom.arrives(message('life-2', '追伸です。急いでいます。', 'In-Reply-To: <life-1@example.jp>\r\n'))
  await main(page).getByText('追伸です。急いでいます。').waitFor()
  await page.keyboard.press('Control+Enter')
  const held = main(page).getByRole('button', { name: w.heldSend, exact: true })
  await held.waitFor()
  await assertAccessible(page)
  await screenshot(page, 'desk-life-held')
  assert.equal(await text(page).inputValue(), 'お調べします。', 'what was written is there')
  await held.click()
  await told(page, w.done.replied)

  const sent = await mailroom.sent()
  assert.deepEqual(sent.to, ['taro@example.jp'])
  assert.match(sent.text, /^In-Reply-To: <life-2@example\.jp>/m)
  assert.match(sent.text, /^References: <life-1@example\.jp>\s+<life-2@example\.jp>/m)
  await main(page).getByText(w.status.WAITING).first().waitFor()
  await main(other).getByText(w.status.WAITING).first().waitFor()
  await screenshot(page, 'desk-life-answered')
  // What they write to that is theirs again.
  await mailroom.arrives(message('life-3', 'ありがとうございました。', 'In-Reply-To: <life-2@example.jp>\r\n'))
  await main(other).getByText('ありがとうございました。').waitFor()
  await main(page).getByText(w.status.OPEN).first().waitFor()
})
