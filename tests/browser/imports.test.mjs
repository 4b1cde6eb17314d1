// An old register is taken over: sent, its columns matched, every bad row seen before anything is written, carried out, and corrected.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, assertLooks, desks, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { test } = await desks({ rows: 20, extra: { SENGEN_BULK_IMPORT_APPROVAL_ABOVE: '50' } })

const HEADINGS = ['自己宣言ID', '宣言日', '区分', '事業者名', '都道府県', '取組段階', '状態', '古い番号']
const row = (serial, name, star = '一つ星', day = '2026-04-01') => [`4799${String(serial).padStart(7, '0')}`, day, '法人', name, '東京都', star, '有効', 'x'].join(',')
const csv = (rows, headings = HEADINGS) => Buffer.from(`\u{feff}${headings.join(',')}\r\n${rows.join('\r\n')}\r\n`)
const main = (page) => page.getByRole('main')

/** Sends a file; ends on its page. */
async function send(page, w, name, buffer) {
  await page.goto('/imports/new')
  const sheet = page.getByRole('dialog', { name: w.imports.new })
  await sheet.getByLabel(w.imports.file, { exact: false }).first().setInputFiles({ name, mimeType: 'text/csv', buffer })
  await sheet.getByRole('button', { name: w.imports.send, exact: true }).click()
}

test('a file is sent, matched, tried out, looked at, taken over, and its refused rows leave', async (desk) => {
  const w = words.ja
  const page = await desk.page('registrar')
  await page.goto('/imports')
  await page.getByRole('heading', { level: 1, name: w.imports.title }).waitFor()
  await settled(page)
  await assertAccessible(page)
  const rows = [row(1, '株式会社みほん製作所'), row(2, '株式会社見本商店'), row(3, '有限会社サンプル', '三つ星'), row(4, ''), row(5, '見本\u{202e}商会')]
  await send(page, w, '旧台帳.csv', csv(rows))
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
  await main(page).getByText(w.imports.stage.uploaded, { exact: true }).waitFor()
  assert.equal(await main(page).getByLabel('「事業者名」にあたる列').inputValue(), '3')
  await assertLooks(page, 'import-mapping', 'ja')
  await assertAccessible(page)
  await main(page).getByLabel('「自己宣言ID」にあたる列').selectOption('')
  await main(page).getByRole('button', { name: w.imports.try, exact: true }).click()
  await main(page).getByText('「自己宣言ID」にあたるファイルの列を選んでください。').first().waitFor()
  await assertLooks(page, 'import-mapping-missing', 'ja')
  await main(page).getByLabel('「自己宣言ID」にあたる列').selectOption('0')
  await main(page).getByRole('button', { name: w.imports.try, exact: true }).click()
  await main(page).getByText(w.imports.stage.tried, { exact: true }).waitFor()
  const table = page.getByRole('table', { name: w.imports.found })
  await table.getByText('三つ星').waitFor()
  assert.equal(await table.getByRole('row').count(), 3)
  await settled(page)
  await assertLooks(page, 'import-tried', 'ja')
  await assertAccessible(page)
  await table.getByText('取組段階が一つ星とも二つ星とも読み取れないため取り込めません。').waitFor()
  await main(page).getByRole('link', { name: /^名前の文字/ }).click()
  await table.getByText('5', { exact: true }).waitFor()
  await main(page).getByRole('button', { name: /を取り込む$/ }).click()
  const box = page.getByRole('alertdialog')
  await box.getByRole('textbox').fill('旧台帳の移行')
  await assertAccessible(page)
  await box.getByRole('button', { name: w.imports.startYes, exact: true }).click()
  await main(page).getByText(w.imports.stage.done, { exact: true }).waitFor()
  await main(page).getByText(/3行を取り込みました/).waitFor()
  await settled(page)
  await assertLooks(page, 'import-done', 'ja')
  await page.goto('/imports')
  await page.getByRole('table', { name: w.imports.title }).getByText(w.imports.stage.done).first().waitFor()
  await assertLooks(page, 'import-list', 'ja')
  await page.goto(`/declarations?q=${encodeURIComponent('みほん製作所')}`)
  await page.getByText('株式会社みほん製作所').first().waitFor()
})

test('what is no register is said at the field and nothing is kept, and other headings are remembered', async (desk) => {
  const w = words.ja
  const page = await desk.page('registrar')
  desk.expect(/Failed to load resource.*422/)
  await send(page, w, '写真.pdf', Buffer.from('%PDF-1.7 nothing'))
  await page.getByText('CSVでも.xlsxでもないファイルです。', { exact: false }).first().waitFor()
  await assertLooks(page, 'import-refused', 'ja')
  await assertAccessible(page)
  const other = ['番号', '日', '種類', '名前', '県', '星', '様子', 'x']
  for (const serial of [11, 12]) {
    await send(page, w, '別の見出し.csv', csv([row(serial, '株式会社見本')], other))
    await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
    await main(page).getByText(w.imports.stage.uploaded, { exact: true }).waitFor()
    const choose = (heading) => main(page).getByLabel(`「${heading}」にあたる列`)
    const chosen = await choose('事業者名').inputValue()
    assert.equal(chosen, serial === 11 ? '' : '3')
    for (const [heading, place] of [['自己宣言ID', '0'], ['宣言日', '1'], ['事業者名', '3'], ['取組段階', '5']]) await choose(heading).selectOption(place)
    await main(page).getByRole('button', { name: w.imports.try, exact: true }).click()
    await main(page).getByText(w.imports.stage.tried, { exact: true }).waitFor()
  }
  await main(page).getByRole('button', { name: w.imports.discard, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: w.imports.discard, exact: true }).click()
  await main(page).getByText(w.imports.stage.discarded, { exact: true }).waitFor()
})

for (const language of LANGUAGES) {
  test(`an import for which a second person is needed says so, and every state fits: ${language}`, async (desk) => {
    const w = words[language]
    const page = await desk.pageAgain('registrar', { language })
    const rows = Array.from({ length: 60 }, (_, index) => row((language === 'ja' ? 100 : 200) + index, `株式会社見本${index}`))
    await send(page, w, 'register.csv', csv(rows))
    await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
    await main(page).getByRole('button', { name: w.imports.try, exact: true }).click()
    await main(page).getByText(w.imports.stage.tried, { exact: true }).waitFor()
    await main(page).getByRole('button', { name: w.imports.request, exact: true }).waitFor()
    await settled(page)
    await assertAccessible(page)
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
  })
}
