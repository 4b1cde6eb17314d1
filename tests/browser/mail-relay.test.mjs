// 設定 › 送信 while the relay is away: what waits for another try, and what people decide about it.
import assert from 'node:assert/strict'
import { assertAccessible, desks, screenshot, settled } from './harness/desk.mjs'
import { sendTest } from './harness/mail.mjs'

const { office, test } = await desks({ rows: 5, extra: { SENGEN_MAIL_RELAY: '127.0.0.1:1', SENGEN_MAIL_FROM: 'office@example.jp', SENGEN_MAIL_TLS: 'none' } })

const MAIL = '/settings/mail'
const table = (page) => page.getByRole('table', { name: '送信' })
const rowOf = (page, text) => table(page).getByRole('row').filter({ hasText: text })
const choose = (page, address) => rowOf(page, address).getByRole('checkbox').check()

const decide = async (who, verdict, id) => {
  const document = 'mutation ($input: DecideMailsInput!) { decideMails(input: $input) { __typename ... on MailsDecided { results { decided } } } }'
  const { data } = await office.ask(document, { input: { commandId: crypto.randomUUID(), ids: [id], verdict } }, await office.cookieOf(who))
  assert.deepEqual(data.decideMails.results, [{ decided: true }])
}

async function open(desk, where = MAIL) {
  const page = await desk.page('registrar')
  await page.goto(where)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

test('a test mail that cannot be sent says why, and when it is tried again', async (desk) => {
  const page = await open(desk, `${MAIL}/test`)
  const sheet = page.getByRole('dialog')
  await sheet.getByText('メールは次の経路で外に送られます。').waitFor()
  await sheet.getByText('127.0.0.1:1').waitFor()
  await sheet.getByRole('textbox', { name: '宛先' }).fill('taro@example.jp')
  await sheet.getByRole('button', { name: 'テストメールを送る' }).click()
  await sheet.getByText('いまは送れませんでした。自動でもう一度送ります。').waitFor()
  await sheet.getByText(/^メールサーバーに接続できません/).waitFor()
  // The sentence for whoever looks into it is there, closed.
  await sheet.getByText(/cannot be connected to/).waitFor({ state: 'attached' })
  await sheet.getByText(/^次の送信: /).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'mail-test-deferred')
  await sheet.getByRole('button', { name: '閉じる' }).last().click()
  await rowOf(page, 'taro@example.jp').getByText('再送待ち').waitFor()
})

test('several are decided about at once, and each is told for itself', async (desk) => {
  const ids = []
  for (const name of ['ichi', 'ni', 'san']) ids.push(await sendTest(office, `${name}@example.jp`))
  const page = await open(desk)
  for (const name of ['ichi', 'ni', 'san']) await choose(page, `${name}@example.jp`)
  await page.getByText('3件を選択中').waitFor()
  await page.getByRole('button', { name: '送信を取り消す（3件）' }).click()
  const question = page.getByRole('alertdialog', { name: '送信を取り消しますか' })
  await question.getByText('3件が対象です。').waitFor()
  await assertAccessible(page)
  await decide('second', 'CANCEL', ids[1])
  await question.getByRole('button', { name: '送信を取り消す' }).click()
  await page.getByRole('heading', { name: '「送信を取り消す」を3件中2件に行いました。' }).waitFor()
  // What was pressed is gone; the results have the focus.
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-labelledby') === 'results')
  const results = page.getByRole('list', { name: '操作の結果' })
  await results.getByRole('listitem').filter({ hasText: 'ni@example.jp' }).getByText('先に状態が変わっていたため、処理していません。').waitFor()
  await results.getByRole('listitem').filter({ hasText: 'ichi@example.jp' }).getByText('処理しました。').waitFor()
  for (const name of ['ichi', 'ni', 'san']) await rowOf(page, `${name}@example.jp`).getByText('取消').first().waitFor()
  await assertAccessible(page)
  await screenshot(page, 'mail-results')
  await page.getByRole('button', { name: '結果を閉じる' }).click()
  await results.waitFor({ state: 'detached' })
})

test('one that waits is tried at once, and the new attempt is in its record', async (desk) => {
  const id = await sendTest(office, 'sugu@example.jp')
  const page = await open(desk, `${MAIL}/${id}`)
  await page.getByText('一時的に送れませんでした。').waitFor()
  await page.getByRole('button', { name: '今すぐ再送' }).click()
  await page.getByText('すぐに送る対象にしました。').waitFor()
  await page.getByRole('region', { name: '送信の記録' }).getByRole('rowheader', { name: '2' }).waitFor()
  await page.getByRole('region', { name: '経過' }).getByText('今すぐ再送の指示').waitFor()
  await assertAccessible(page)
})

test('of two who decide about the same mail the second is told where it stands now', async (desk) => {
  const id = await sendTest(office, 'futari@example.jp')
  const page = await open(desk, `${MAIL}/${id}`)
  await page.getByRole('button', { name: '送信を取り消す' }).click()
  const question = page.getByRole('alertdialog', { name: '送信を取り消しますか' })
  await decide('second', 'CANCEL', id)
  await question.getByRole('button', { name: '送信を取り消す' }).click()
  await page.getByRole('alert').getByText('いまは「取消」です。何も変更していません。').waitFor()
  await page.getByText('職員が取り消しました。').waitFor()
  await page.getByRole('region', { name: '経過' }).getByText('見本 次郎').waitFor()
  await page.waitForFunction(() => document.activeElement.tagName === 'H1')
  assert.equal(await page.getByRole('button', { name: '送信を取り消す' }).count(), 0)
  await assertAccessible(page)
})
