// One's own password and second factor, what an administrator does for those who cannot get in, and a forgotten password.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { codeOf } from './harness/totp.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const NEW = 'みかんを三つ食べた朝の電車のなか'
const stale = (name) => ({ [name]: { json: { data: { [`${name[0].toLowerCase()}${name.slice(1)}`]: { __typename: 'FreshSignInNeeded', message: 'x' } } } } })
const section = (page, name) => page.getByRole('region', { name })
const factor = (page) => section(page, /^確認コード/)

async function open(desk, who, options = {}) {
  const page = await desk.page(who, options)
  await page.goto('/account')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

async function signIn(page, login, password) {
  await page.goto('/sign-in')
  await page.getByLabel('ログイン名').fill(login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(password)
  await page.getByRole('button', { name: 'ログインする' }).click()
}

/** Sets it up on the page of the account, and answers the secret and the codes. */
async function setUp(page) {
  await factor(page).getByRole('button', { name: '設定する' }).click()
  const sheet = page.getByRole('dialog', { name: '確認コードの設定' })
  await sheet.getByRole('img', { name: '確認コードのアプリで読み取る図' }).waitFor()
  const secret = (await sheet.locator('code').textContent()).replaceAll(' ', '')
  await sheet.getByRole('textbox', { name: '確認コード' }).fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await sheet.getByText('復旧コードを表示するのは、この一度だけです。').waitFor()
  const codes = await sheet.getByRole('list', { name: '復旧コードの一覧' }).getByRole('listitem').allTextContents()
  return { sheet, secret, codes }
}

/** The newest link of a kind that went out by mail to an address. */
async function linkTo(address, kind) {
  const folder = join(office.folder, 'data/mail')
  const until = Date.now() + 20_000
  while (Date.now() < until) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'))
    for (const name of files.toSorted().reverse()) {
      const raw = await readFile(join(folder, name), 'utf8')
      if (!raw.includes(address)) continue
      const [head, ...body] = raw.split(/\r?\n\r?\n/)
      const text = /base64/i.test(head) ? Buffer.from(body.join(''), 'base64').toString() : body.join('\n').replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')
      const found = new RegExp(`/${kind}#([\\w-]{43})`).exec(text)
      if (found) return found[1]
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`no ${kind} was mailed to ${address}`)
}

test('a second factor is set up by keyboard, asked for at the next sign-in, and removed', async (desk) => {
  const page = await open(desk, 'second')
  await factor(page).getByText('未設定').waitFor()
  await assertAccessible(page)
  const { sheet, codes } = await setUp(page)
  assert.equal(new Set(codes).size, 10)
  await assertAccessible(page)
  // Shown once: neither Esc nor the button closes it before they are kept.
  await page.keyboard.press('Escape')
  await sheet.getByRole('button', { name: '終了する' }).click()
  await sheet.getByText('保管してから、この欄を選んでください。').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement.type), 'checkbox')
  await assertAccessible(page)
  const [file] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'ファイルに保存する' }).click()])
  const saved = await readFile(await file.path(), 'utf8')
  assert.ok(codes.every((code) => saved.includes(code)), saved)
  await page.emulateMedia({ media: 'print' })
  const printed = await page.evaluate(() => document.body.innerText)
  assert.ok(codes.every((code) => printed.includes(code)) && !printed.includes('ログイン中の端末'), printed)
  await page.emulateMedia({ media: 'screen' })
  await sheet.getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await sheet.waitFor({ state: 'detached' })
  await factor(page).getByText('残りの復旧コード: 10個').waitFor()
  await assertAccessible(page)

  const other = await desk.page()
  await signIn(other, STAFF.second.login, PASSWORD)
  await other.getByLabel('確認コード').fill(codes[0])
  await other.getByRole('button', { name: 'ログインする' }).click()
  await other.getByRole('heading', { level: 1, name: '宣言' }).waitFor()

  // What asks for a fresh session goes on by itself after the password and a code.
  const release = await answer(page, stale('RemoveTotp'))
  await factor(page).getByRole('button', { name: '解除する' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '解除する' }).click()
  const box = page.getByRole('dialog', { name: '本人の確認' })
  await box.getByRole('button', { name: '確認して続ける' }).click()
  await box.getByText('パスワードを入力してください。', { exact: true }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'credentials-fresh-ja')
  await box.getByRole('textbox', { name: 'パスワード' }).fill('ちがう合言葉です 春夏秋冬')
  await box.getByRole('textbox', { name: '確認コード' }).fill(codes[1])
  await page.keyboard.press('Enter')
  await box.getByRole('alert').getByText('パスワードか確認コードが違います。').waitFor()
  await release()
  await box.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await box.getByRole('textbox', { name: '確認コード' }).fill(codes[1])
  await page.keyboard.press('Enter')
  await page.getByText('確認コードを解除しました。').waitFor()
  await factor(page).getByText('未設定').waitFor()
  await other.reload()
  await other.getByRole('heading', { level: 1, name: 'ログイン' }).waitFor()
})

test('a wrong code and a fault while setting up are told where they happened', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await open(desk, 'deputy')
  let end = await answer(page, { BeginTotp: fault('INTERNAL') })
  await factor(page).getByRole('button', { name: '設定する' }).click()
  const sheet = page.getByRole('dialog', { name: '確認コードの設定' })
  await sheet.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await sheet.getByRole('button', { name: 'もう一度試す' }).click()
  await sheet.getByRole('textbox', { name: '確認コード' }).fill('000000')
  await page.keyboard.press('Enter')
  await sheet.getByText('コードが違います。').waitFor()
  await assertAccessible(page)
  end = await answer(page, { ConfirmTotp: { json: { data: { confirmTotp: { __typename: 'InvalidInput', problems: [{ field: 'code', code: 'nothing_to_confirm', message: '設定の途中で時間が過ぎました。' }] } } } } })
  await sheet.getByRole('textbox', { name: '確認コード' }).fill('000000')
  await page.keyboard.press('Enter')
  await sheet.getByRole('button', { name: '最初からやり直す' }).waitFor()
  await end()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
})

test('the password is changed with the old one, and a wrong one or a common one is told', async (desk) => {
  const page = await open(desk, 'registrar')
  await section(page, 'パスワード').getByRole('button', { name: 'パスワードを変更する' }).focus()
  await page.keyboard.press('Enter')
  const box = page.getByRole('dialog', { name: 'パスワードの変更' })
  const [current, next] = [box.getByRole('textbox', { name: 'いまのパスワード' }), box.getByRole('textbox', { name: '新しいパスワード' })]
  await current.fill('ちがう合言葉です 春夏秋冬')
  await next.fill('みじかい')
  await page.keyboard.press('Enter')
  await box.getByText('パスワードは15文字以上にしてください（いま4文字）。').waitFor()
  await next.fill('Password12345678')
  await page.keyboard.press('Enter')
  await box.getByText('よく使われているか、推測されやすいパスワードです。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'credentials-password-ja')
  await next.fill(NEW)
  await page.keyboard.press('Enter')
  await box.getByRole('alert').getByText('いまのパスワードが違います。').waitFor()
  assert.equal(await current.inputValue(), '')
  await current.fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByText('パスワードを変更しました。').waitFor()
  await box.waitFor({ state: 'detached' })
  const other = await desk.page()
  await signIn(other, STAFF.registrar.login, NEW)
  await other.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
})

test('a forgotten password: the same words for everybody, and the link of an administrator works once', async (desk) => {
  const page = await desk.page('chief')
  await page.goto('/settings/staff/invite')
  await page.getByLabel('メールアドレス').fill('yuki@example.jp')
  await page.getByRole('checkbox', { name: '閲覧者' }).check()
  await page.getByRole('button', { name: '招待を送る' }).click()
  await page.getByText('yuki@example.jpへ招待を送りました。').waitFor()
  const yuki = await desk.page()
  await yuki.goto(`/invitation#${await linkTo('yuki@example.jp', 'invitation')}`)
  await yuki.getByLabel('ログイン名').fill('yuki')
  await yuki.getByLabel('表示名').fill('見本 雪')
  await yuki.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await yuki.getByRole('button', { name: 'アカウントを作成する' }).click()
  await yuki.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  await yuki.goto('/account')
  const { codes, sheet } = await setUp(yuki)
  await sheet.getByRole('checkbox').check()
  await sheet.getByRole('button', { name: '終了する' }).click()

  const lost = await desk.page()
  await lost.goto('/sign-in')
  await lost.getByRole('link', { name: 'パスワードを忘れたとき' }).click()
  for (const login of ['dare-mo-inai', 'yuki']) {
    await lost.goto('/forgot-password')
    await lost.getByRole('button', { name: 'リンクを送る' }).click()
    await lost.getByText('ログイン名を入力してください。', { exact: true }).waitFor()
    await lost.getByLabel('ログイン名').fill(login)
    await lost.keyboard.press('Enter')
    await lost.getByText('受け付けました。').waitFor()
    await assertAccessible(lost)
  }
  const first = await linkTo('yuki@example.jp', 'password')
  await page.goto('/settings/staff')
  await page.getByRole('link', { name: '見本 雪' }).first().click()
  await page.getByRole('button', { name: 'パスワードのリンクを送る' }).click()
  await page.getByRole('alertdialog').getByText('yuki@example.jp').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'credentials-send-link-ja')
  await page.getByRole('button', { name: 'リンクを送る', exact: true }).click()
  await page.getByText('見本 雪さんにリンクを送りました。').waitFor()
  await lost.goto(`/password#${first}`)
  await lost.getByRole('heading', { name: 'このリンクは使えません' }).waitFor()
  await assertAccessible(lost)
  let token = first
  for (const until = Date.now() + 20_000; token === first && Date.now() < until; ) token = await linkTo('yuki@example.jp', 'password')
  await lost.goto('/sign-in')
  await lost.goto(`/password#${token}`)
  await lost.getByText('yuki の新しいパスワードを決めてください。').waitFor()
  await lost.getByRole('textbox', { name: '新しいパスワード' }).fill('yuki no asa gohan')
  await lost.keyboard.press('Enter')
  await lost.getByText('ログイン名、表示名、サービスの名前を含むパスワードは使えません。').waitFor()
  await assertLooks(lost, 'credentials-new-password', 'ja')
  await lost.getByRole('textbox', { name: '新しいパスワード' }).fill(NEW)
  await lost.keyboard.press('Enter')
  await lost.getByRole('heading', { name: 'パスワードを決めました' }).waitFor()
  await assertAccessible(lost)
  // The second factor stays.
  await signIn(lost, 'yuki', NEW)
  await lost.getByLabel('確認コード').fill(codes[0])
  await lost.getByRole('button', { name: 'ログインする' }).click()
  await lost.getByRole('heading', { level: 1, name: '宣言' }).waitFor()

  // Lost with the codes too: an administrator takes it away, and is asked who they are.
  await page.reload()
  await page.getByText('必要', { exact: true }).first().waitFor()
  const release = await answer(page, stale('ResetSecondFactor'))
  await page.getByRole('button', { name: '確認コードとパスキーを取り消す' }).click()
  await screenshot(page, 'credentials-reset-ja')
  await page.getByRole('alertdialog').getByRole('button', { name: '設定を取り消す' }).click()
  await page.getByRole('dialog', { name: '本人の確認' }).waitFor()
  await release()
  await page.getByRole('dialog', { name: '本人の確認' }).getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByText('見本 雪さんの確認コードとパスキーの設定を取り消しました。').waitFor()
  await page.getByText('なし（パスワードだけでログインできます）').waitFor()
  await page.getByText('管理者が確認コードとパスキーの設定を取り消しました').waitFor()
  await assertAccessible(page)
  await lost.reload()
  await signIn(lost, 'yuki', NEW)
  await lost.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
})

for (const language of LANGUAGES) {
  test(`account, set-up, codes and forgotten password are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await open(desk, 'approver', { language })
    await assertLooks(page, 'credentials-account', language)
    const part = page.getByRole('region', { name: new RegExp(`^${w.secondFactor.title}`) })
    const isOn = (await part.getByRole('button', { name: w.secondFactor.replace }).count()) > 0
    await part.getByRole('button', { name: isOn ? w.secondFactor.replace : w.secondFactor.setUp, exact: true }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('img', { name: w.setUp.picture }).waitFor()
    await assertLooks(page, 'credentials-set-up', language)
    const secret = await sheet.locator('code').textContent()
    await sheet.getByRole('textbox', { name: w.signIn.code }).fill(codeOf(secret))
    await page.keyboard.press('Enter')
    await sheet.getByText(w.recoveryCodes.once).waitFor()
    await assertLooks(page, 'credentials-codes', language)
    await sheet.getByRole('checkbox').check()
    await sheet.getByRole('button', { name: w.recoveryCodes.done }).click()
    await sheet.waitFor({ state: 'detached' })
    await assertLooks(page, 'credentials-on', language)
    const outside = await desk.page(undefined, { language })
    await outside.goto('/forgot-password')
    await outside.getByRole('heading', { level: 1 }).waitFor()
    await assertLooks(outside, 'credentials-forgot', language)
    await outside.goto(`/password#${'A'.repeat(43)}`)
    await outside.getByRole('heading', { name: w.newPassword.unusableTitle }).waitFor()
    await assertAccessible(outside)
  })
}

for (const width of [320, 640]) {
  test(`at ${width} px setting up does not scroll sideways`, async (desk) => {
    const page = await open(desk, 'viewer', { size: { width, height: 640 } })
    await assertFits(page)
    const release = await answer(page, { BeginTotp: hold })
    await factor(page).getByRole('button', { name: '設定する' }).click()
    await assertAccessible(page)
    await release()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await assertFits(page)
    await screenshot(page, `credentials-set-up-${width}`)
  })
}
