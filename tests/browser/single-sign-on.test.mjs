// Signing in by an identity provider that really runs, and by one that lies.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { assertAccessible, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { CLIENT_SECRET, openProvider } from './harness/provider.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const provider = await openProvider()
const folder = await mkdtemp(join(tmpdir(), 'sengen-provider-'))
await writeFile(join(folder, 'secret'), `${CLIENT_SECRET}\n`)
await writeFile(
  join(folder, 'sengen.toml'),
  `[sign_in.oidc]
issuer = "${provider.issuer}"
client_id = "sengen"
client_secret_file = "${join(folder, 'secret')}"
label = "みほんID"
scopes = ["groups", "email"]
[sign_in.oidc.group_roles]
"register" = ["registrar"]
"look" = ["viewer"]
`,
)
const { office, test } = await desks({ rows: 5, extra: { SENGEN_CONFIG: join(folder, 'sengen.toml') } })
provider.serve(`${office.url}/sso/callback`)
after(async () => {
  await provider.close()
  await rm(folder, { recursive: true, force: true })
})

const list = (page) => page.getByRole('heading', { level: 1, name: '宣言' })
const section = (page) => page.getByRole('region', { name: 'シングルサインオン' })
const button = (page) => page.getByRole('button', { name: /みほんID/ })
const menu = (page, who) => page.getByRole('button', { name: `${STAFF[who].name}さんのメニュー` })
const told = (page, text) => page.getByRole('alert').getByText(text).waitFor()

/** Types who one is at the provider. */
async function beAtProvider(page, subject) {
  // Our own page has fields of the same names.
  await page.waitForURL(`${provider.issuer}/**`)
  await page.locator('input[name=login]').fill(subject)
  await page.locator('input[name=password]').fill('x')
  await page.locator('button[type=submit]').click()
}

async function link(page, subject) {
  await page.goto('/account')
  await section(page).getByRole('button', { name: 'みほんIDと結び付ける' }).click()
  await beAtProvider(page, subject)
}

/** A member of staff, linked with a subject of the provider, in a browser in which nobody is signed in. */
async function linked(desk, who, subject, claims) {
  provider.people.set(subject, claims)
  const page = await desk.page(who)
  await link(page, subject)
  await section(page).getByText('結び付け:').waitFor()
  await page.context().clearCookies()
  return page
}

/** A browser in which nobody is signed in anywhere, on the way to the provider. */
async function start(page) {
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await button(page).click()
}

async function attempt(page, subject) {
  await start(page)
  await beAtProvider(page, subject)
}

const roles = async (page) =>
  page.evaluate(async () => {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ session { staff { roles } freshUntil } }' }) })
    return (await response.json()).data.session
  })

test('somebody who is not linked is refused; linked while signed in they come in, and are never the subject of a mail address', async (desk) => {
  const page = await desk.page()
  provider.people.set('s-registrar', { groups: ['register'], email: 'hanako@example.jp' })
  await page.goto('/sign-in')
  await button(page).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'sso-sign-in')
  await button(page).focus()
  await page.keyboard.press('Enter')
  await beAtProvider(page, 's-registrar')
  await told(page, 'この利用者と結び付いたアカウントがありません。')
  await assertAccessible(page)
  await screenshot(page, 'sso-unknown')
  const asked = provider.state.seen.findLast((seen) => seen.state)
  assert.deepEqual([asked.response_type, asked.code_challenge_method, asked.scope], ['code', 'S256', 'openid groups email'])
  assert.ok(asked.nonce && asked.state && asked.code_challenge.length === 43)

  const member = await linked(desk, 'registrar', 's-registrar', { groups: ['register'], email: 'hanako@example.jp' })
  await attempt(member, 's-registrar')
  await list(member).waitFor()
  await menu(member, 'registrar').waitFor()
  assert.deepEqual(await roles(member), { staff: { roles: ['REGISTRAR'] }, freshUntil: null }, 'not fresh: nobody knows when they proved it to the provider')
  await member.goto('/account')
  await section(member).getByText('最終利用:').waitFor()
  await assertAccessible(member)

  // The same address, another person.
  provider.people.set('s-other', { groups: ['register'], email: 'hanako@example.jp' })
  await attempt(page, 's-other')
  await told(page, 'この利用者と結び付いたアカウントがありません。')
  // What one account is linked with is no other's.
  const second = await desk.page('second')
  await link(second, 's-registrar')
  await told(second, 'この利用者は、すでに別のアカウントと結び付いています。')
  await assertAccessible(second)
  await screenshot(second, 'sso-taken')
})

const SECOND = 1_000
const soon = () => Math.floor(Date.now() / SECOND)
const LIES = {
  'another nonce': () => ({ claims: { nonce: 'of another' } }),
  'another audience': () => ({ claims: { aud: 'somebody-else' } }),
  'another audience beside ours': () => ({ claims: { aud: ['sengen', 'somebody-else'] } }),
  'another issuer': () => ({ claims: { iss: 'http://localhost:1' } }),
  expired: () => ({ claims: { exp: soon() - 120, iat: soon() - 240 } }),
  'issued long ago': () => ({ claims: { iat: soon() - 3_600 } }),
  'another key': () => ({ foreignKey: true }),
  'no signature': () => ({ none: true }),
}

test('a token that does not hold in any one point opens nothing', async (desk) => {
  const page = await linked(desk, 'viewer', 's-viewer', { groups: ['look'] })
  after(() => {
    provider.state.bend = undefined
  })
  for (const [name, lie] of Object.entries(LIES)) {
    provider.state.bend = lie()
    await attempt(page, 's-viewer')
    await page.getByRole('alert').getByText('応答を確認できませんでした。').waitFor().catch((cause) => {
      throw new Error(name, { cause })
    })
  }
  // Some seconds off is no lie.
  provider.state.bend = { claims: { exp: soon() - 20, iat: soon() + 20 } }
  await attempt(page, 's-viewer')
  await list(page).waitFor()
  provider.state.bend = undefined
})

test('what a browser brings back counts once, with its own state, in the browser that was sent', async (desk) => {
  const page = await linked(desk, 'deputy', 's-deputy', { groups: ['look'] })
  const over = '時間が過ぎたか、別の画面で進められました。'
  // The provider tells the test where it would send the browser back to, and sends it nowhere.
  const caught = new Promise((resolve) => {
    provider.state.caught = resolve
  })
  await start(page)
  await beAtProvider(page, 's-deputy')
  // Another browser was handed the link: somebody wants it to be signed in as them.
  const url = await caught
  provider.state.caught = undefined
  const victim = await desk.page()
  await victim.goto(url)
  await told(victim, over)
  // A state of somebody's own making; the cookie is used up by that.
  const forged = new URL(url)
  forged.searchParams.set('state', 'forged')
  await page.goto(forged.href)
  await told(page, over)
  await page.goto(url)
  await told(page, over)

  // Once right, and not again.
  await attempt(page, 's-deputy')
  await list(page).waitFor()
  await page.goto(url)
  await section(page).getByRole('alert').getByText(over).waitFor()

  // Nothing of the address leads anywhere else, and a name that comes twice is none.
  for (const search of ['', '?code=x', '?state=a&state=b', '?to=https://example.jp', '?error=access_denied&error_description=%3Cb%3E']) {
    const response = await fetch(`${office.url}/sso/callback${search}`, { redirect: 'manual' })
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/sign-in?sso=over'], search)
  }
})

test('whom the provider does not let in is told so, and may try otherwise', async (desk) => {
  const page = await desk.page()
  provider.state.denies = true
  await start(page)
  await told(page, 'ログインが許可されませんでした。')
  await assertAccessible(page)
  provider.state.denies = false
})

test('roles follow the groups at each sign-in; what two persons give stays, and without any group nobody is in', async (desk) => {
  const chief = await linked(desk, 'chief', 's-chief', { groups: ['look'] })
  await attempt(chief, 's-chief')
  await list(chief).waitFor()
  assert.deepEqual((await roles(chief)).staff.roles, ['ADMINISTRATOR', 'VIEWER'])

  const page = await linked(desk, 'second', 's-second', { groups: ['register', 'look', 'unknown'] })
  await attempt(page, 's-second')
  await list(page).waitFor()
  assert.deepEqual((await roles(page)).staff.roles, ['REGISTRAR', 'VIEWER'])
  const before = await page.context().cookies()
  provider.people.set('s-second', { groups: 'look' })
  await attempt(page, 's-second')
  await list(page).waitFor()
  assert.deepEqual((await roles(page)).staff.roles, ['VIEWER'])
  const old = before.find(({ name }) => name === 'sengen')
  const { data } = await office.ask('{ session { staff { roles } } }', {}, `sengen=${old.value}`)
  assert.deepEqual(data.session.staff.roles, ['VIEWER'], 'at once, in every session')
  provider.people.set('s-second', { groups: ['unknown'] })
  await attempt(page, 's-second')
  await told(page, '所属するグループに、このシステムの役割がありません。')
  assert.equal((await office.ask('{ session { staff { roles } } }', {}, `sengen=${old.value}`)).data.session, null, 'its sessions are over')
})

for (const language of LANGUAGES) {
  test(`single sign-on on the account is accessible in both themes, and can be taken back: ${language}`, async (desk) => {
    const w = words[language]
    provider.people.set('s-approver', { groups: ['look'] })
    const page = await desk.page('approver', { language })
    await page.goto('/account')
    const region = page.getByRole('region', { name: w.identity.title })
    await region.getByRole('button', { name: say(w.identity.link, { provider: 'みほんID' }) }).click()
    await beAtProvider(page, 's-approver')
    await region.getByRole('status').getByText(w.sso.linked).waitFor()
    await settled(page)
    await assertLooks(page, 'sso-account', language)
    await region.getByRole('button', { name: w.identity.unlink }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: w.identity.unlinkYes, exact: true }).click()
    await region.getByText(w.identity.notLinked).waitFor()
    await start(page)
    await beAtProvider(page, 's-approver')
    await page.getByRole('alert').getByText(w.sso.unknown).waitFor()
  })
}

test('somebody who was invited joins by the provider, without a password; the link counts once and a subject is one account', async (desk) => {
  provider.people.set('newcomer', { groups: ['look'], email: STAFF.registrar.login })
  const token = await office.invite('support')
  const page = await desk.page()
  await page.goto(`/invitation#${token}`)
  await page.getByRole('button', { name: 'みほんIDで参加する' }).focus()
  await assertAccessible(page)
  await screenshot(page, 'invitation-by-provider')
  await page.keyboard.press('Enter')
  await beAtProvider(page, 'newcomer')
  await page.waitForURL(/\/invitation\?sso=vouched$/)
  await page.getByText('シングルサインオンで確認できました。').waitFor()
  await page.getByText(`${words.ja.role.SUPPORT}として招待されています。`).waitFor()
  assert.equal(await page.getByLabel('パスワード').count(), 0)
  await page.getByRole('textbox', { name: words.ja.invitation.login }).fill(STAFF.registrar.login)
  await page.getByRole('textbox', { name: words.ja.invitation.name }).fill('見本 新子')
  await office.cookieOf('registrar')
  await page.keyboard.press('Enter')
  await page.getByText('このログイン名はすでに使われています。').first().waitFor()
  await assertAccessible(page)
  await screenshot(page, 'invitation-vouched')
  await page.getByRole('textbox', { name: words.ja.invitation.login }).fill('shinko')
  await page.keyboard.press('Enter')
  await list(page).waitFor()
  assert.deepEqual((await roles(page)).staff.roles, ['SUPPORT'], 'the roles of the link')
  await page.goto('/account')
  await page.getByText('方法: シングルサインオン').waitFor()
  // The next sign-in is by the provider, and groups say their roles.
  await attempt(page, 'newcomer')
  await list(page).waitFor()
  assert.deepEqual((await roles(page)).staff.roles, ['VIEWER'])
  // The link is used, and so is the subject.
  await page.context().clearCookies()
  await page.goto(`/invitation#${token}`)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: words.ja.invitation.unusableTitle }).waitFor()
  await page.goto('about:blank')
  await page.goto(`/invitation#${await office.invite('viewer')}`)
  await page.getByRole('button', { name: 'みほんIDで参加する' }).click()
  await beAtProvider(page, 'newcomer')
  await told(page, 'この利用者は、すでに別のアカウントと結び付いています。')
})

test('when the provider is down the page says so, and the password works', async (desk) => {
  await office.cookieOf('registrar')
  const page = await desk.page()
  await provider.close()
  // What it said of itself is known for some minutes: only a server that starts now must ask.
  await office.stop()
  await office.restart()
  await page.goto('/sign-in')
  await button(page).click()
  await told(page, '応答がありません。')
  await assertAccessible(page)
  await screenshot(page, 'sso-down')
  await page.getByLabel('ログイン名').fill(STAFF.registrar.login)
  await page.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'ログインする' }).click()
  await list(page).waitFor()
})
