// T54, the browser's part: names that people look for, and addresses of mail, are in no request's address, in no storage and in no cookie.
import assert from 'node:assert/strict'
import { desks, settled } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 5 })

const CANARIES = ['金糸雀', 'tori@example.jp', 'bunchou@example.jp', '囀太郎']

/** Everything that a page asks for, as a proxy sees it. */
function addresses(page) {
  const seen = []
  page.on('request', (request) => seen.push(`${request.method()} ${request.url().split('#')[0]} referer: ${request.headers().referer ?? ''}`))
  return seen
}

function assertNone(what, text) {
  const spelled = decodeURIComponent(decodeURIComponent(text.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')))
  for (const canary of CANARIES) assert.ok(!spelled.includes(canary), `${what} holds ${canary}: ${spelled}`)
}

const kept = (page) =>
  page.evaluate(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await indexedDB.databases(), await caches.keys()]))

test('t54 what is looked for is in no address that is asked for, and is kept nowhere', async (desk) => {
  const page = await desk.page('registrar')
  const seen = addresses(page)
  await page.goto('/declarations')
  const search = page.getByRole('textbox', { name: '検索' })
  await search.fill('金糸雀')
  await page.getByText('検索: 金糸雀', { exact: true }).waitFor()
  await settled(page)
  assert.ok(!new URL(page.url()).search.includes('q='))
  await page.reload()
  await page.getByText('検索: 金糸雀', { exact: true }).waitFor()
  await page.goto('/settings/mail')
  const ledger = page.getByRole('textbox', { name: 'メールアドレス・自己宣言IDで検索' })
  await ledger.fill('tori@example.jp')
  await ledger.press('Enter')
  await page.getByText('アドレス: tori@example.jp').waitFor()
  await page.reload()
  await page.getByText('アドレス: tori@example.jp').waitFor()
  assertNone('an address', seen.join('\n'))
  assertNone('the browser', await kept(page))
  assertNone('a cookie', JSON.stringify(await page.context().cookies()))
})

test('t54 an older link with a name in its address is mended, and the way through signing in keeps it out too', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations?state=ACTIVE&q=${encodeURIComponent('金糸雀')}`)
  await page.getByText('検索: 金糸雀', { exact: true }).waitFor()
  assert.equal(decodeURIComponent(page.url().slice(office.url.length)), '/declarations?state=ACTIVE#q=金糸雀')

  const nobody = await desk.page()
  const seen = addresses(nobody)
  await nobody.goto(`/declarations#q=${encodeURIComponent('囀太郎')}`)
  await nobody.getByLabel('ログイン名').fill('bunchou@example.jp')
  await nobody.getByRole('textbox', { name: 'パスワード' }).fill('囀太郎')
  await nobody.getByRole('button', { name: 'ログインする' }).click()
  await nobody.getByRole('alert').first().waitFor()
  assertNone('an address', seen.join('\n'))
  assertNone('the browser', await kept(nobody))
})
