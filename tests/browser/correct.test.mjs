// Correcting a declaration: as an error, as a change, with what the server refuses, and when somebody else was faster.
import assert from 'node:assert/strict'
import { assertAccessible, desks } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 60 })

const sheet = (page) => page.getByRole('dialog', { name: '登録内容の修正' })
const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')
const newest = (page) => page.getByRole('region', { name: '履歴' }).getByRole('listitem').first()
const save = (page) => sheet(page).getByRole('button', { name: '修正を保存する' }).click()

async function openRecord(desk, number, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(`/declarations/${await office.idOf(number)}`)
  await page.getByRole('button', { name: '修正する', exact: true }).waitFor()
  return page
}

async function openCorrection(page, term) {
  await page.getByRole('link', { name: `${term}を修正する` }).click()
  await sheet(page).getByLabel(term).first().waitFor()
}

const fill = (page, term, text) => sheet(page).getByRole('textbox', { name: term }).fill(text)

/** What needs a document is corrected without one, which has to be explained. */
async function withoutDocument(page) {
  await sheet(page).getByRole('checkbox', { name: '添付できる書類がない' }).check()
  await sheet(page).getByRole('textbox', { name: '書類がない理由' }).fill('電話で本人に確認した')
}

async function explain(page, kind, reason, since) {
  await sheet(page).getByRole('radio', { name: kind }).check()
  if (since) await sheet(page).getByLabel('変わった日').fill(since)
  await sheet(page).getByRole('textbox', { name: '修正の理由' }).fill(reason)
}

test('an error is corrected with a reason, and the history says who, when and why', async (desk) => {
  const page = await openRecord(desk, '47000000008')
  await openCorrection(page, '従業員数')
  await fill(page, '従業員数', '約130人')
  await explain(page, '誤りの訂正', '本人からの電話で確認')
  await assertAccessible(page)
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await fact(page, '従業員数').getByText('約130人').waitFor()
  await page.getByText('株式会社オーシャン歯科医院本店の登録内容を修正しました。').waitFor()
  const entry = newest(page)
  await entry.getByText('登録内容の修正').waitFor()
  await entry.getByText('誤りの訂正').waitFor()
  await entry.getByText(STAFF.registrar.name).waitFor()
  await entry.getByText('本人からの電話で確認').waitFor()
  await entry.getByText('約130人').waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-current') === 'true')
  const told = await entry.getByRole('time').getAttribute('datetime')
  assert.ok(Math.abs(Date.now() - Date.parse(told)) < 120_000, told)
  await page.reload()
  await newest(page).getByText('本人からの電話で確認').waitFor()
  await assertAccessible(page)
})

test('a change holds from its day on, and the days before keep what was true then', async (desk) => {
  const page = await openRecord(desk, '47000000009')
  await page.keyboard.press('e')
  await sheet(page).getByLabel('追加する項目').selectOption({ label: '市区町村' })
  await sheet(page).getByRole('button', { name: '項目を追加する' }).click()
  await fill(page, '市区町村', 'うつった市')
  await sheet(page).getByLabel('追加する項目').selectOption({ label: '都道府県' })
  await sheet(page).getByRole('button', { name: '項目を追加する' }).click()
  await sheet(page).getByRole('combobox', { name: '都道府県' }).selectOption('青森県')
  await explain(page, '事実の変更', '移転の届出', '令和７年４月１日')
  await sheet(page).getByText('2025年4月1日(火)').waitFor()
  await save(page)
  await fact(page, '市区町村').getByText('うつった市').waitFor()
  const entry = newest(page)
  await entry.getByText('事実の変更').waitFor()
  await entry.getByText('2025年4月1日').waitFor()
  // Two fields of one correction are one entry, whatever the log needed to hold them.
  await entry.getByText('変更内容を見る（2項目）').click()
  await entry.getByText('うつった市').waitFor()
  await entry.getByText('青森県').waitFor()
  assert.equal(await page.getByRole('region', { name: '履歴' }).getByText('移転の届出').count(), 1)
  await page.getByLabel('基準日').fill('2025-03-31')
  await page.getByRole('button', { name: 'この日の内容を見る' }).click()
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  await fact(page, '都道府県').getByText('北海道').waitFor()
  await page.getByText('今と異なる項目が2件あります。').waitFor()
})

test('a search finds the corrected name, in any spelling, and the old one no more', async (desk) => {
  const page = await openRecord(desk, '47000000040')
  await openCorrection(page, '事業者名')
  await fill(page, '事業者名', '㈱ハシゴ髙電機')
  await explain(page, '誤りの訂正', '登記で確認')
  await withoutDocument(page)
  await save(page)
  await page.getByRole('heading', { level: 1, name: '㈱ハシゴ髙電機' }).waitFor()
  await page.getByRole('textbox', { name: '検索' }).fill('株式会社はしご高')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: /^1件$/ }).waitFor()
  await page.getByRole('textbox', { name: '検索' }).fill('齋藤電機')
  await page.getByRole('heading', { name: '条件に合う宣言はありません' }).waitFor()
})

test('what somebody types right after saving is not lost to the new entry of the history', async (desk) => {
  const page = await openRecord(desk, '47000000040')
  await openCorrection(page, '市区町村')
  await fill(page, '市区町村', 'みなと見本市')
  await explain(page, '誤りの訂正', '登記で確認')
  // Quicker than a test can be from outside: into the search as soon as the entry is there and the sheet has gone.
  await page.evaluate(() => {
    const frames = (count, then) => requestAnimationFrame(() => (count > 1 ? frames(count - 1, then) : then()))
    new MutationObserver((_, observer) => {
      if (!document.querySelector('li[aria-current]')) return
      observer.disconnect()
      frames(2, () => document.getElementById('search').focus())
    }).observe(document.body, { childList: true, subtree: true, attributes: true })
  })
  await save(page)
  const search = page.getByRole('textbox', { name: '検索' })
  await page.waitForFunction(() => document.activeElement?.id === 'search')
  await page.keyboard.type('minatomihonshi', { delay: 20 })
  assert.equal(await search.inputValue(), 'minatomihonshi')
})

test('what is missing is said at the field and summed up, and the summary leads there', async (desk) => {
  const page = await openRecord(desk, '47000000011')
  await page.getByRole('button', { name: '修正する', exact: true }).click()
  await save(page)
  await sheet(page).getByRole('group', { name: '入力を確認してください（3件）' }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('link', { name: '修正の理由を入力してください。' }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'reason')
})

test('what the server refuses is said at the field, and the rest of the form is kept', async (desk) => {
  const page = await openRecord(desk, '47000000011')
  await openCorrection(page, '法人番号')
  await fill(page, '法人番号', '5999901000099')
  await explain(page, '事実の変更', '番号の確認', '2018-04-01')
  await sheet(page).getByLabel('追加する項目').selectOption({ label: '宣言日' })
  await sheet(page).getByRole('button', { name: '項目を追加する' }).click()
  await sheet(page).getByRole('textbox', { name: '宣言日' }).fill('2016-01-01')
  await withoutDocument(page)
  await save(page)
  const problems = sheet(page).getByRole('group', { name: /^入力を確認してください/ })
  await problems.waitFor()
  const said = await problems.getByRole('listitem').allInnerTexts()
  assert.ok(said.length > 0 && said.every((text) => /[ぁ-ん]/.test(text)), said.join(' / '))
  assert.equal(await sheet(page).getByRole('textbox', { name: '修正の理由' }).inputValue(), '番号の確認')
  const link = problems.getByRole('link').first()
  await link.click()
  const marked = await page.evaluate(() => document.activeElement.getAttribute('aria-invalid'))
  assert.equal(marked, 'true', 'the summary leads to the field that is marked')
  await assertAccessible(page)
})

test('Esc closes at once when nothing was typed, and asks when something was', async (desk) => {
  const page = await openRecord(desk, '47000000011')
  await openCorrection(page, '市区町村')
  await page.keyboard.press('Escape')
  await sheet(page).waitFor({ state: 'detached' })

  await openCorrection(page, '市区町村')
  await fill(page, '市区町村', 'べつの市')
  await page.keyboard.press('Escape')
  const question = page.getByRole('alertdialog', { name: '入力した内容を捨てますか' })
  await question.waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '入力に戻る' }).click()
  assert.equal(await sheet(page).getByRole('textbox', { name: '市区町村' }).inputValue(), 'べつの市')
  await page.keyboard.press('Escape')
  await question.getByRole('button', { name: '捨てて閉じる' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await fact(page, '市区町村').getByText('みほん市').waitFor()
})

test('the Enter that ends a conversion does not submit the correction', async (desk) => {
  const page = await openRecord(desk, '47000000011')
  await openCorrection(page, '市区町村')
  const taken = await sheet(page).getByRole('textbox', { name: '市区町村' }).evaluate((input) => {
    input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    return !input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, isComposing: true }))
  })
  assert.equal(taken, true)
  assert.equal(await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).count(), 0)
})

test('of two who correct the same record the second sees base, theirs and mine, and redoes hers on top', async (desk) => {
  const [first, second] = [await openRecord(desk, '47000000019'), await openRecord(desk, '47000000019', 'second')]
  await openCorrection(second, '市区町村')
  await fill(second, '市区町村', 'わたし市')
  await sheet(second).getByLabel('追加する項目').selectOption({ label: '番地' })
  await sheet(second).getByRole('button', { name: '項目を追加する' }).click()
  await fill(second, '番地', '９丁目')
  await explain(second, '誤りの訂正', '二人目の理由')

  await openCorrection(first, '市区町村')
  await fill(first, '市区町村', 'さきの市')
  await explain(first, '誤りの訂正', '一人目の理由')
  await save(first)
  await fact(first, '市区町村').getByText('さきの市').waitFor()

  await save(second)
  const conflict = sheet(second)
  await conflict.getByRole('alert').getByText('ほかの人が先に修正しました').waitFor()
  await conflict.getByText(`、${STAFF.registrar.name}が`).waitFor()
  await conflict.getByText('先の修正の理由: 一人目の理由').waitFor()
  const city = conflict.getByRole('group', { name: '市区町村' })
  assert.match(await city.innerText(), /入力を始めたとき\s*みほん市\s*先の修正\s*さきの市[^]*あなたの修正\s*わたし市/)
  const street = conflict.getByRole('group', { name: '番地' })
  assert.match(await street.innerText(), /１丁目２－３[^]*９丁目/)
  await assertAccessible(second)

  await conflict.getByRole('button', { name: '選んだ内容で修正する' }).click()
  await conflict.getByRole('link', { name: '市区町村をどちらの内容にするか選んでください。' }).waitFor()
  await city.getByRole('radio', { name: 'あなたの内容にする' }).check()
  await conflict.getByRole('button', { name: '選んだ内容で修正する' }).click()
  await conflict.waitFor({ state: 'detached' })
  await fact(second, '市区町村').getByText('わたし市').waitFor()
  await fact(second, '番地').getByText('９丁目').waitFor()
  await newest(second).getByText(STAFF.second.name).waitFor()
  await newest(second).getByText('二人目の理由').waitFor()
  // What the first one did stays in the history.
  await second.getByRole('region', { name: '履歴' }).getByText('一人目の理由').waitFor()
})

test('in a conflict, taking theirs for everything writes nothing', async (desk) => {
  const [first, second] = [await openRecord(desk, '47000000022'), await openRecord(desk, '47000000022', 'second')]
  await openCorrection(second, '市区町村')
  await fill(second, '市区町村', 'わたし市')
  await explain(second, '誤りの訂正', '二人目の理由')
  await openCorrection(first, '市区町村')
  await fill(first, '市区町村', 'さきの市')
  await explain(first, '誤りの訂正', '一人目の理由')
  await save(first)
  await fact(first, '市区町村').getByText('さきの市').waitFor()
  await save(second)
  await sheet(second).getByRole('radio', { name: '先の修正のままにする' }).check()
  await sheet(second).getByRole('button', { name: '自分の修正を取り下げる' }).click()
  await sheet(second).waitFor({ state: 'detached' })
  await fact(second, '市区町村').getByText('さきの市').waitFor()
  assert.equal(await second.getByRole('region', { name: '履歴' }).getByText('二人目の理由').count(), 0)
})
