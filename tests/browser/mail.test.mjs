// 設定 › 送信: the ledger, one mail, test mails and the suppression list, over the folder that mail goes to where there is no relay.
// What needs a relay that is away stands in mail-relay.test.mjs.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { mailsOf, sendTest } from './harness/mail.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const MAIL = '/settings/mail'
const sheet = (page) => page.getByRole('dialog')
const table = (page) => page.getByRole('table', { name: '送信' })
const rowOf = (page, text) => table(page).getByRole('row').filter({ hasText: text })
const path = (page) => new URL(page.url()).pathname + decodeURIComponent(new URL(page.url()).search + new URL(page.url()).hash)

async function open(desk, where = MAIL, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(where)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return page
}

/** The names of the operations that a page asks for from now on. */
function asked(page) {
  const names = []
  page.on('request', (request) => request.url().endsWith('/graphql') && names.push(/(?:query|mutation) (\w+)/.exec(request.postData())?.[1]))
  return names
}

test('the way there, before anything was ever sent', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('navigation', { name: 'メインメニュー' }).getByRole('link', { name: '設定' }).click()
  await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: '送信' }).click()
  await page.getByRole('heading', { level: 1, name: '送信' }).waitFor()
  await page.getByRole('heading', { name: '送信はまだありません' }).waitFor()
  assert.equal(await page.title(), '送信 — 設定 — 宣言 Sengen')
  await assertAccessible(page)
  await screenshot(page, 'mail-blank')
})

test('a test mail is followed until it has settled, and its record opens its words only when asked', async (desk) => {
  const page = await open(desk)
  await page.getByRole('link', { name: 'テスト送信' }).click()
  await sheet(page).getByText('この設定ではメールは外に出ず、フォルダーに保存されます。').waitFor()
  await sheet(page).getByRole('button', { name: 'テストメールを送る' }).click()
  await sheet(page).getByRole('link', { name: '宛先を入力してください。' }).click()
  await assertAccessible(page)
  await page.keyboard.type('だれか')
  await sheet(page).getByRole('button', { name: 'テストメールを送る' }).click()
  await sheet(page).getByRole('link', { name: /メールアドレスの/ }).waitFor()
  await sheet(page).getByRole('textbox', { name: '宛先' }).fill('taro@example.jp')
  await sheet(page).getByRole('button', { name: 'テストメールを送る' }).click()
  await sheet(page).getByText('フォルダーに保存しました。').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'mail-test-saved')
  await sheet(page).getByRole('link', { name: 'このメールの記録を開く' }).click()

  await page.getByText('メールサーバーが受け付けました。').waitFor()
  await page.getByRole('region', { name: '送信の内容' }).getByText('taro@example.jp').waitFor()
  await page.getByRole('region', { name: '送信の記録' }).getByRole('rowheader', { name: '1' }).waitFor()
  const names = asked(page)
  await page.getByText('開くと、閲覧した記録が残ります。').waitFor()
  await settled(page)
  assert.ok(!names.includes('MailWordsOf'))
  await page.getByRole('button', { name: '本文を表示する' }).click()
  await page.getByRole('region', { name: '読む' }).waitFor()
  await page.getByRole('button', { name: '送信形式', exact: true }).click()
  await page.getByRole('region', { name: '送信形式' }).getByText('Message-ID:').waitFor()
  assert.deepEqual(names.filter((name) => name === 'MailWordsOf'), ['MailWordsOf'])
  await assertAccessible(page)
  await page.keyboard.press('u')
  await rowOf(page, 'taro@example.jp').getByText('送信済み').waitFor()
})

test('an address, a number and states narrow the ledger, and stand in the address', async (desk) => {
  await sendTest(office, 'sagasu@example.jp')
  await sendTest(office, 'hoka@example.jp')
  const page = await open(desk)
  const search = page.getByRole('textbox', { name: 'メールアドレス・自己宣言IDで検索' })
  await search.fill('ｓａｇａｓｕ@example.jp')
  await search.press('Enter')
  await page.waitForURL(/address=/)
  assert.equal(path(page), `${MAIL}#address=sagasu@example.jp`)
  await page.getByText('アドレス: sagasu@example.jp').waitFor()
  await rowOf(page, 'hoka@example.jp').waitFor({ state: 'detached' })
  await page.reload()
  await rowOf(page, 'sagasu@example.jp').waitFor()
  const states = page.getByRole('group', { name: '状態で絞り込む' })
  await states.getByRole('button', { name: '不達' }).click()
  await page.getByRole('heading', { name: '該当する送信がありません' }).waitFor()
  assert.equal(path(page), `${MAIL}?state=BOUNCED#address=sagasu@example.jp`)
  await assertAccessible(page)
  await page.getByRole('link', { name: '条件をすべて外す' }).click()
  await rowOf(page, 'hoka@example.jp').waitFor()
  await states.getByRole('button', { name: /^送信済み/ }).click()
  await states.getByRole('button', { name: /^再送待ち/ }).click()
  await page.waitForURL(/state=DEFERRED,ACCEPTED/)
  assert.equal(await states.getByRole('button', { name: /^送信済み/ }).getAttribute('aria-pressed'), 'true')

  await search.fill('４７００ 0000-001')
  await search.press('Enter')
  await page.waitForURL(/number=47000000001/)
  await page.getByText('自己宣言ID「4700 0000 001」の事業者への送信は見つかりませんでした。').waitFor()
  await search.fill('これはアドレスではない')
  await search.press('Enter')
  await page.getByRole('alert').getByRole('heading', { name: 'この条件では検索できません' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: '検索の条件を外す' }).click()
  await rowOf(page, 'hoka@example.jp').waitFor()
})

test('a mail that is queued meanwhile is announced and moves no row before somebody asks for it', async (desk) => {
  await sendTest(office, 'mae@example.jp')
  const page = await open(desk)
  const top = async () => (await rowOf(page, 'mae@example.jp').boundingBox()).y
  const before = await top()
  await sendTest(office, 'ato@example.jp')
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
  const fresh = page.getByRole('button', { name: '新しい送信が1件あります。一覧を更新する' })
  await fresh.waitFor()
  assert.equal(await top(), before)
  assert.equal(await rowOf(page, 'ato@example.jp').count(), 0)
  await assertAccessible(page)
  await fresh.click()
  await rowOf(page, 'ato@example.jp').waitFor()
  await fresh.waitFor({ state: 'detached' })
})

test('rows are gone through, chosen and opened by keys', async (desk) => {
  await sendTest(office, 'kagi@example.jp')
  const page = await open(desk)
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement.matches('[data-row-link]'))
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: '選択した送信の操作' })
  await bar.getByText('1件を選択中').waitFor()
  await bar.getByText('選択した送信には、いまできる操作がありません。').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('x')
  await bar.waitFor({ state: 'detached' })
  await table(page).getByRole('checkbox', { name: '表示中の送信をすべて選択する' }).check()
  assert.equal(await table(page).getByRole('checkbox', { checked: false }).count(), 0)
  await bar.getByRole('button', { name: '選択を外す' }).click()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/settings\/mail\/[^?]+$/)
  await page.waitForFunction(() => document.activeElement.tagName === 'H1')
  await page.keyboard.press('u')
  await page.waitForURL(/\/settings\/mail$/)
  await page.waitForFunction(() => document.activeElement.matches('[data-row-link]'))
})

test('an address is suppressed, a mail to it is not sent, and the suppression is lifted', async (desk) => {
  const page = await open(desk, `${MAIL}/suppressions`)
  await page.getByRole('heading', { name: '送信を停止している宛先はありません' }).waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: '宛先を追加する' }).click()
  const save = () => sheet(page).getByRole('button', { name: '追加する' }).click()
  await save()
  await sheet(page).getByRole('link', { name: 'メールアドレスを入力してください。' }).waitFor()
  await sheet(page).getByRole('textbox', { name: '宛先' }).fill('yame@example')
  await sheet(page).getByRole('textbox', { name: '期限の日' }).fill('いつか')
  await save()
  await sheet(page).getByRole('link', { name: /日付として読み取れません/ }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('textbox', { name: '宛先' }).fill('yame@example.jp')
  await sheet(page).getByRole('textbox', { name: '期限の日' }).fill('令和12年5月10日')
  await save()
  await sheet(page).waitFor({ state: 'detached' })
  const row = page.getByRole('row').filter({ hasText: 'yame@example.jp' })
  await row.getByText('職員の判断').waitFor()
  await row.getByText('すべての種別').waitFor()
  await row.getByText('2030年5月10日').waitFor()

  await sendTest(office, 'yame@example.jp')
  const ledger = await open(desk, `${MAIL}?address=yame@example.jp`)
  await rowOf(ledger, 'yame@example.jp').getByText('送信停止').waitFor()

  const search = page.getByRole('textbox', { name: 'メールアドレスで検索' })
  await search.fill('nai@example.jp')
  await search.press('Enter')
  await page.getByText('「nai@example.jp」は送信停止リストにありません。').waitFor()
  await search.fill('yame@example.jp')
  await search.press('Enter')
  await page.getByRole('button', { name: 'yame@example.jpの送信停止を解除する' }).click()
  const question = page.getByRole('alertdialog', { name: '送信停止を解除しますか' })
  await question.getByText(/yame@example\.jpへの送信停止（職員の判断、すべての種別）を解除します。/).waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '解除する', exact: true }).click()
  await row.waitFor({ state: 'detached' })
  await page.getByText('yame@example.jpの送信停止を解除しました。').waitFor()
})

test('in doubt: both ways out are explained, and what follows is said again before it is done', async (desk) => {
  const page = await desk.page('registrar')
  const end = await answer(page, mailsOf('IN_DOUBT'))
  await page.goto(`${MAIL}/doubtful`)
  const panel = page.getByRole('region', { name: '届いたか分かりません。どちらかを選んでください' })
  await panel.getByText('届いていなかった場合、相手はこのメールを受け取れないままになります。').waitFor()
  await panel.getByText('相手が2通受け取ることがあります。').waitFor()
  await assertAccessible(page)
  for (const [name, title, text] of [
    ['送信済みとして扱う', '送信済みとして扱いますか', '実際には届いていなかった場合、相手はこのメールを受け取れません。'],
    ['もう一度送る', 'もう一度送りますか', '相手は同じメールを2通受け取ることがあります。'],
  ]) {
    await panel.getByRole('button', { name }).click()
    const question = page.getByRole('alertdialog', { name: title })
    await question.getByText(text).waitFor()
    await assertAccessible(page)
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
  }
  // Somebody else was faster.
  await panel.getByRole('button', { name: 'もう一度送る' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'もう一度送る' }).click()
  await page.getByRole('alert').getByText('いまは「送信済み」です。何も変更していません。').waitFor()
  await assertAccessible(page)
  await end()
})

test('what cannot be built says why, and has no raw form', async (desk) => {
  const page = await desk.page('registrar')
  const end = await answer(page, mailsOf('PARKED'))
  await page.goto(`${MAIL}/parked`)
  await page.getByRole('region', { name: '組み立てられません。原因を直してから判断してください' }).waitFor()
  await page.getByRole('button', { name: '本文を表示する' }).click()
  const why = page.getByRole('note')
  await why.getByText('メールを組み立てられません。').waitFor()
  await why.getByText('技術情報', { exact: true }).click()
  await why.getByText('the sender office has no address').waitFor()
  await page.getByRole('button', { name: '送信形式', exact: true }).click()
  await page.getByText('組み立てられないため、送信形式はありません。').waitFor()
  await assertAccessible(page)
  await end()
})

test('what waits for a person is said on top of the ledger, with the way to it', async (desk) => {
  const page = await desk.page('registrar')
  const end = await answer(page, mailsOf('IN_DOUBT'))
  await page.goto(MAIL)
  await page.getByText('送達不明が2件あります。').waitFor()
  await page.getByText('要確認が1件あります。').waitFor()
  await assertAccessible(page)
  await page.getByRole('link', { name: '確認を待つ送信を表示する' }).click()
  await page.waitForURL(/state=IN_DOUBT,PARKED/)
  await page.getByText('確認を待つ送信を表示しています。').waitFor()
  await end()
})

test('recipients that are withheld or forgotten are said to be so, and their words are not asked for', async (desk) => {
  const page = await desk.page('registrar')
  for (const [kind, word, reason] of [['Withheld', '表示できません', undefined], ['Forgotten', '消去済み', '受取人の個人情報は消去され、本文は復元できません。']]) {
    const end = await answer(page, mailsOf('ACCEPTED', { __typename: kind, permission: 'READ_PERSONAL' }))
    await page.goto(MAIL)
    await table(page).getByText(word).first().waitFor()
    await assertAccessible(page)
    await page.goto(`${MAIL}/closed`)
    await page.getByRole('region', { name: '送信の内容' }).getByText(word).first().waitFor()
    if (reason) await page.getByText(reason).waitFor()
    await assertAccessible(page)
    await end()
    await page.unrouteAll()
  }
})

test('without the right there is no place, no page and no answer', async (desk) => {
  desk.expect(/5\d\d from|Failed to load resource/)
  const page = await desk.page('viewer')
  await page.goto('/settings/calendar')
  await page.getByRole('heading', { level: 1, name: '暦' }).waitFor()
  assert.equal(await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: '送信' }).count(), 0)
  for (const where of [MAIL, `${MAIL}/suppressions`, `${MAIL}/019e4ca0-0000-7000-8000-000000000000`]) {
    await page.goto(where)
    await page.getByRole('heading', { level: 1, name: '権限がありません' }).waitFor()
    await page.getByText('「スケジュール・作業・送信の閲覧」の権限が必要です。').waitFor()
    await assertAccessible(page)
  }
  await page.goto(`${MAIL}/test`)
  await page.getByRole('heading', { level: 1, name: '権限がありません' }).waitFor()
})

test('who may look and not decide sees no way to decide', async (desk) => {
  const page = await desk.page('registrar')
  const { data } = await office.ask('{ session { staff { id login name roles } permissions expiresAt } }', {}, await office.cookieOf('registrar'))
  const session = { ...data.session, __typename: 'Session', permissions: data.session.permissions.filter((right) => right !== 'MANAGE_MAIL') }
  const end = await answer(page, { ...mailsOf('IN_DOUBT'), Session: { json: { data: { session } } } })
  await page.goto(MAIL)
  await table(page).getByRole('row').nth(1).waitFor()
  assert.equal(await table(page).getByRole('checkbox').count(), 0)
  assert.equal(await page.getByRole('link', { name: 'テスト送信' }).count(), 0)
  await page.goto(`${MAIL}/doubtful`)
  await page.getByText('「送信の管理」の権限がありません。管理者に依頼してください。').waitFor()
  assert.equal(await page.getByRole('button', { name: 'もう一度送る' }).count(), 0)
  await assertAccessible(page)
  await end()
})

test('what loads stands in its place, what fails says so, and what is not there has a page', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('registrar')
  const release = await answer(page, { MailList: hold, MailPulse: hold })
  await page.goto(MAIL)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await screenshot(page, 'mail-loading')
  await release()
  await settled(page)
  const end = await answer(page, { MailList: fault('INTERNAL') })
  await page.goto(`${MAIL}?state=CANCELLED`)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('alert').getByRole('button', { name: 'もう一度試す' }).click()
  await page.getByRole('heading', { name: '該当する送信がありません' }).waitFor()
  await page.goto(`${MAIL}/019e4ca0-0000-7000-8000-000000000000`)
  await page.getByRole('heading', { level: 1, name: '送信が見つかりません' }).waitFor()
  await assertAccessible(page)
})

test('the Enter of a conversion searches for nothing and sends nothing', async (desk) => {
  const page = await open(desk)
  const session = await page.context().newCDPSession(page)
  for (const [where, name] of [[MAIL, 'メールアドレス・自己宣言IDで検索'], [`${MAIL}/suppressions`, 'メールアドレスで検索'], [`${MAIL}/test`, '宛先'], [`${MAIL}/suppressions/new`, '宛先']]) {
    await page.goto(where)
    await page.getByRole('textbox', { name, exact: true }).focus()
    await settled(page)
    const before = page.url()
    const names = asked(page)
    await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
    await page.keyboard.press('Enter')
    await settled(page)
    assert.equal(page.url(), before, name)
    assert.deepEqual(names.filter((each) => each !== 'MailPulse'), [], name)
    assert.equal(await page.locator('[aria-invalid=true]').count(), 0, name)
    await session.send('Input.insertText', { text: '' })
    await page.goto('about:blank')
  }
})

test('a declaration leads to all mail of its organisation', async (desk) => {
  const page = await open(desk, `/declarations/${await office.idOf('47000000005')}`)
  await page.getByRole('link', { name: 'この事業者への送信' }).click()
  await page.getByText('自己宣言ID: 4700 0000 005の事業者').waitFor()
  assert.equal(path(page), `${MAIL}?number=47000000005`)
})

for (const language of LANGUAGES) {
  test(`the pages of outgoing mail are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await desk.page('registrar', { language })
    const end = await answer(page, mailsOf('IN_DOUBT'))
    for (const [name, where, ready] of [
      ['list', MAIL, () => page.getByRole('table', { name: w.mailList.table }).getByRole('row').nth(1)],
      ['one', `${MAIL}/doubtful`, () => page.getByRole('heading', { name: w.mailOne.doubtTitle })],
      ['suppressions', `${MAIL}/suppressions`, () => page.getByRole('heading', { level: 1, name: w.suppression.title })],
      ['suppress', `${MAIL}/suppressions/new`, () => sheet(page).getByRole('textbox', { name: w.suppression.address })],
      ['test', `${MAIL}/test`, () => sheet(page).getByRole('textbox', { name: w.testMail.to })],
    ]) {
      await page.goto(where)
      await ready().waitFor()
      await assertLooks(page, `mail-${name}`, language)
    }
    await end()
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} nothing of outgoing mail scrolls sideways or is lost`, async (desk) => {
    const page = await desk.page('registrar', { size })
    const end = await answer(page, mailsOf('IN_DOUBT'))
    for (const where of [MAIL, `${MAIL}/doubtful`, `${MAIL}/suppressions`]) {
      await page.goto(where)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await settled(page)
      await assertFits(page)
      await assertAccessible(page)
      await screenshot(page, `mail-${where.split('/').at(-1)}-${size.width}`)
    }
    await end()
  })
}
