// Declaring for an organisation that cannot do it itself, and documents for a correction: by keyboard, with what is refused at its field.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, desks, screenshot, settled, setTheme, THEMES } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 60 })

const FORM = { name: '申込書.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nform\n') }
const PROGRAM = { name: '申込書.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\x00program') }
/** Valid numbers that nobody has. */
const NUMBERS = ['1999902987654', '1999905123456', '6999903000017']

const TEXTS = {
  NAME: '株式会社みほん製作所',
  NAME_KANA: 'ミホンセイサクショ',
  EMPLOYEES: '18',
  CAPITAL_YEN: '1,000万円',
  POSTAL_CODE: '100-0000',
  CITY: 'みほん市',
  STREET: '1-2-3',
  REPRESENTATIVE_NAME: '見本 太郎',
  CONTACT_NAME: '見本 花子',
  CONTACT_EMAIL: 'hanako@example.jp',
  CONTACT_PHONE: '03-0000-0000',
}

async function open(desk, { language = 'ja', ...options } = {}) {
  const page = await desk.page('registrar', { language, ...options })
  await page.goto('/declarations/new')
  await page.getByRole('heading', { name: words[language].declare.title }).waitFor()
  return page
}

async function fill(page, number, w = words.ja) {
  const box = (field) => page.getByRole('textbox', { name: w.field[field], exact: true })
  for (const [field, text] of Object.entries(TEXTS)) await box(field).fill(text)
  if (number) await box('CORPORATE_NUMBER').fill(number)
  await page.getByRole('combobox', { name: w.field.PREFECTURE }).selectOption('東京都')
  await page.getByRole('combobox', { name: w.field.INDUSTRY }).selectOption('E')
  await page.getByRole('radio', { name: w.choice.consent }).first().check()
  await page.getByRole('textbox', { name: w.declare.reason }).fill('申込書を郵送で受領')
}

async function attach(page, file, w = words.ja) {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: w.attachment.choose }).click()
  await (await chooser).setFiles(file)
}

test('a declaration is registered, its number is shown, and its form is in the history', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('link', { name: '宣言を登録する' }).click()
  await fill(page, NUMBERS[0])
  await page.getByText('13桁の番号として正しい形です。').waitFor()
  await attach(page, FORM)
  await page.getByText('アップロード済み').waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: '宣言を登録する' }).click()
  const done = page.getByRole('region', { name: '宣言を登録しました' })
  await done.getByText(/^5\d{3} \d{4} \d{3}$/).waitFor()
  const number = await done.getByText(/^5\d{3} \d{4} \d{3}$/).textContent()
  await assertAccessible(page)
  await screenshot(page, 'declare-done-ja')
  await page.reload()
  await done.getByText(number).waitFor()
  await done.getByRole('link', { name: '詳細を開く' }).click()
  const history = page.getByRole('region', { name: '履歴' }).getByRole('listitem').first()
  await history.getByText('申込書を郵送で受領').waitFor()
  const download = page.waitForEvent('download')
  await history.getByRole('link', { name: '申込書.pdf' }).click()
  assert.equal((await download).suggestedFilename(), '申込書.pdf')
  await assertAccessible(page)
  await screenshot(page, 'declare-history-ja')
})

test('what is missing or wrong stands at its field, and the organisation that has a live declaration is named', async (desk) => {
  desk.expect(/422|Failed to load resource/)
  const page = await open(desk)
  const submit = page.getByRole('button', { name: '宣言を登録する' })
  await submit.click()
  const summary = page.getByRole('group', { name: /件/ }).first()
  await summary.getByRole('link', { name: '事業者名を入力してください。' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'declare-problems-ja')
  await fill(page, '7999901000002')
  await page.getByText('検査用数字が合いません。番号を確認してください。').first().waitFor()
  await attach(page, PROGRAM)
  await page.getByText('添付できるのは、PDF').waitFor()
  await submit.click()
  await page.getByText('アップロードできなかったファイルがあります。再送するか、外してください。').first().waitFor()
  await page.getByRole('button', { name: '申込書.pdfを外す' }).click()
  await page.getByRole('checkbox', { name: '添付できる書類がない' }).check()
  await page.getByRole('textbox', { name: '書類がない理由' }).fill('電話で本人に確認した')
  await page.getByRole('textbox', { name: '法人番号' }).fill(NUMBERS[1])
  await page.getByRole('textbox', { name: '事業者名' }).fill('株式会社\u200bみほん')
  await submit.click()
  await page.getByRole('link', { name: /目に見えない文字/ }).waitFor()
  await page.getByRole('textbox', { name: '事業者名' }).fill('株式会社みほん')
  await submit.click()
  await page.getByRole('heading', { name: '宣言を登録しました' }).waitFor()
  await page.getByRole('link', { name: '続けて登録する' }).click()
  await fill(page, NUMBERS[1])
  await page.getByRole('checkbox', { name: '添付できる書類がない' }).check()
  await page.getByRole('textbox', { name: '書類がない理由' }).fill('電話で本人に確認した')
  await submit.click()
  const live = page.getByRole('alert').filter({ hasText: 'この法人番号には有効な宣言があります' })
  await live.getByRole('link', { name: '有効な宣言を開く' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'declare-live-ja')
})

test('two stars ask for a score and a policy, and a sole trader for no corporate number', async (desk) => {
  const page = await open(desk)
  await page.getByRole('radio', { name: '★★ 二つ星' }).check()
  await page.getByRole('textbox', { name: '自社診断の点数' }).waitFor()
  await page.getByRole('textbox', { name: '基本方針のURL' }).waitFor()
  await page.getByRole('radio', { name: '個人事業主' }).check()
  await page.getByRole('textbox', { name: '屋号' }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: '法人番号' }).count(), 0)
  // What was typed is asked about before it is lost.
  await page.getByRole('textbox', { name: '屋号' }).fill('みほん商店')
  await page.getByRole('link', { name: '宣言', exact: true }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: '入力に戻る' }).click()
  assert.equal(await page.getByRole('textbox', { name: '屋号' }).inputValue(), 'みほん商店')
})

test('the form is filled in by keyboard alone, and Enter of a conversion sends nothing', async (desk) => {
  const page = await open(desk)
  await page.getByRole('radio', { name: '法人' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('みほん')
  assert.equal(await page.getByRole('textbox', { name: '事業者名' }).inputValue(), 'みほん')
  await page.getByRole('textbox', { name: '事業者名' }).dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })
  assert.equal(await page.getByRole('group', { name: /件/ }).count(), 0)
})

test('a name is corrected on a document only, or on the word that there is none', async (desk) => {
  const page = await desk.page('registrar')
  const id = await office.idOf('47000000008')
  await page.goto(`/declarations/${id}/correct?field=NAME`)
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await sheet.getByRole('textbox', { name: '事業者名' }).fill('株式会社べつの名前')
  await sheet.getByRole('radio', { name: '誤りの訂正' }).check()
  await sheet.getByRole('textbox', { name: '修正の理由' }).fill('届け出')
  const save = sheet.getByRole('button', { name: '修正を保存する' })
  await save.click()
  await sheet.getByText('根拠となる書類を添付するか、「添付できる書類がない」を選んでください。').first().waitFor()
  await assertAccessible(page)
  await attach(page, FORM)
  await sheet.getByText('アップロード済み').waitFor()
  await screenshot(page, 'correct-evidence-ja')
  await save.click()
  await sheet.waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '履歴' }).getByRole('link', { name: '申込書.pdf' }).waitFor()
})

test('whoever lacks the right sees no button, and at the address which right it takes', async (desk) => {
  const page = await desk.page('viewer')
  await page.goto('/declarations')
  await page.getByRole('heading', { name: '宣言', exact: true }).waitFor()
  assert.equal(await page.getByRole('link', { name: '宣言を登録する' }).count(), 0)
  await page.goto('/declarations/new')
  await page.getByText('「宣言の登録」の権限がありません。').waitFor()
})

for (const language of LANGUAGES) {
  test(`the form is whole in both themes and every width: ${language}`, async (desk) => {
    const w = words[language]
    const page = await open(desk, { language })
    for (const theme of THEMES) {
      await setTheme(page, theme)
      for (const width of [1280, 1920]) {
        await page.setViewportSize({ width, height: 1000 })
        await settled(page)
        await assertAccessible(page)
        await page.screenshot({ path: new URL(`out/declare-${width}-${theme}-${language}.png`, import.meta.url).pathname, fullPage: true })
      }
    }
    await page.getByRole('radio', { name: w.choice['2'] }).check()
    await page.setViewportSize({ width: 320, height: 640 })
    await settled(page)
    await assertFits(page)
  })
}
