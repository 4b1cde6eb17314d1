// What somebody without a right sees: that something is there, which right opens it, and no way to change it.
import assert from 'node:assert/strict'
import { assertAccessible, desks } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 30 })

const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')
/** 第一印刷, a sole trader: the name, the address and everybody who can be reached are personal. */
const SOLE_TRADER = '47000000013'
const PERSONAL = ['加藤　陽菜', '伊藤 誠', 'info13@example.jp', '０３－００００－００１３', 'ダイイチインサツ', '9408101', '940-8101', '１丁目２－３']

test('a viewer reads the register, with personal data withheld and the right named', async (desk) => {
  const id = await office.idOf(SOLE_TRADER)
  const page = await desk.page('viewer')
  const answers = []
  page.on('response', async (response) => response.url().endsWith('/graphql') && answers.push(await response.text().catch(() => '')))
  await page.goto(`/declarations/${id}`)
  await page.getByRole('heading', { level: 1, name: '第一印刷商店' }).waitFor()
  for (const term of ['事業者名', '代表者名', '担当者名', 'メール', '電話', '番地']) {
    assert.match(await fact(page, term).innerText(), /表示できません/, term)
  }
  await page.getByText('表示には「個人情報の閲覧」の権限が必要です。管理者に依頼してください。').first().waitFor()
  await fact(page, '都道府県').getByText('群馬県').waitFor()
  await assertAccessible(page)
  const answered = answers.join('\n')
  assert.match(answered, /第一印刷商店/)
  for (const text of PERSONAL) assert.ok(!answered.includes(text), `${text} reached the browser`)
})

test('a viewer cannot correct: the button says why, and neither key nor address leads to the form', async (desk) => {
  const id = await office.idOf('47000000008')
  const page = await desk.page('viewer')
  await page.goto(`/declarations/${id}`)
  const button = page.getByRole('button', { name: '修正する', exact: true })
  await button.waitFor()
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  await page.getByRole('button', { name: '修正する', description: '「宣言の修正」の権限がありません。管理者に依頼してください。' }).waitFor()
  assert.equal(await page.getByRole('link', { name: /を修正する$/ }).count(), 0)
  await page.keyboard.press('e')
  assert.ok(page.url().endsWith(id))
  await page.goto(`/declarations/${id}/correct`)
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await sheet.getByText('「宣言の修正」の権限がありません。').waitFor()
  assert.equal(await sheet.getByRole('textbox').count(), 0)
  await assertAccessible(page)
})

test('a viewer finds organisations, and no sole trader by a name that is withheld', async (desk) => {
  const page = await desk.page('viewer')
  await page.goto('/declarations?q=第一印刷')
  await page.getByRole('status').filter({ hasText: /^1件$/ }).waitFor()
  await page.getByRole('link', { name: '第一印刷商店' }).waitFor()
  await assertAccessible(page)
  await page.goto(`/declarations?q=${encodeURIComponent('ダイイチインサツ')}`)
  await page.getByRole('heading', { name: '条件に合う宣言はありません' }).waitFor()
  await page.goto('/declarations?q=つばさ整備')
  await page.getByRole('link', { name: '株式会社つばさ整備' }).waitFor()
})

test('the right is the server’s to give: a viewer who asks it directly is refused', async () => {
  const cookie = await office.cookieOf('viewer')
  const input = {
    commandId: crypto.randomUUID(), declarationId: await office.idOf('47000000008'), expectedVersion: '1',
    kind: 'ERROR', reason: '試し', changes: [{ field: 'CITY', value: 'だめ市' }],
  }
  await assert.rejects(
    office.ask('mutation ($input: CorrectDeclarationInput!) { correctDeclaration(input: $input) { __typename } }', { input }, cookie),
    /FORBIDDEN/,
  )
})
