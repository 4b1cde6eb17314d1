// What can be done with one declaration: the list that says why not, each form, the view of a conflict, and taking back.
import assert from 'node:assert/strict'
import { answer, fault } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 60 })

const ROWS = `query ($filter: DeclarationFilter) {
  declarations(filter: $filter, first: 40, sort: NUMBER_ASC) { ... on DeclarationConnection { nodes { id flags corporateNumber } } }
}`
const taken = new Set()

/** A record that no other test touches: live, of an organisation. */
async function record(star, flagged = false) {
  const { data } = await office.ask(ROWS, { filter: { stars: [star], states: ['ACTIVE'] } }, await office.cookieOf('registrar'))
  const found = data.declarations.nodes.find(({ id, flags, corporateNumber }) => !taken.has(id) && corporateNumber && (flags.length > 0) === flagged)
  assert.ok(found, `no ${star} left`)
  taken.add(found.id)
  return found.id
}

const sheet = (page) => page.getByRole('dialog')
const region = (page) => page.getByRole('region', { name: '履歴' })
const newest = (page) => region(page).getByRole('listitem').first()
const fact = (page, term) => page.getByRole('region', { name: '登録内容' }).getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd')
const why = (page, text) => sheet(page).getByRole('textbox', { name: '理由' }).fill(text)
const send = (page, name) => sheet(page).getByRole('button', { name, exact: true }).click()
const closed = (page) => sheet(page).waitFor({ state: 'detached' })

async function open(desk, id, command, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(`/declarations/${id}${command === undefined ? '' : `/do/${command}`}`)
  if (command === undefined) await page.getByRole('button', { name: '手続き' }).waitFor()
  else await sheet(page).waitFor()
  return page
}

async function stop(page, on, reason = '廃業の届出') {
  await sheet(page).getByRole('combobox', { name: '停止の種類' }).selectOption({ label: '廃業' })
  await sheet(page).getByRole('textbox', { name: '停止する日' }).fill(on)
  await why(page, reason)
  await send(page, '停止する')
}

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' })

test('by keyboard alone: the list says what can be done and why not, and leads to a form', async (desk) => {
  const page = await open(desk, await record('ONE'))
  await page.keyboard.press('a')
  const list = page.getByRole('dialog', { name: 'この宣言の手続き' })
  await list.waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === '停止する')
  await assertAccessible(page)
  await page.keyboard.press('ArrowDown')
  const focused = list.locator(':focus')
  assert.equal(await focused.getAttribute('aria-disabled'), 'true')
  await list.getByRole('button', { name: '再開する', description: '停止していません。' }).waitFor()
  await page.keyboard.press('Enter')
  assert.match(page.url(), /\/do$/)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: '停止する' }).waitFor()
  assert.match(page.url(), /\/do\/stop$/)
  await page.goBack()
  await list.waitFor()
  await page.keyboard.press('Escape')
  await closed(page)
  // The keys are written down where the others are.
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'キー操作' }).getByText('手続きの一覧を開く').waitFor()
})

test('a stop is told with its day and reason, and taken back by the news of it; the two entries name each other', async (desk) => {
  const page = await open(desk, await record('ONE'), 'stop')
  await stop(page, inDays(0))
  await closed(page)
  await page.getByRole('status').getByText(/の停止を記録しました。$/).waitFor()
  await page.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header').getByText('停止', { exact: true }).waitFor()
  await newest(page).getByText('廃業の届出').waitFor()
  await newest(page).getByText(STAFF.registrar.name).waitFor()
  await newest(page).getByText(/^あと(9|10)分$/).waitFor()
  await assertAccessible(page)
  await page.getByRole('status').getByRole('button', { name: '元に戻す' }).click()
  const undo = page.getByRole('dialog', { name: '元に戻す' })
  await undo.getByText('廃業の届出').waitFor()
  await assertAccessible(page)
  await why(page, '別の宣言と取り違えた')
  await send(page, '元に戻す')
  await closed(page)
  await page.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header').getByText('有効').waitFor()
  await newest(page).getByText('元に戻した', { exact: true }).waitFor()
  await newest(page).getByText('別の宣言と取り違えた').waitFor()
  await newest(page).getByRole('link', { name: /^元に戻したもの: 停止（/ }).click()
  const undone = region(page).locator('[aria-current]')
  await undone.getByRole('link', { name: /^元に戻されました（/ }).waitFor()
  assert.equal(await undone.getByRole('link', { name: /^元に戻す/ }).count(), 0)
  await assertAccessible(page)
})

test('a correction is taken back from the history, as long as nothing later rests on it', async (desk) => {
  const id = await record('ONE')
  await office.correct(id, 'registrar', { kind: 'ERROR', reason: '取り違え', changes: [{ field: 'CITY', value: 'べつの市' }] })
  const page = await open(desk, id)
  await fact(page, '市区町村').getByText('べつの市').waitFor()
  await newest(page).getByRole('link', { name: '元に戻す: 登録内容の修正' }).click()
  await page.getByRole('dialog', { name: '元に戻す' }).getByText('取り違え').waitFor()
  await send(page, '元に戻す')
  await closed(page)
  await fact(page, '市区町村').getByText('みほん市').waitFor()
  // What was taken back cannot be taken back again, also by its address.
  const entry = new URL(await newest(page).getByRole('link', { name: /^元に戻したもの:/ }).getAttribute('href'), office.url).searchParams.get('event')
  await page.goto(`/declarations/${id}/do/undo?entry=${entry}`)
  await sheet(page).getByText('元に戻せる時間（10分）を過ぎたか、').waitFor()
  await sheet(page).getByRole('link', { name: 'できる手続きを見る' }).click()
  await page.getByRole('dialog', { name: 'この宣言の手続き' }).waitFor()
})

test('a stop to come is a plan: it is told over the record, changed, and cancelled', async (desk) => {
  const page = await open(desk, await record('ONE'), 'stop')
  await stop(page, inDays(40))
  await closed(page)
  const band = page.getByRole('note').filter({ hasText: 'に停止の予定です（廃業）' })
  await band.waitFor()
  await newest(page).getByText('停止の予定', { exact: true }).waitFor()
  await page.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header').getByText('有効').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'record-planned-stop-light-ja')
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '停止の予定を変える' }).click()
  assert.equal(await sheet(page).getByRole('textbox', { name: '停止する日' }).inputValue(), inDays(40))
  await page.keyboard.press('Escape')
  await closed(page)
  await band.getByRole('link', { name: '予定を取り消す' }).click()
  await page.getByRole('dialog', { name: '停止の予定を取り消す' }).waitFor()
  await why(page, '廃業を取りやめた')
  await send(page, '停止の予定を取り消す')
  await closed(page)
  await band.waitFor({ state: 'detached' })
  await newest(page).getByText('停止の予定の取り消し').waitFor()
})

test('a stop without a day, its day later, and the return', async (desk) => {
  const page = await open(desk, await record('ONE'), 'stop')
  await sheet(page).getByRole('combobox', { name: '停止の種類' }).selectOption({ label: '廃業' })
  await sheet(page).getByRole('checkbox', { name: '停止した日は分からない' }).check()
  assert.equal(await sheet(page).getByRole('textbox', { name: '停止する日' }).count(), 0)
  await why(page, '所在不明')
  await send(page, '停止する')
  await closed(page)
  await fact(page, '停止').getByText('廃業（日付不明）').waitFor()
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '停止日を記録する' }).click()
  await sheet(page).getByRole('textbox', { name: '停止する日' }).fill(inDays(-3))
  await why(page, '登記で確認')
  await send(page, '停止日を記録する')
  await closed(page)
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '再開する' }).click()
  // Before the stop: said at its field.
  await sheet(page).getByRole('textbox', { name: '再開する日' }).fill(inDays(-5))
  await why(page, '営業を再開')
  await send(page, '再開する')
  await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).getByRole('link', { name: /以降の日付を入力してください。$/ }).click()
  assert.equal(await page.evaluate(() => document.activeElement.id), 'on')
  await assertAccessible(page)
  await sheet(page).getByRole('textbox', { name: '再開する日' }).fill(inDays(0))
  await send(page, '再開する')
  await closed(page)
  await newest(page).getByText('再開', { exact: true }).waitFor()
})

test('a diagnosis by digits, a policy, and the step up from the palette; the policy does not go while there are two stars', async (desk) => {
  const page = await open(desk, await record('ONE'), 'diagnosis')
  await send(page, '自社診断を記録する')
  await sheet(page).getByRole('link', { name: '25問の回答を入力してください。' }).click()
  await page.keyboard.type('1'.repeat(20))
  await sheet(page).getByText('25問中20問に回答').waitFor()
  await page.keyboard.type('24')
  await send(page, '自社診断を記録する')
  await sheet(page).getByRole('link', { name: '未回答が3問あります（23、24、25）。' }).click()
  await page.keyboard.type('333')
  await sheet(page).getByText('81点').waitFor()
  await assertAccessible(page)
  await screenshot(page, 'record-diagnosis-answers-light-ja')
  await send(page, '自社診断を記録する')
  await closed(page)
  await fact(page, '自社診断の点数').getByText('81点').waitFor()
  await fact(page, '自社診断').getByText('（第3版、25問の回答あり）').waitFor()

  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: /^基本方針を/ }).click()
  await sheet(page).getByRole('textbox', { name: '基本方針のURL' }).fill('example')
  await page.getByRole('button', { name: /^基本方針を(記録する|差し替える)$/ }).click()
  await sheet(page).getByRole('link', { name: '基本方針のURLを「https://」から入力してください。' }).waitFor()
  await sheet(page).getByRole('textbox', { name: '基本方針のURL' }).fill('https://example.jp/policy')
  await page.getByRole('button', { name: /^基本方針を(記録する|差し替える)$/ }).click()
  await closed(page)
  await fact(page, '公開の方法').getByText('ウェブサイト').waitFor()

  await page.keyboard.press('Control+k')
  await sheet(page).getByRole('searchbox').or(sheet(page).getByRole('textbox')).waitFor()
  await page.keyboard.type('二つ星にする')
  await page.getByRole('menuitem', { name: '二つ星にする' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: '二つ星にする' }).waitFor()
  await send(page, '二つ星にする')
  await closed(page)
  await newest(page).getByText('二つ星へ').waitFor()

  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '基本方針を取り下げる' }).click()
  await why(page, 'ページが無くなった')
  await send(page, '基本方針を取り下げる')
  await sheet(page).getByRole('link', { name: /^二つ星の宣言には基本方針が必要です。/ }).click()
  await page.keyboard.press('Space')
  await assertAccessible(page)
  await send(page, '基本方針を取り下げる')
  await closed(page)
  await newest(page).getByText('基本方針の取り下げ').waitFor()
  await page.getByRole('heading', { level: 1 }).locator('xpath=ancestor::header').getByText('一つ星').waitFor()
})

test('two stars become one', async (desk) => {
  const page = await open(desk, await record('TWO'), 'stepDown')
  await why(page, '基本方針の公開を終了')
  await send(page, '一つ星にする')
  await closed(page)
  await newest(page).getByText('一つ星へ').waitFor()
  await fact(page, '取組段階').getByText('一つ星').waitFor()
})

test('publication and the right to the logo go and come back', async (desk) => {
  const id = await record('TWO')
  await office.correct(id, 'registrar', { kind: 'ERROR', reason: '同意を確認', changes: [{ field: 'PUBLISH_CONSENT', value: '同意' }] }).catch((error) => assert.match(error.message, /同じ/))
  const page = await open(desk, id)
  await fact(page, '公表').getByText(/^(公表中|非公表)$/).waitFor()
  const published = (await fact(page, '公表').innerText()).trim() === '公表中'
  const done = { 非公表にする: '非公表', 公表する: '公表中' }
  for (const command of published ? ['非公表にする', '公表する'] : ['公表する', '非公表にする']) {
    await page.getByRole('button', { name: '手続き' }).click()
    await sheet(page).getByRole('link', { name: command }).click()
    await why(page, '届出')
    await send(page, command)
    await closed(page)
    await fact(page, '公表').getByText(done[command], { exact: true }).waitFor()
  }
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: 'ロゴの使用を止める' }).click()
  await send(page, 'ロゴの使用を止める')
  await sheet(page).getByRole('link', { name: '「理由」を入力してください。' }).waitFor()
  await why(page, '「認定」という誤った表示')
  await send(page, 'ロゴの使用を止める')
  await closed(page)
  await fact(page, 'ロゴの使用').getByText('停止中').waitFor()
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('button', { name: 'ロゴの使用を止める', description: 'すでに止めています。' }).waitFor()
  await sheet(page).getByRole('link', { name: 'ロゴの使用停止を解く' }).click()
  await why(page, '表示の修正を確認')
  await send(page, 'ロゴの使用停止を解く')
  await closed(page)
  await fact(page, 'ロゴの使用').getByText('使用できます').waitFor()
})

test('by keyboard alone: a note, and a warning that is raised and cleared from its chip', async (desk) => {
  const page = await open(desk, await record('ONE'))
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'メモを書く' }).waitFor()
  await sheet(page).getByRole('textbox', { name: 'メモ' }).focus()
  await page.keyboard.type('来週また電話する')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await closed(page)
  await newest(page).getByText('来週また電話する').waitFor()
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '警告を付ける' }).click()
  await sheet(page).getByRole('combobox', { name: '警告' }).selectOption({ label: '方針がURLでない' })
  await why(page, 'ページが見つからない')
  await send(page, '警告を付ける')
  await closed(page)
  await page.getByRole('link', { name: '警告「方針がURLでない」を外す' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: '警告を外す' }).waitFor()
  assert.match(page.url(), /clearFlag\?flag=POLICY_NOT_URL$/)
  await why(page, '公開を確認')
  await send(page, '警告を外す')
  await closed(page)
  assert.equal(await page.getByRole('link', { name: '警告「方針がURLでない」を外す' }).count(), 0)
  await newest(page).getByText('公開を確認').waitFor()
})

test('of two who change the contact the second decides field by field', async (desk) => {
  const id = await record('ONE')
  const [first, second] = [await open(desk, id, 'contact'), await open(desk, id, 'contact', 'second')]
  for (const [page, name, reason] of [[first, '先野 花', '一人目の理由'], [second, '後野 実', '二人目の理由']]) {
    await sheet(page).getByRole('textbox', { name: '担当者名' }).fill(name)
    await why(page, reason)
  }
  await sheet(second).getByRole('textbox', { name: '部署' }).fill('企画部')
  await send(first, '連絡先を変更する')
  await closed(first)
  await send(second, '連絡先を変更する')
  const conflict = sheet(second)
  await conflict.getByRole('alert').getByText('ほかの人が先に変更しました').waitFor()
  await conflict.getByRole('alert').getByText(`、${STAFF.registrar.name}が`).waitFor()
  await conflict.getByRole('alert').getByText('「担当者の変更」').waitFor()
  await conflict.getByText('先の変更の理由: 一人目の理由').waitFor()
  const name = conflict.getByRole('group', { name: '担当者名' })
  assert.match(await name.innerText(), /先野 花[^]*後野 実/)
  await assertLooks(second, 'record-contact-conflict', 'ja')
  await name.getByRole('radio', { name: '先の修正のままにする' }).check()
  await conflict.getByRole('button', { name: '選んだ内容で修正する' }).click()
  await closed(second)
  await fact(second, '担当者名').getByText('先野 花').waitFor()
  await fact(second, '部署').getByText('企画部').waitFor()
})

test('whoever is overtaken by another change looks at it and goes on, or leaves it', async (desk) => {
  const id = await record('ONE')
  const page = await open(desk, id, 'suspendLogo', 'second')
  await why(page, '誤った表示が続く')
  await office.correct(id, 'registrar', { kind: 'ERROR', reason: '登記で確認', changes: [{ field: 'CITY', value: 'みなみ見本市' }] })
  await send(page, 'ロゴの使用を止める')
  const conflict = sheet(page)
  await conflict.getByRole('alert').getByText('ほかの人が先に変更しました').waitFor()
  await conflict.getByRole('alert').getByText('先の変更の理由: 登記で確認').waitFor()
  assert.match(await conflict.getByRole('group', { name: '市区町村' }).innerText(), /みなみ見本市/)
  await assertLooks(page, 'record-command-conflict', 'ja')
  await conflict.getByRole('button', { name: 'やめる' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByRole('button', { name: '入力に戻る' }).click()
  await conflict.getByRole('button', { name: '今の内容で続ける' }).click()
  await closed(page)
  await newest(page).getByText('誤った表示が続く').waitFor()
})

test('a lost answer is asked for again and nothing is recorded twice', async (desk) => {
  const page = await open(desk, await record('ONE'), 'note')
  await sheet(page).getByRole('textbox', { name: 'メモ' }).fill('一度だけ')
  desk.expect(/500/)
  const end = await answer(page, { AddNote: fault('INTERNAL') })
  await send(page, 'メモを書く')
  await sheet(page).getByRole('alert').waitFor()
  await assertAccessible(page)
  await end()
  await send(page, 'メモを書く')
  await closed(page)
  assert.equal(await region(page).getByText('一度だけ').count(), 1)
})

test('Esc and the back button ask before anything typed is lost', async (desk) => {
  const page = await open(desk, await record('ONE'))
  await page.getByRole('button', { name: '手続き' }).click()
  await sheet(page).getByRole('link', { name: '非公表にする' }).or(sheet(page).getByRole('link', { name: '連絡先を変更する' })).first().waitFor()
  await sheet(page).getByRole('link', { name: 'メモを書く' }).click()
  await sheet(page).getByRole('textbox', { name: 'メモ' }).fill('書きかけ')
  const question = page.getByRole('alertdialog', { name: '入力した内容を捨てますか' })
  await page.keyboard.press('Escape')
  await question.waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '入力に戻る' }).click()
  await page.goBack()
  await question.getByRole('button', { name: '入力に戻る' }).click()
  assert.equal(await sheet(page).getByRole('textbox', { name: 'メモ' }).inputValue(), '書きかけ')
  await page.goBack()
  await question.getByRole('button', { name: '捨てて閉じる' }).click()
  await page.getByRole('dialog', { name: 'この宣言の手続き' }).waitFor()
  // From one form to another by the palette: nothing of the first is in the second.
  await sheet(page).getByRole('link', { name: 'メモを書く' }).click()
  await page.getByRole('dialog', { name: 'メモを書く' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('menuitem', { name: 'ロゴの使用を止める' }).click()
  await page.getByRole('dialog', { name: 'ロゴの使用を止める' }).getByRole('textbox', { name: '理由' }).waitFor()
  assert.equal(await sheet(page).getByRole('textbox', { name: 'メモ' }).count(), 0)
})

test('the Enter that ends a conversion sends nothing', async (desk) => {
  const page = await open(desk, await record('ONE'), 'contact')
  const stopped = await sheet(page).getByRole('textbox', { name: '担当者名' }).evaluate((input) => {
    input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    return !input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, isComposing: true }))
  })
  assert.equal(stopped, true)
  // Nothing was changed: the server says so, in the form.
  await send(page, '連絡先を変更する')
  await sheet(page).getByRole('group', { name: /^入力を確認してください/ }).getByText('今の内容と同じです。').waitFor()
})

test('without the right the button says why, and no address leads to a form', async (desk) => {
  const id = await record('ONE')
  const page = await open(desk, id, undefined, 'viewer')
  await page.getByRole('button', { name: '手続き', description: words.ja.command.reason.none }).waitFor()
  await page.keyboard.press('a')
  await page.keyboard.press('n')
  assert.match(page.url(), new RegExp(`${id}$`))
  assert.equal(await page.getByRole('link', { name: /^警告「.*」を外す$/ }).count(), 0)
  for (const command of ['', '/stop', '/undo?entry=1']) {
    await page.goto(`/declarations/${id}/do${command}`)
    await sheet(page).getByText(words.ja.command.reason.none).waitFor()
    assert.equal(await sheet(page).getByRole('textbox').count(), 0)
  }
  await assertAccessible(page)
})

test('whoever may do some of it is offered that, and told of the rest which right is missing', async (desk) => {
  const id = await record('ONE')
  const page = await open(desk, id, undefined, 'support')
  await page.keyboard.press('a')
  const lacking = (name) => sheet(page).getByRole('button', { name, description: /の権限がありません。$/ })
  for (const name of ['停止する', '公表する', 'ロゴの使用を止める']) await lacking(name).waitFor()
  for (const name of ['連絡先を変更する', 'メモを書く', '警告を付ける']) await sheet(page).getByRole('link', { name }).waitFor()
  await assertAccessible(page)
  await page.goto(`/declarations/${id}/do/stop`)
  await sheet(page).getByText(`「${words.ja.permission.STOP_DECLARATION}」の権限がありません。`).waitFor()
  assert.equal(await sheet(page).getByRole('textbox').count(), 0)
  // What they did themselves they take back.
  await page.goto(`/declarations/${id}/do/contact`)
  await sheet(page).getByRole('textbox', { name: '担当者名' }).fill('見本 三郎')
  await send(page, '連絡先を変更する')
  await page.getByRole('button', { name: '元に戻す' }).click()
  await page.getByRole('dialog', { name: '元に戻す' }).waitFor()
})

test('an address of what cannot be done now says why, and an unknown one that there is nothing', async (desk) => {
  const id = await record('ONE')
  const page = await open(desk, id, 'reinstate')
  await sheet(page).getByText('今はできません。停止していません。').waitFor()
  await page.goto(`/declarations/${id}/do/undo?entry=1`)
  await sheet(page).getByText('元に戻す記録が見つかりません。').waitFor()
  await page.goto(`/declarations/${id}/do/nothing`)
  await sheet(page).getByText(words.ja.fault.notFound).waitFor()
  await page.goto(`/declarations/${id}?asOf=2020-01-01`)
  await page.getByRole('button', { name: '手続き', description: /^過去の内容を表示しているため/ }).waitFor()
})

/** In two parts, as each form is looked at in both themes. */
const FORMS = [
  ['stop', 'diagnosis', 'policy', 'contact', 'unpublish', 'suspendLogo'],
  ['note', 'raiseFlag', 'clearFlag', 'stepDown', 'withdrawPolicy', 'publish'],
]

for (const language of LANGUAGES) {
  for (const [part, forms] of FORMS.entries()) {
    test(`each form is accessible in both themes (${language}, ${forms.join(', ')})`, async (desk) => {
      const id = await record('TWO', part === 1)
      const page = await desk.page('registrar', { language })
      for (const command of forms) {
        await page.goto(`/declarations/${id}/do/${command}`)
        await sheet(page).waitFor()
        await assertLooks(page, `record-command-${command}`, language)
      }
    })
  }

  test(`the list is accessible in both themes, and whole in 320 px like the longest forms (${language})`, async (desk) => {
    const id = await record('TWO')
    const page = await desk.page('registrar', { language })
    await page.goto(`/declarations/${id}/do`)
    await sheet(page).getByRole('link', { name: words[language].command.name.note }).waitFor()
    await assertLooks(page, 'record-commands', language)
    await page.setViewportSize({ width: 320, height: 640 })
    for (const command of ['', '/diagnosis', '/policy']) {
      await page.goto(`/declarations/${id}/do${command}`)
      await sheet(page).waitFor()
      await assertFits(page)
      await screenshot(page, `record-command${command.replace('/', '-') || 's'}-320-${language}`)
    }
  })
}

// Last: the session of the second person ends in it.
test('a session that ends in the middle of a form asks to sign in over it, and what was typed stays', async (desk) => {
  // The socket that says who else has the record open ends with the session, and is tried again.
  desk.expect(/WebSocket connection to .* failed/)
  const page = await open(desk, await record('ONE'), 'suspendLogo', 'second')
  await why(page, '席を外した')
  await office.ask('mutation { signOut }', {}, await office.cookieOf('second'))
  await send(page, 'ロゴの使用を止める')
  const gate = page.getByRole('dialog', { name: 'もう一度ログインしてください' })
  await gate.getByRole('textbox', { name: 'パスワード' }).fill(PASSWORD)
  await gate.getByRole('button', { name: 'ログインする' }).click()
  await gate.waitFor({ state: 'detached' })
  assert.equal(await sheet(page).getByRole('textbox', { name: '理由' }).inputValue(), '席を外した')
  await send(page, 'ロゴの使用を止める')
  await closed(page)
  await newest(page).getByText('席を外した').waitFor()
})
