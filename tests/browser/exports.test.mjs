// A view of the list leaves as a file: asked for in a sheet, made, taken by itself, looked at by whoever audits, and destroyed.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { assertAccessible, assertFits, assertLooks, desks, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 60, extra: { SENGEN_EXPORT_PERSONAL_APPROVAL_ABOVE: '20' } })

const main = (page) => page.getByRole('main')
const sheet = (page, w = words.ja) => page.getByRole('dialog', { name: w.exports.new })

async function openSheet(desk, who = 'registrar', w = words.ja, options = undefined, search = '') {
  const page = options ? await desk.pageAgain(who, options) : await desk.page(who)
  await page.goto(`/declarations${search}`)
  await page.getByRole('link', { name: w.list.export, exact: true }).click()
  await sheet(page, w).getByRole('button', { name: w.exports.make, exact: true }).waitFor()
  return page
}

test('what the list shows is written as it is shown, and taken by itself as soon as it is there', async (desk) => {
  const page = await openSheet(desk, 'registrar', words.ja, undefined, '?state=ACTIVE&sort=NUMBER_ASC')
  await settled(page)
  await assertLooks(page, 'export-form', 'ja')
  await sheet(page).getByRole('button', { name: '書き出す', exact: true }).click()
  await sheet(page).getByText('目的', { exact: false }).first().waitFor()
  await assertAccessible(page)
  await sheet(page).getByLabel('形式').selectOption('CSV_UTF_8')
  await sheet(page).getByRole('textbox', { name: '目的' }).fill('年次の点検')
  const saved = page.waitForEvent('download')
  await sheet(page).getByRole('button', { name: '書き出す', exact: true }).click()
  await page.waitForURL(/\/exports\/[0-9a-f-]{36}/)
  const download = await saved
  assert.match(download.suggestedFilename(), /^宣言一覧_\d{4}-\d{2}-\d{2}_\d+\.csv$/)
  // In words, also where no page before this one has loaded them.
  await page.getByText(words.ja.export.done).waitFor()
  const text = await readFile(await download.path(), 'utf8')
  assert.ok(text.startsWith('\u{feff}事業者名,自己宣言ID,取組段階,状態'), text.slice(0, 80))
  await main(page).getByText('完成', { exact: true }).waitFor()
  await main(page).getByRole('region', { name: 'ダウンロードの記録' }).getByText('ファイル').waitFor()
  await settled(page)
  await assertLooks(page, 'export-made', 'ja')
  await main(page).getByRole('button', { name: '消去する' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '消去する' }).click()
  await main(page).getByText('ファイルは消去しました。').waitFor()
  await page.goto('/exports')
  await page.getByRole('table', { name: '書き出し' }).getByRole('link').first().waitFor()
  await settled(page)
  await assertLooks(page, 'export-list', 'ja')
})

test('columns about persons of many wait for a second person, and their answer begins it', async (desk) => {
  await office.cookieOf('approver')
  const page = await openSheet(desk)
  await sheet(page).getByRole('checkbox', { name: '担当者のメール' }).check()
  await sheet(page).getByText(/ほかの人が承認してから書き出します/).waitFor()
  await settled(page)
  await assertLooks(page, 'export-personal', 'ja')
  await sheet(page).getByRole('textbox', { name: '目的' }).fill('お知らせの発送')
  await sheet(page).getByRole('button', { name: '書き出す', exact: true }).click()
  await main(page).getByText('ほかの人の承認を待っています。', { exact: false }).waitFor()
  await settled(page)
  await assertLooks(page, 'export-waiting', 'ja')
  const saved = page.waitForEvent('download')
  const other = await desk.page('approver')
  await other.goto('/approvals')
  await other.getByRole('link', { name: '一覧の書き出し' }).first().click()
  await other.getByRole('heading', { level: 1, name: /一覧の書き出し/ }).waitFor()
  await settled(other)
  await assertLooks(other, 'export-approval', 'ja')
  await other.getByRole('main').getByRole('button', { name: '承認する', exact: true }).click()
  await other.getByRole('alertdialog').getByRole('button', { name: '承認する', exact: true }).click()
  // Its page follows by itself.
  await main(page).getByText('完成', { exact: true }).waitFor()
  assert.match((await saved).suggestedFilename(), /\.xlsx$/)
})

test('whoever audits sees the files of everybody and takes none, and whoever may not export is offered nothing', async (desk) => {
  const page = await desk.page('auditor')
  await page.goto('/exports')
  await main(page).getByRole('heading', { level: 1, name: '書き出し' }).waitFor()
  await settled(page)
  await assertAccessible(page)
  assert.equal(await main(page).getByRole('button', { name: 'ダウンロードする' }).count(), 0)
  const viewer = await desk.page('viewer')
  await viewer.goto('/declarations')
  await viewer.getByRole('rowgroup').nth(1).getByRole('link').first().waitFor()
  assert.equal(await viewer.getByRole('link', { name: words.ja.list.export, exact: true }).count(), 0)
})

for (const language of LANGUAGES) {
  test(`the sheet and the pages of files fit every width in ${language}`, async (desk) => {
    const w = words[language]
    const page = await openSheet(desk, 'registrar', w, { language })
    await settled(page)
    await assertFits(page)
    await page.goto('/exports')
    await main(page).getByRole('heading', { level: 1, name: w.exports.title }).waitFor()
    await settled(page)
    await assertFits(page)
  })
}
