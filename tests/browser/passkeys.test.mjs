// Passkeys on a device that the browser only plays: it holds real keys, signs, counts, and says whether it asked who is there.
import assert from 'node:assert/strict'
import { answer, unproved } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { device } from './harness/passkey.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const section = (page) => page.getByRole('region', { name: 'パスキー' })
const items = (page) => section(page).getByRole('listitem')
const list = (page) => page.getByRole('heading', { level: 1, name: '宣言' })
const REFUSED = 'このパスキーではログインできませんでした。'

async function account(desk, who, options = {}) {
  const page = await desk.page(who, options)
  await page.goto('/account')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

async function add(page, name) {
  await section(page).getByRole('button', { name: 'パスキーを追加' }).click()
  const box = page.getByRole('dialog', { name: 'パスキーの追加' })
  await box.getByRole('textbox', { name: '名前' }).fill(name)
  await box.getByRole('button', { name: '端末で確認に進む' }).click()
  await items(page).filter({ hasText: name }).waitFor()
}

/** The sign-in page in the same browser, with nobody signed in. */
async function signedOut(page) {
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'パスキーでログイン' }).waitFor()
}

const press = (page) => page.getByRole('button', { name: 'パスキーでログイン' }).click()

/** What the server answers to a signature that a page of ours would not ask for: `options` replaces parts of what is asked. */
const forged = (page, begin, complete, options) =>
  page.evaluate(
    async ([beginName, completeName, changed]) => {
      const ask = async (query, variables) => {
        const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
        return (await response.json()).data
      }
      const { asked } = await ask(`mutation { asked: ${beginName} { ... on PasskeyAsked { options } } }`)
      const json = { ...JSON.parse(asked.options), ...changed }
      const key = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) })
      const credential = JSON.stringify(key)
      const send = async () => (await ask(`mutation ($credential: String!) { done: ${completeName}(credential: $credential) { __typename } }`, { credential })).done.__typename
      return [await send(), await send()]
    },
    [begin, complete, options],
  )

test('by keyboard: a passkey is added, told, renamed, signs in without anything typed, and is removed', async (desk) => {
  const page = await account(desk, 'registrar')
  const { keys } = await device(page)
  await section(page).getByText('パスキーはまだありません。').waitFor()
  await section(page).getByRole('button', { name: 'パスキーを追加' }).focus()
  await page.keyboard.press('Enter')
  const box = page.getByRole('dialog', { name: 'パスキーの追加' })
  await box.getByRole('button', { name: '端末で確認に進む' }).click()
  await box.getByText('名前を入力してください。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'passkey-add')
  await box.getByRole('textbox', { name: '名前' }).fill('事務所のノートPC')
  await page.keyboard.press('Enter')
  await page.getByText('パスキー「事務所のノートPC」を追加しました。').waitFor()
  await items(page).getByText('まだ使われていません').waitFor()
  const [key] = await keys()
  assert.deepEqual([key.isResidentCredential, key.rpId], [true, 'localhost'])

  await items(page).getByRole('button', { name: '「事務所のノートPC」の名前を変える' }).click()
  const naming = page.getByRole('dialog', { name: 'パスキーの名前' })
  await naming.getByRole('textbox', { name: '名前' }).fill('自宅の鍵')
  await naming.getByRole('button', { name: '名前を変える' }).click()
  await items(page).getByText('自宅の鍵').waitFor()
  await assertAccessible(page)

  await signedOut(page)
  await assertAccessible(page)
  await screenshot(page, 'sign-in-passkey')
  await page.getByRole('button', { name: 'パスキーでログイン' }).focus()
  await page.keyboard.press('Enter')
  await list(page).waitFor()
  await page.getByRole('button', { name: `${STAFF.registrar.name}さんのメニュー` }).waitFor()

  await page.goto('/account')
  await items(page).getByText('最終利用').waitFor()
  await items(page).getByRole('button', { name: '「自宅の鍵」を削除' }).click()
  const question = page.getByRole('alertdialog', { name: 'パスキーを削除しますか' })
  await assertAccessible(page)
  await screenshot(page, 'passkey-remove')
  await question.getByRole('button', { name: '削除する' }).click()
  await section(page).getByText('パスキーはまだありません。').waitFor()
  await page.waitForFunction(() => document.activeElement.textContent === 'パスキー')

  // The device has it still, and it opens nothing any more.
  await signedOut(page)
  await press(page)
  await page.getByRole('alert').getByText(REFUSED).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'sign-in-passkey-refused')
})

test('whoever signed in long ago proves once more who they are: by the password, then by the passkey', async (desk) => {
  const page = await account(desk, 'second')
  await device(page)
  let end = await answer(page, unproved('BeginPasskey'))
  await section(page).getByRole('button', { name: 'パスキーを追加' }).click()
  await page.getByRole('textbox', { name: '名前' }).fill('鍵')
  await page.getByRole('button', { name: '端末で確認に進む' }).click()
  const proof = page.getByRole('dialog', { name: '本人の確認' })
  await proof.getByRole('button', { name: '確認して続ける' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'prove-by-password')
  assert.equal(await proof.getByRole('button', { name: 'パスキーで確認する' }).count(), 0)
  await proof.getByRole('textbox', { name: 'パスワード' }).fill('ちがう合言葉です')
  await page.keyboard.press('Enter')
  await proof.getByRole('alert').getByText('パスワードが違います。').waitFor()
  await assertAccessible(page)
  await end()
  await proof.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await items(page).getByText('鍵', { exact: true }).waitFor()

  end = await answer(page, unproved('RemovePasskey'))
  await items(page).getByRole('button', { name: '「鍵」を削除' }).click()
  await page.getByRole('button', { name: '削除する' }).click()
  await proof.getByRole('button', { name: 'パスキーで確認する' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'prove-by-passkey')
  await end()
  await proof.getByRole('button', { name: 'パスキーで確認する' }).click()
  await section(page).getByText('パスキーはまだありません。').waitFor()
})

test('a key of somebody else opens no account under another name, and makes no other session fresh', async (desk) => {
  const mine = await account(desk, 'deputy')
  const own = await device(mine)
  await add(mine, '自分の鍵')
  const theirs = await account(desk, 'viewer')
  const other = await device(theirs)
  await add(theirs, '他人の鍵')
  const [[ours], [foreign]] = [await own.keys(), await other.keys()]

  // Somebody signed in, who answers with a passkey that is not theirs.
  await own.put(foreign)
  const allowCredentials = [{ type: 'public-key', id: foreign.credentialId.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') }]
  assert.deepEqual(await forged(mine, 'beginPasskeyRefresh', 'refreshByPasskey', { allowCredentials }), ['SignInRefused', 'SignInRefused'])

  // A key of one account that says it were of another.
  await own.clear()
  await own.put({ ...foreign, userHandle: ours.userHandle })
  await signedOut(mine)
  await press(mine)
  await mine.getByRole('alert').getByText(REFUSED).waitFor()

  // A key that nobody has added.
  await own.clear()
  await own.put({ ...ours, credentialId: btoa('a credential that is not known') })
  await press(mine)
  await mine.getByRole('alert').getByText(REFUSED).waitFor()
})

test('a device that did not ask who is there is refused, and an answer counts once', async (desk) => {
  const page = await account(desk, 'chief')
  const { verifies } = await device(page)
  await add(page, '鍵')
  await verifies(false)
  await signedOut(page)
  await press(page)
  await page.getByRole('status').getByText('パスキーの確認が終わりませんでした。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'sign-in-passkey-given-up')
  const [begin, complete] = ['beginPasskeySignIn', 'completePasskeySignIn']
  assert.deepEqual(await forged(page, begin, complete, { userVerification: 'discouraged' }), ['SignInRefused', 'SignInRefused'])
  await verifies(true)
  assert.deepEqual(await forged(page, begin, complete, {}), ['Session', 'SignInRefused'])
})

test('a copy that counts backwards is refused, told, and opens nothing from then on', async (desk) => {
  const page = await account(desk, 'approver')
  const { keys, put, clear } = await device(page)
  await add(page, '写された鍵')
  const [copy] = await keys()
  await signedOut(page)
  await press(page)
  await list(page).waitFor()
  await clear()
  await put({ ...copy, signCount: 0 })
  await signedOut(page)
  await press(page)
  await page.getByRole('alert').getByText(REFUSED).waitFor()
  await clear()
  await put({ ...copy, signCount: 1_000 })
  await press(page)
  await page.getByRole('alert').getByText(REFUSED).waitFor()
  await page.getByLabel('ログイン名').fill(STAFF.approver.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await list(page).waitFor()
  await page.goto('/account')
  await items(page).getByText('複製された疑いがあるため').waitFor()
  await assertLooks(page, 'passkey-suspected', 'ja')
})

test('where the address is made of numbers there are no passkeys, and a sentence says so', async (desk) => {
  const page = await desk.page('registrar')
  const end = await answer(page, { OwnPasskeys: { json: { data: { signInWays: { passkeys: 'NUMERIC_ADDRESS' }, ownPasskeys: [] } } } })
  await page.goto('/account')
  await section(page).getByText('このアドレスは数字だけでできているため').waitFor()
  assert.equal(await section(page).getByRole('button', { name: 'パスキーを追加' }).count(), 0)
  await assertAccessible(page)
  await end()
})

for (const language of LANGUAGES) {
  test(`passkeys are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await account(desk, 'registrar', { language })
    await device(page)
    await page.getByRole('button', { name: w.passkeys.add }).click()
    await page.getByRole('textbox', { name: w.passkeys.name }).fill('見本の鍵')
    await page.getByRole('button', { name: w.passkeys.addYes }).click()
    await page.getByRole('region', { name: w.passkeys.title }).getByRole('listitem').first().waitFor()
    await assertLooks(page, 'passkeys', language)
    await page.setViewportSize({ width: 320, height: 640 })
    await assertFits(page)
  })
}
