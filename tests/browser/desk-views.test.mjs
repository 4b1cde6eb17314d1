// 問い合わせ: what somebody asks the desk again and again is kept as a view, and whom a note asks to look finds it in a queue of their own.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, assertLooks, desks, settled } from './harness/desk.mjs'
import { whoIs } from './harness/fake-desk.mjs'
import { say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const w = words.ja.inquiries
const v = words.ja.views
const main = (page) => page.getByRole('main')
const views = (page) => page.getByRole('navigation', { name: v.title })
const queue = (page, name) => page.getByRole('navigation', { name: w.queues }).getByRole('link', { name: new RegExp(`^${name}`) })
const row = (page, subject) => main(page).getByRole('list', { name: w.list }).getByRole('link').filter({ hasText: subject })
const told = (page, sentence) => page.getByRole('status').getByText(sentence, { exact: true }).first().waitFor()
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams)

const encoded = (line) => `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`
const plain = (id, subject) => `From: ${encoded('見本 太郎')} <taro-${id}@example.jp>\r\nTo: office@example.jp\r\nSubject: ${encoded(subject)}\r\nMessage-ID: <${id}@example.jp>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('本文').toString('base64')}\r\n`

const LIST = '{ inquiries(queue: ALL) { ... on InquiryConnection { nodes { id version heading { ... on InquiryHeading { subject } } } } } }'
const CHANGE = 'mutation ($input: ChangeInquiryInput!) { changeInquiry(input: $input) { __typename } }'

async function arrived(subject) {
  const cookie = await office.cookieOf('registrar')
  for (;;) {
    const { data } = await office.ask(LIST, {}, cookie)
    const found = data.inquiries.nodes.find((node) => node.heading?.subject === subject)
    if (found) return found
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function handOver(id, subject) {
  await office.deliver(plain(id, subject))
  return arrived(subject)
}

async function change(who, { id, version }, what) {
  const input = { commandId: crypto.randomUUID(), id, expectedVersion: version, change: what }
  const { data } = await office.ask(CHANGE, { input }, await office.cookieOf(who))
  assert.equal(data.changeInquiry.__typename, 'InquiryChanged')
}

const idOf = async (who) => (await whoIs(office, who)).id

async function open(desk, where, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(where)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

test('a queue, a topic and an assignee are kept under a name, shared, begun with, and found in the palette', async (desk) => {
  const mine = await handOver('views-1', 'ロゴの件')
  await handOver('views-2', '別の件')
  const registrar = await idOf('registrar')
  await change('registrar', mine, { tag: { add: ['LOGO'] } })
  await change('registrar', await arrived('ロゴの件'), { assign: { assigneeId: registrar } })

  const page = await open(desk, '/inquiries?queue=OPEN')
  await row(page, '別の件').waitFor()
  await main(page).getByRole('combobox', { name: w.tagLabel }).selectOption('LOGO')
  await main(page).getByRole('combobox', { name: w.staffLabel }).selectOption(registrar)
  await row(page, '別の件').waitFor({ state: 'detached' })
  await row(page, 'ロゴの件').waitFor()
  assert.deepEqual(query(page), { queue: 'OPEN', tag: 'LOGO', staff: registrar })
  await views(page).getByRole('button', { name: v.openAtDesk }).click()
  const sheet = page.getByRole('dialog', { name: v.title })
  await sheet.getByText(new RegExp(w.queue.OPEN)).waitFor()
  await sheet.getByText(v.kept.INQUIRIES).waitFor()
  await sheet.getByRole('textbox', { name: v.name }).fill('ロゴの対応中')
  await sheet.getByRole('checkbox', { name: v.shared }).check()
  await sheet.getByRole('button', { name: v.save, exact: true }).click()
  await told(page, say(v.saved, { name: 'ロゴの対応中' }))
  await sheet.getByRole('button', { name: say(v.makeDefaultOf, { name: 'ロゴの対応中' }) }).click()
  await sheet.getByRole('button', { name: say(v.endDefaultOf, { name: 'ロゴの対応中' }) }).waitFor()
  await assertAccessible(page)
  await assertLooks(page, 'desk-views-sheet', 'ja')
  await page.keyboard.press('Escape')
  assert.equal(await views(page).getByRole('link', { name: /ロゴの対応中/ }).getAttribute('aria-current'), 'page')
  await assertLooks(page, 'desk-views', 'ja')

  await queue(page, w.queue.ALL).click()
  await settled(page)
  assert.equal(query(page).queue, 'ALL')
  await views(page).getByRole('link', { name: /ロゴの対応中/ }).click()
  await settled(page)
  assert.deepEqual(query(page), { queue: 'OPEN', tag: 'LOGO', staff: registrar, sort: 'DUE' })
  await page.goto('/inquiries')
  await page.waitForURL(/tag=LOGO/)

  // Whoever only reads sees it, cannot change it, and begins where they began.
  const other = await open(desk, '/inquiries', 'auditor')
  assert.deepEqual(query(other), {})
  await views(other).getByRole('link', { name: 'ロゴの対応中' }).click()
  await other.waitForURL(/tag=LOGO/)
  // Who wrote what is not for them; that there is one is.
  await main(other).getByRole('list', { name: w.list }).getByRole('link').first().waitFor()
  await views(other).getByRole('button', { name: v.openAtDesk }).click()
  await other.getByRole('dialog', { name: v.title }).getByText(v.sharedNoRight.INQUIRIES).waitFor()
  await assertAccessible(other)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('ロゴの対応中')
  await page.getByRole('menuitem', { name: say(words.ja.palette.deskView, { name: 'ロゴの対応中' }) }).waitFor()
})

test('whom a note asks to look is told, finds it in a queue of their own, and says that they have', async (desk) => {
  const subject = '判断に迷う件'
  const inquiry = await handOver('mention-1', subject)
  await change('chief', inquiry, { note: { text: '確認をお願いします。', mentionedIds: [await idOf('registrar')] } })
  const page = await open(desk, '/inquiries?queue=MENTIONED')
  await row(page, subject).waitFor()
  assert.match(await queue(page, w.queue.MENTIONED).textContent(), /1$/)
  await row(page, subject).click()
  await main(page).getByText(w.askedToLook).waitFor()
  await settled(page)
  await assertAccessible(page)
  await assertFits(page)
  await assertLooks(page, 'desk-mentioned', 'ja')
  await main(page).getByRole('button', { name: w.haveLooked }).click()
  await told(page, w.done.mentionSeen)
  await main(page).getByText(w.askedToLook).waitFor({ state: 'detached' })
  await main(page).getByText(w.entry.MENTION_SEEN).waitFor()
  await main(page).getByText(w.empty.MENTIONED).waitFor()
  // Whoever wrote the note is not asked.
  const chief = await open(desk, '/inquiries?queue=MENTIONED', 'chief')
  await main(chief).getByText(w.empty.MENTIONED).waitFor()
})
