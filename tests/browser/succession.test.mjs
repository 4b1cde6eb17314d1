// Two declarations that become one, by a link or by a merge, one that is handed over, and a forgotten number.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, desks, screenshot } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const HEADINGS = ['自己宣言ID', '宣言日', '区分', '法人番号', '事業者名', 'フリガナ', '屋号', '代表者役職', '代表者名', '郵便番号', '都道府県', '市区町村', '番地', '建物', '業種', '従業員数', '資本金', '取組段階', '自社診断点数', '基本方針URL', '基本方針公開日', '担当者名', '担当部署', 'メール', '電話', '公表同意', '状態', '停止日', '備考']
const row = (number, more) => {
  const cells = {
    自己宣言ID: number, 宣言日: '2020-04-01', 区分: '法人', 法人番号: '7999901000001', 事業者名: '株式会社みほん製作所', フリガナ: 'ミホンセイサクショ', 代表者名: '見本 太郎', 郵便番号: '1000001', 都道府県: '東京都', 市区町村: 'みほん市', 番地: '1-2-3',
    業種: 'E', 従業員数: '18', 取組段階: '1', 担当者名: '見本 花子', メール: 'info@example.jp', 電話: '03-0000-0000', 公表同意: '同意', 状態: '有効', ...more,
  }
  return HEADINGS.map((heading) => cells[heading] ?? '').join(',')
}
/** Three pairs for three tests, a record to hand over, one for looks, and one without an address. */
const pair = (index, number) => [
  row(`4700000010${index}`, { 法人番号: number, 事業者名: `株式会社みほん${index}`, 電話: '03-0000-0001' }),
  row(`5700000010${index}`, { 法人番号: number, 事業者名: `株式会社みほん${index}` }),
  row(`5700000020${index}`, { 法人番号: '', 事業者名: `㈱みほん${index}`, 市区町村: 'べつの市' }),
]
const register = [
  HEADINGS.join(','),
  ...pair(1, '7999901000001'),
  ...pair(2, '6999901000002'),
  ...pair(3, '6999903000017'),
  row('57000000301', { 事業者名: '株式会社しょうけい', 法人番号: '1999905123456' }),
  row('57000000302', { 事業者名: '株式会社しょうかい', 法人番号: '1999902987654', 電話: '03-0000-0302' }),
].join('\n')

const { office, test } = await desks({ register: `${register}\n` })

const sheet = (page) => page.getByRole('dialog')
const header = (page) => page.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header')
const history = (page) => page.getByRole('region', { name: '履歴' })
const newest = (page) => history(page).getByRole('listitem').first()
const field = (page, name) => sheet(page).getByRole('textbox', { name, exact: true })
const send = (page, name) => sheet(page).getByRole('button', { name, exact: true }).click()
const closed = (page) => sheet(page).waitFor({ state: 'detached' })

async function open(desk, number, command, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(`/declarations/${await office.idOf(number)}/do/${command}`)
  await sheet(page).waitFor()
  return page
}

test('an old number is linked to the new one, leads to it, and the link is taken back', async (desk) => {
  const page = await open(desk, '47000000101', 'link')
  await page.getByRole('dialog', { name: words.ja.command.name.linkNew }).waitFor()
  await field(page, '新しい自己宣言ID').fill('5700 0000 301')
  await sheet(page).getByText('株式会社しょうけい', { exact: true }).waitFor()
  await sheet(page).getByRole('note').getByText(/^事業者名が違います/).waitFor()
  await assertAccessible(page)
  await field(page, '新しい自己宣言ID').fill('57000000101')
  await sheet(page).getByRole('note').waitFor({ state: 'detached' })
  await field(page, '理由').fill('新しいIDで宣言し直した')
  await screenshot(page, 'link')
  await send(page, words.ja.command.name.linkNew)
  await closed(page)
  await header(page).getByText('切替済み').waitFor()
  await page.getByText('この宣言は、新しい自己宣言ID 5700 0000 101').waitFor()
  await newest(page).getByText('新しいIDで宣言し直した').waitFor()
  await screenshot(page, 'linked')
  await assertAccessible(page)
  await page.getByRole('link', { name: 'その宣言を開く' }).click()
  await header(page).getByText('有効').waitFor()
  await page.getByRole('region', { name: 'この宣言に切り替わった旧ID' }).getByRole('link', { name: '4700 0000 101' }).waitFor()
  await newest(page).getByRole('link', { name: /^元に戻す: / }).click()
  await send(page, '元に戻す')
  await closed(page)
  await page.getByRole('region', { name: 'この宣言に切り替わった旧ID' }).waitFor({ state: 'detached' })
})

test('what cannot be linked is told at its field', async (desk) => {
  const page = await open(desk, '57000000102', 'link')
  await send(page, words.ja.command.name.linkOld)
  await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).waitFor()
  await field(page, '旧自己宣言ID').fill('57000000202')
  await field(page, '理由').fill('取り違え')
  await send(page, words.ja.command.name.linkOld)
  await sheet(page).getByText(/同じ世代の重複は統合してください。$/).first().waitFor()
  await assertAccessible(page)
})

test('duplicates become one when a second person agrees, and two again', async (desk) => {
  await office.cookieOf('approver')
  const page = await open(desk, '57000000103', 'merge')
  await field(page, words.ja.merge.number).fill('57000000203')
  const fields = sheet(page).getByRole('region', { name: /^違っている項目/ })
  await fields.getByRole('group', { name: /^市区町村/ }).waitFor()
  await field(page, '理由').fill('二度宣言していた')
  await send(page, words.ja.approvalRequest.send)
  await sheet(page).getByText('「市区町村」は、どちらの内容を残すか選んでください。').first().waitFor()
  await assertAccessible(page)
  await fields.getByRole('button', { name: /^すべて残す宣言/ }).click()
  await fields.getByRole('group', { name: /^市区町村/ }).getByRole('radio', { name: /^統合する宣言/ }).check()
  await screenshot(page, 'merge')
  await send(page, words.ja.approvalRequest.send)
  await sheet(page).getByText(words.ja.merge.done).waitFor()
  await assertAccessible(page)

  const other = await desk.page('approver')
  await other.goto('/approvals')
  await other.getByRole('link', { name: /重複した宣言の統合|57000000103|5700 0000 103/ }).first().click()
  await other.getByRole('heading', { level: 1, name: /^宣言の統合/ }).waitFor()
  await other.getByText('べつの市').waitFor()
  await screenshot(other, 'merge-approval')
  await assertAccessible(other)
  await other.getByRole('button', { name: words.ja.approvals.approve, exact: true }).click()
  await other.getByRole('alertdialog').getByRole('button', { name: words.ja.approvals.approve }).click()
  await other.getByRole('note').getByText(/が承認し、実行されました。$/).waitFor()

  await page.goto(`/declarations/${await office.idOf('57000000203')}`)
  await header(page).getByText('統合済み').waitFor()
  await page.getByRole('link', { name: 'その宣言を開く' }).click()
  await page.getByRole('region', { name: 'この宣言に統合した宣言' }).getByRole('link', { name: '5700 0000 203' }).waitFor()
  await screenshot(page, 'merged')
  await history(page).getByRole('link', { name: /^元に戻す: / }).click()
  await page.getByRole('dialog', { name: words.ja.command.name.undoMerge }).waitFor()
  await field(page, '理由').fill('別の事業者だった')
  await send(page, words.ja.command.name.undoMerge)
  await closed(page)
  await page.getByRole('region', { name: 'この宣言に統合した宣言' }).waitFor({ state: 'detached' })
})

test('a declaration is handed over with why there is no document', async (desk) => {
  const page = await open(desk, '57000000301', 'handOver')
  await sheet(page).getByRole('combobox', { name: '承継の種類' }).selectOption({ label: '合併' })
  await field(page, '事業者名').fill('株式会社みほん工業')
  await field(page, '理由').fill('吸収合併')
  await send(page, words.ja.command.name.handOver)
  await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('checkbox', { name: words.ja.evidence.none }).check()
  await sheet(page).getByRole('textbox', { name: words.ja.evidence.why }).fill('登記で確認した')
  await screenshot(page, 'hand-over')
  await send(page, words.ja.command.name.handOver)
  await closed(page)
  await page.getByRole('heading', { level: 1, name: '株式会社みほん工業' }).waitFor()
  await newest(page).getByText(/^合併・/).waitFor()
  await newest(page).getByText('登記で確認した').waitFor()
  await screenshot(page, 'handed-over')
})

test('a forgotten number is found, compared, and sent to the registered address', async (desk) => {
  const page = await desk.page('support')
  await page.goto('/declarations')
  await page.getByRole('link', { name: words.ja.list.lookUp }).click()
  await page.getByRole('textbox', { name: words.ja.lookUp.who }).fill('しょうかい')
  await page.getByRole('link', { name: /^照合に進む: 株式会社しょうかい/ }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'look-up')
  await page.getByRole('link', { name: /^照合に進む: 株式会社しょうかい/ }).click()
  await field(page, '事業者名').fill('㈱しょうかい')
  await field(page, '電話').fill('0300000302')
  await field(page, '担当者名').fill('だれか')
  await sheet(page).getByText('電話: 一致').waitFor()
  await sheet(page).getByText('担当者名: 不一致').waitFor()
  await send(page, words.ja.command.name.lookUp)
  await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).waitFor()
  await sheet(page).getByRole('checkbox', { name: words.ja.records.check.ANSWERS }).check()
  await assertAccessible(page)
  await screenshot(page, 'look-up-compare')
  await send(page, words.ja.command.name.lookUp)
  await closed(page)
  await newest(page).getByText(words.ja.history.lookUp.sentTo.REGISTERED).waitFor()
  await screenshot(page, 'looked-up')
})

for (const language of LANGUAGES) {
  test(`each form is accessible and fits (${language})`, async (desk) => {
    const page = await desk.page('registrar', { language })
    for (const command of ['link', 'handOver', 'merge', 'lookUp']) {
      await page.goto(`/declarations/${await office.idOf('57000000302')}/do/${command}`)
      await sheet(page).getByRole('textbox').first().waitFor()
      await assertAccessible(page)
      await assertFits(page)
      assert.equal(await sheet(page).getByText(/^\w+\.\w+\.\w+/).count(), 0, 'every word is there')
    }
  })
}
