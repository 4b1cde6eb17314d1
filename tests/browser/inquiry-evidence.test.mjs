// 問い合わせ: what is changed in the register because somebody asked for it, from the thread to the record and back.
import assert from 'node:assert/strict'
import { assertAccessible, assertLooks, desks, settled } from './harness/desk.mjs'
import { say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 30 })
const r = words.ja
const SUBJECT = '名称が変わりました'
const main = (page) => page.getByRole('main')
const sheet = (page) => page.getByRole('dialog')

const LIST = 'query { inquiries(queue: ALL) { ... on InquiryConnection { nodes { id heading { ... on InquiryHeading { subject } } } } } }'

/** A message about a declaration; the id of its inquiry. */
async function asked(subject, number) {
  const encoded = (line) => `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`
  const body = Buffer.from(`自己宣言ID ${number} の件です。`).toString('base64')
  await office.deliver(
    `From: ${encoded('見本 太郎')} <taro@example.jp>\r\nTo: office@example.jp\r\nSubject: ${encoded(subject)}\r\nMessage-ID: <${number}@example.jp>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`,
  )
  const cookie = await office.cookieOf('registrar')
  for (;;) {
    const { data } = await office.ask(LIST, {}, cookie)
    const found = data.inquiries.nodes.find((node) => node.heading?.subject === subject)
    if (found) return found.id
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function openCommands(desk, id, number) {
  const page = await desk.page('registrar', { size: { width: 1920, height: 1080 } })
  await page.goto(`/inquiries?queue=ALL&id=${id}`)
  await page.getByRole('link', { name: say(r.desk.changeOf, { number }) }).click()
  await sheet(page).getByRole('link', { name: r.evidence.toInquiry }).waitFor()
  await settled(page)
  return page
}

test('a name is corrected on the ground of an inquiry alone, and both sides say so', async (desk) => {
  const id = await asked(SUBJECT, '47000000008')
  const page = await openCommands(desk, id, '4700 0000 008')
  await assertLooks(page, 'inquiry-evidence-commands', 'ja')
  await assertAccessible(page)
  await sheet(page).getByRole('link', { name: r.correct.title, exact: true }).click()
  await sheet(page).getByLabel('追加する項目').selectOption({ label: '事業者名' })
  await sheet(page).getByRole('button', { name: '項目を追加する' }).click()
  await sheet(page).getByRole('textbox', { name: '事業者名' }).fill('株式会社べつの歯科医院')
  await sheet(page).getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill('メールでの申し出')
  await assertLooks(page, 'inquiry-evidence-correct', 'ja')
  await assertAccessible(page)
  await sheet(page).getByRole('button', { name: r.correct.submit }).click()
  await page.waitForURL(new RegExp(`/inquiries\\?.*id=${id}`))
  await main(page).getByText(say(r.inquiries.entry.RECORD_CHANGED, { change: r.history.kind.CORRECTED })).waitFor()
  await settled(page)
  await assertLooks(page, 'inquiry-evidence-thread', 'ja')
  await main(page).getByRole('link', { name: r.inquiries.openLinked }).first().click()
  await page.getByRole('heading', { level: 1, name: /株式会社べつの歯科医院/ }).waitFor()
  const back = page.getByRole('link', { name: r.history.inquiry, exact: true }).first()
  assert.match(await back.getAttribute('href'), new RegExp(`/inquiries\\?.*${id}`))
  await assertLooks(page, 'inquiry-evidence-record', 'ja')
})

test('a note is written because of an inquiry, and Esc leads back to the thread with nothing done', async (desk) => {
  const subject = 'メモをお願いします'
  const id = await asked(subject, '47000000009')
  const page = await openCommands(desk, id, '4700 0000 009')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { level: 2, name: subject }).waitFor()
  await page.getByRole('link', { name: say(r.desk.changeOf, { number: '4700 0000 009' }) }).click()
  await sheet(page).getByRole('link', { name: r.command.name.note }).click()
  await sheet(page).getByRole('link', { name: r.evidence.toInquiry }).waitFor()
  await sheet(page).getByRole('textbox').fill('電話でも確認した')
  await sheet(page).getByRole('button', { name: r.command.name.note }).click()
  await main(page).getByText(say(r.inquiries.entry.RECORD_CHANGED, { change: r.history.kind.NOTE_ADDED })).waitFor()
})
