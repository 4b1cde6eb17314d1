// 問い合わせ: from the message that is handed over to the answer that goes out; by keyboard, by two people at once, and for whoever may not.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 30 })

const w = words.ja.inquiries
const NOBODY = '019e4ca0-0000-7000-8000-000000000000'
const main = (page) => page.getByRole('main')
const button = (page, name) => main(page).getByRole('button', { name, exact: true })
const row = (page, subject) => main(page).getByRole('list', { name: w.list }).getByRole('link').filter({ hasText: subject })
const text = (page) => page.getByRole('textbox', { name: w.textLabel })
const told = (page, sentence) => page.getByRole('status').getByText(sentence, { exact: true }).first().waitFor()

const encoded = (line) => `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`
const plain = ({ id, subject, body, from = 'taro@example.jp', name = '見本 太郎', more = '' }) =>
  `From: ${encoded(name)} <${from}>\r\nTo: office@example.jp\r\nSubject: ${encoded(subject)}\r\nMessage-ID: <${id}@example.jp>\r\n${more}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`

const LIST = 'query ($filter: InquiryFilter) { inquiries(queue: ALL, filter: $filter) { ... on InquiryConnection { nodes { id messages heading { ... on InquiryHeading { subject } } } } } }'

/** Its id, once so many of its messages have come. */
async function arrived(subject, messages = 1) {
  const cookie = await office.cookieOf('registrar')
  for (;;) {
    const { data } = await office.ask(LIST, { filter: {} }, cookie)
    const found = data.inquiries.nodes.find((node) => node.heading?.subject === subject && node.messages >= messages)
    if (found) return found.id
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function handOver(message) {
  await office.deliver(plain(message))
  return arrived(message.subject)
}

async function open(desk, where, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(where)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

const openThread = async (desk, id, who = 'registrar', options = {}) => open(desk, `/inquiries?queue=ALL&id=${id}`, who, options)

test('by keys: from the queue to the thread, taken, noted, answered and closed', async (desk) => {
  const subject = '自己宣言IDを忘れました'
  await handOver({ id: 'story-1', subject, body: '自己宣言IDを教えてください。' })
  const page = await open(desk, '/inquiries?queue=UNASSIGNED')
  await row(page, subject).waitFor()
  await assertLooks(page, 'inquiries-list', 'ja')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 2, name: subject }).waitFor()
  await settled(page)
  await assertLooks(page, 'inquiries-thread', 'ja')
  await page.keyboard.press('a')
  await told(page, w.done.assignedMe)
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: w.noteLabel }).waitFor()
  await page.keyboard.type('電話でも確認した')
  await assertLooks(page, 'inquiries-note', 'ja')
  await page.keyboard.press('Control+Enter')
  await told(page, w.done.noted)
  await main(page).getByText('電話でも確認した').waitFor()
  await page.keyboard.press('r')
  await text(page).waitFor()
  await page.keyboard.type('お調べします。')
  assert.equal(await page.getByRole('textbox', { name: w.subjectLabel }).inputValue(), `Re: ${subject}`)
  await assertLooks(page, 'inquiries-reply', 'ja')
  await page.keyboard.press('Control+Enter')
  await told(page, w.done.replied)
  await main(page).getByText(w.status.WAITING).first().waitFor()
  await text(page).waitFor({ state: 'detached' })
  await page.keyboard.press('e')
  await page.getByRole('dialog', { name: w.deed.close }).waitFor()
  await assertAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: w.deed.close }).click()
  await told(page, w.done.closed)
  await button(page, w.deed.reopen).click()
  await told(page, w.done.reopened)
})

test('an answer is held when something came in, is sent once that was looked at, and can be called off', async (desk) => {
  const subject = '代表者の変更について'
  const id = await handOver({ id: 'held-1', subject, body: '手続きを教えてください。' })
  const page = await openThread(desk, id)
  await page.keyboard.press('r')
  await text(page).fill('手続きは次のとおりです。')
  await office.deliver(plain({ id: 'held-2', subject, body: '追伸です。', more: 'In-Reply-To: <held-1@example.jp>\r\n' }))
  await arrived(subject, 2)
  await page.keyboard.press('Control+Enter')
  await main(page).getByRole('alert').getByText(w.held).waitFor()
  assert.equal(await text(page).inputValue(), '手続きは次のとおりです。', 'nothing of it is lost')
  await page.getByRole('region', { name: subject }).getByText('追伸です。').waitFor()
  await assertLooks(page, 'inquiries-held', 'ja')
  await button(page, w.heldSend).click()
  await told(page, w.done.replied)
  await page.getByRole('status').getByRole('button', { name: w.callOff }).click()
  await told(page, w.calledOff)
  assert.equal(await text(page).inputValue(), '手続きは次のとおりです。', 'it is back where it was written')
})

test('with an input method on, Enter sends nothing; neither does it in a line', async (desk) => {
  const id = await handOver({ id: 'ime-1', subject: '変換の試験', body: '本文' })
  const page = await openThread(desk, id)
  await page.keyboard.press('r')
  await text(page).fill('書きかけ')
  const asked = []
  page.on('request', (request) => request.url().endsWith('/graphql') && asked.push(request.postData()))
  const session = await page.context().newCDPSession(page)
  for (const field of [page.getByRole('textbox', { name: w.subjectLabel }), text(page)]) {
    await field.focus()
    await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    await session.send('Input.insertText', { text: '変換' })
  }
  await page.getByRole('textbox', { name: w.subjectLabel }).press('Enter')
  await settled(page)
  assert.deepEqual(asked.filter((body) => body.includes('mutation')), [])
})

test('put off, tagged, linked, given away, spam and back; the address keeps the queue and what is open', async (desk) => {
  const subject = 'ロゴを名刺に使えますか'
  const id = await handOver({ id: 'deeds-1', subject, body: 'ロゴの使い方を教えてください。' })
  const page = await openThread(desk, id, 'chief')
  const inSheet = async (name, fill, word = name) => {
    await button(page, name).click()
    await page.getByRole('dialog', { name }).waitFor()
    await fill(page.getByRole('dialog'))
    await assertAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: word, exact: true }).click()
  }
  await inSheet(w.deed.tag, (sheet) => sheet.getByRole('checkbox', { name: w.tag.LOGO }).check(), words.ja.sheet.save)
  await told(page, w.done.tagged)
  await inSheet(w.deed.link, (sheet) => sheet.getByRole('textbox', { name: w.number }).fill('４７００ ００００ ００８'))
  await told(page, w.done.linked)
  await main(page).getByRole('link', { name: '4700 0000 008' }).waitFor()
  await inSheet(w.deed.link, (sheet) => sheet.getByRole('textbox', { name: w.number }).fill('123'))
  await page.getByRole('dialog').getByText(w.numberUnreadable).first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog').getByRole('button', { name: words.ja.sheet.discardYes }).click()
  await inSheet(w.deed.assign, (sheet) => sheet.getByRole('combobox', { name: w.assignTo }).selectOption({ label: '見本 管理' }))
  await told(page, w.done.assigned)
  await inSheet(w.deed.snooze, () => undefined)
  await told(page, w.done.snoozed)
  await button(page, w.deed.wake).click()
  await told(page, w.done.woken)
  await button(page, w.deed.spam).click()
  await told(page, w.done.spam)
  await page.getByRole('status').getByRole('button', { name: w.undo }).click()
  await told(page, w.done.notSpam)
  assert.equal(new URL(page.url()).searchParams.get('id'), id)
  await page.reload()
  await page.getByRole('heading', { level: 2, name: subject }).waitFor()
})

test('what was read with the wrong charset is mended, after it was looked at', async (desk) => {
  const subject = 'garbled'
  const body = Buffer.from('93fa967b8cea82cc967b95b682c582b781420d0a', 'hex')
  const head = `From: taro@example.jp\r\nTo: office@example.jp\r\nSubject: ${subject}\r\nMessage-ID: <garbled-1@example.jp>\r\nContent-Type: text/plain; charset=euc-jp\r\nContent-Transfer-Encoding: base64\r\n\r\n`
  await office.deliver(`${head}${body.toString('base64')}\r\n`)
  const page = await openThread(desk, await arrived(subject))
  const region = page.getByRole('region', { name: subject })
  const mend = async (charset, ready) => {
    await button(page, w.mend).click()
    await page.getByRole('radio', { name: charset }).check()
    await ready(page.getByRole('dialog'))
    await page.getByRole('dialog').getByRole('button', { name: w.charsetSave }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  // The server knows better than the header; so it is read wrongly here first.
  await region.getByText('日本語の本文です。').waitFor()
  await mend('EUC-JP', (sheet) => sheet.getByText(w.previewNone, { exact: true }).waitFor({ state: 'detached' }))
  await region.getByText('日本語の本文です。').waitFor({ state: 'detached' })
  await mend('Shift_JIS', async (sheet) => {
    await sheet.getByText('日本語の本文です。').waitFor()
    await assertLooks(page, 'inquiries-charset', 'ja')
  })
  await region.getByText('日本語の本文です。').waitFor()
})

test('two of the same sender are merged', async (desk) => {
  const [first, second] = [{ id: 'merge-1', subject: '一件目の質問', from: 'two@example.jp', body: '一つ目' }, { id: 'merge-2', subject: '二件目の質問', from: 'two@example.jp', body: '二つ目' }]
  const into = await handOver(first)
  const page = await openThread(desk, await handOver(second))
  await button(page, say(w.deed.mergeInto, { subject: first.subject })).click()
  await page.getByRole('alertdialog').getByRole('button', { name: w.deed.merge, exact: true }).click()
  await told(page, w.done.merged)
  assert.equal(new URL(page.url()).searchParams.get('id'), into)
  await page.getByRole('region', { name: first.subject }).or(page.getByRole('region', { name: second.subject })).getByText('二つ目').waitFor()
})

test('a mail about something else is split off', async (desk) => {
  const subject = '二つの用件'
  const id = await handOver({ id: 'split-1', subject, body: '一つ目の用件' })
  await office.deliver(plain({ id: 'split-2', subject, body: '二つ目の用件', more: 'In-Reply-To: <split-1@example.jp>\r\n' }))
  await arrived(subject, 2)
  const page = await openThread(desk, id)
  await button(page, w.deed.split).click()
  await page.getByRole('dialog').getByRole('checkbox').last().check()
  await page.getByRole('dialog').getByRole('button', { name: w.deed.split }).click()
  await told(page, w.done.split)
  await page.waitForURL((url) => url.searchParams.get('id') !== id)
  await page.getByRole('region', { name: subject }).getByText('二つ目の用件').waitFor()
})

test('whoever sees no persons sees the desk without words; whoever has no right sees no place', async (desk) => {
  const subject = '見えてはいけない件名'
  const id = await handOver({ id: 'rights-1', subject, body: '見えてはいけない本文' })
  const page = await openThread(desk, id, 'auditor')
  await main(page).getByText(w.withheld).first().waitFor()
  assert.equal(await page.getByText('見えてはいけない').count(), 0)
  assert.equal(await button(page, w.deed.reply).count(), 0)
  await assertAccessible(page)
  desk.expect(/FORBIDDEN|403/)
  const viewer = await desk.page('viewer')
  await viewer.goto('/inquiries')
  await viewer.getByRole('alert').first().waitFor()
  assert.equal(await viewer.getByRole('navigation', { name: words.ja.nav.main }).getByRole('link', { name: words.ja.nav.inquiries }).count(), 0)
})

for (const language of LANGUAGES) {
  const said = words[language].inquiries
  test(`each state, in both themes (${language})`, async (desk) => {
    desk.expect(/500/)
    const page = await open(desk, '/inquiries?queue=SPAM', 'registrar', { language })
    await page.getByRole('heading', { name: said.empty.SPAM }).waitFor()
    await assertLooks(page, 'inquiries-empty', language)
    await page.goto(`/inquiries?queue=ALL&id=${NOBODY}`)
    await page.getByRole('heading', { name: said.notFoundTitle }).waitFor()
    await assertLooks(page, 'inquiries-not-found', language)
    const over = await answer(page, { Inquiries: fault('INTERNAL') })
    await page.goto('/inquiries?queue=ALL')
    await page.getByRole('alert').getByText(words[language].fault.INTERNAL).waitFor()
    await assertLooks(page, 'inquiries-fault', language)
    await over()
    const held = await answer(page, { Inquiries: hold })
    await page.goto('/inquiries?queue=ALL')
    await page.getByRole('status').getByText(words[language].app.loading).first().waitFor()
    await screenshot(page, `inquiries-loading-${language}`)
    await held()
  })
}

test('nothing is lost on a phone, nor at twice the size', async (desk) => {
  const subject = 'とても長い件名で、対象となる事業者の範囲と、支店や営業所が別々に宣言できるかどうかについてまとめて伺います'
  const id = await handOver({ id: 'narrow-1', subject, body: '支店ごとに宣言できますか。' })
  for (const size of [{ width: 320, height: 640 }, { width: 640, height: 400 }, { width: 1024, height: 768 }]) {
    const page = await openThread(desk, id, 'registrar', { size })
    await page.getByRole('heading', { level: 2 }).waitFor()
    await assertFits(page)
    await page.goto('/inquiries?queue=ALL')
    await row(page, subject).waitFor()
    await assertFits(page)
  }
})
