// 設定 › スケジュール: what runs by itself and when, a new one with its next runs while one types, changes, deeds, and who may not.
import assert from 'node:assert/strict'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'
import { LANGUAGES, say, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const LIST = '/settings/schedules'
const NOBODY = '019e4ca0-0000-7000-8000-000000000000'
const SHIPPED = '台帳の検証（毎晩）'
const sheet = (page) => page.getByRole('dialog')
const table = (page) => page.getByRole('table', { name: 'スケジュールの一覧' })
const field = (page, name) => sheet(page).getByRole('textbox', { name })
const save = (page) => sheet(page).getByRole('button', { name: '保存する' }).click()
const heading = (page, name) => page.getByRole('heading', { level: 1, name })

/** Where rows are cards nothing of them is cut off. */
const assertWhole = async (page) => assert.ok(await page.getByRole('region').evaluateAll((regions) => window.innerWidth >= 768 || regions.every((region) => region.scrollWidth <= region.clientWidth)), `cut off at ${page.url()}`)

const FIELDS = { expression: '30 3 * * *', zone: 'Asia/Tokyo', command: 'verify-log', misfire: 'ONCE', misfireAtMost: null, notAfterDate: '', notAfterTime: '', jitter: 0, enabled: true }
const ask = async (who, query, input) => (await office.ask(query, { input: { commandId: crypto.randomUUID(), ...input } }, await office.cookieOf(who))).data

async function define(name, more = {}) {
  const { defineSchedule } = await ask('chief', 'mutation ($input: DefineScheduleInput!) { defineSchedule(input: $input) { __typename ... on ScheduleDefined { id version } ... on InvalidInput { problems { field code message } } } }', { schedule: { ...FIELDS, name, ...more } })
  assert.equal(defineSchedule.__typename, 'ScheduleDefined', JSON.stringify(defineSchedule))
  return defineSchedule
}

async function change(who, { id, version }, name, more) {
  const { changeSchedule } = await ask(who, 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { __typename } }', { id, expectedVersion: version, schedule: { ...FIELDS, name, ...more } })
  assert.equal(changeSchedule.__typename, 'ScheduleChanged')
}

async function open(desk, path = LIST, who = 'chief', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
  await settled(page)
  return page
}

test('the way there: the settings, the schedule of every office in words, by keys to its page and back', async (desk) => {
  const page = await open(desk, '/settings/calendar')
  await page.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: 'スケジュール' }).click()
  await heading(page, 'スケジュール').waitFor()
  const row = table(page).getByRole('row').filter({ hasText: SHIPPED })
  await row.getByText('毎日 2:30').waitFor()
  await row.getByText('台帳の検証', { exact: true }).waitFor()
  await row.getByText('有効').waitFor()
  await row.getByText(/ 02:30/).first().waitFor()
  await assertAccessible(page)
  await page.keyboard.press('j')
  while (!(await page.evaluate((name) => document.activeElement.textContent === name, SHIPPED))) await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await heading(page, SHIPPED).waitFor()
  await page.getByRole('region', { name: '次の5回' }).getByRole('listitem').nth(4).waitFor()
  assert.equal(await page.getByRole('region', { name: '次の5回' }).getByRole('listitem').count(), 5)
  await page.getByRole('region', { name: '変更の記録' }).getByText('登録').waitFor()
  assert.equal(await page.title(), `${SHIPPED} — スケジュール — 設定 — 宣言 Sengen`)
  await settled(page)
  await page.keyboard.press('u')
  await heading(page, 'スケジュール').waitFor()
  await page.waitForFunction((name) => document.activeElement.textContent === name, SHIPPED)
})

test('while an expression is typed its next runs are shown, or what is wrong with it, and then it is added', async (desk) => {
  const page = await open(desk)
  await page.getByRole('link', { name: 'スケジュールを追加する' }).click()
  await sheet(page).getByText('式を入力すると、次の5回がここに表示されます。').waitFor()
  await save(page)
  await sheet(page).getByRole('group', { name: '入力を確認してください（3件）' }).waitFor()
  await assertAccessible(page)
  await field(page, '名称').fill('毎週の点検')
  await sheet(page).getByRole('combobox', { name: '行うこと' }).selectOption({ label: '台帳の検証' })
  await field(page, '実行する時刻の式').fill('0 9 * *')
  const expression = sheet(page).locator('#expression[aria-invalid=true]')
  await expression.waitFor()
  // As an input method that was left on writes it.
  await field(page, '実行する時刻の式').fill('０　９　＊　＊　１')
  const preview = sheet(page).getByRole('region', { name: 'この式で実行する次の5回' })
  await preview.getByText('毎週月曜 9:00').waitFor()
  assert.equal(await preview.getByRole('listitem').count(), 5)
  assert.match(await preview.getByRole('listitem').first().innerText(), /\(月\) 09:00/)
  await expression.waitFor({ state: 'detached' })
  await sheet(page).getByRole('combobox', { name: 'タイムゾーン' }).fill('Asia/Tokyoo')
  await sheet(page).locator('#zone[aria-invalid=true]').waitFor()
  await sheet(page).getByRole('combobox', { name: 'タイムゾーン' }).fill('Asia/Tokyo')
  await preview.getByRole('listitem').first().waitFor()
  await sheet(page).getByRole('radio', { name: '1回ずつ実行する' }).check()
  await field(page, '実行する回数の上限').fill('0')
  await field(page, '開始のずらし（秒）').fill('六十')
  await save(page)
  await sheet(page).getByRole('group', { name: '入力を確認してください（2件）' }).waitFor()
  await field(page, '実行する回数の上限').fill('１０')
  await field(page, '開始のずらし（秒）').fill('60')
  await field(page, '終了日').fill('令和20年3月31日')
  await field(page, '終了時刻').fill('18:00')
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('「毎週の点検」を追加しました。').waitFor()
  const row = table(page).getByRole('row').filter({ hasText: '毎週の点検' })
  await row.getByText('毎週月曜 9:00').waitFor()
  await row.getByRole('link', { name: '毎週の点検' }).click()
  const facts = page.getByRole('region', { name: '内容' })
  await facts.getByText('1回ずつ実行する（新しいものから10回まで）').waitFor()
  await facts.getByText('2038年3月31日(水) 18:00').waitFor()
  await facts.getByText('最大60秒').waitFor()
})

test('a name that another schedule has, and an end that has passed, are said at their fields', async (desk) => {
  await define('もうある名前')
  const page = await open(desk, `${LIST}/new`)
  await field(page, '名称').fill('もうある名前')
  await sheet(page).getByRole('combobox', { name: '行うこと' }).selectOption('verify-log')
  await field(page, '実行する時刻の式').fill('@daily')
  await sheet(page).getByText('毎日 0:00').waitFor()
  await save(page)
  await sheet(page).locator('#name[aria-invalid=true]').waitFor()
  await field(page, '名称').fill('終わった予定')
  await field(page, '終了日').fill('2020-01-01')
  await save(page)
  await sheet(page).locator('#notAfterDate[aria-invalid=true]').waitFor()
  await assertAccessible(page)
})

test('a schedule is changed, and its history says what it said then', async (desk) => {
  const { id } = await define('変わる予定')
  const page = await open(desk, `${LIST}/${id}`)
  await page.keyboard.press('e')
  await sheet(page).getByRole('region', { name: 'この式で実行する次の5回' }).getByText('毎日 3:30').waitFor()
  await field(page, '実行する時刻の式').fill('0 9 * * 1')
  await sheet(page).getByRole('combobox', { name: 'タイムゾーン' }).fill('America/New_York')
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('「変わる予定」を変更しました。').waitFor()
  await page.getByText('毎週月曜 9:00、America/New_Yorkの時刻').first().waitFor()
  await page.getByRole('region', { name: '次の5回' }).getByText(/^現地 .*\(月\) 09:00$/).first().waitFor()
  const changes = page.getByRole('region', { name: '変更の記録' })
  await changes.getByRole('listitem').nth(1).getByText('毎日 3:30').waitFor()
  await changes.getByRole('listitem').first().getByText(STAFF.chief.name).waitFor()
})

test('of two who change the same schedule the second sees what it is now, and replaces it knowingly', async (desk) => {
  const made = await define('取り合いの予定')
  const page = await open(desk, `${LIST}/${made.id}/change`)
  await field(page, '名称').fill('わたしの予定')
  await change('deputy', made, '先の予定', { expression: '0 8 * * *' })
  await save(page)
  const alert = sheet(page).getByRole('alert')
  await alert.getByText('ほかの人が先に変更しました').waitFor()
  await alert.getByText(/今の内容: 先の予定、毎日 8:00、台帳の検証/).waitFor()
  await alert.getByText(STAFF.deputy.name).waitFor()
  assert.equal(await field(page, '名称').inputValue(), 'わたしの予定')
  await assertAccessible(page)
  await sheet(page).getByRole('button', { name: '入力した内容に置き換える' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await heading(page, 'わたしの予定').waitFor()
})

test('it is paused, resumed, run at once and removed; who was faster is told before anything is done', async (desk) => {
  const made = await define('動かす予定')
  const page = await open(desk, `${LIST}/${made.id}`)
  await page.getByRole('button', { name: '一時停止する' }).click()
  await page.getByText('一時停止中のため、予定の時刻になっても実行しません。').waitFor()
  await page.getByRole('region', { name: '次の5回' }).getByText('予定はありません').waitFor()
  await assertAccessible(page)
  await page.getByRole('button', { name: '再開する' }).click()
  await page.getByRole('region', { name: '次の5回' }).getByRole('listitem').first().waitFor()

  await page.getByRole('button', { name: '今すぐ実行する' }).click()
  const question = page.getByRole('alertdialog', { name: '今すぐ実行しますか' })
  await assertAccessible(page)
  await question.getByRole('button', { name: '今すぐ実行する' }).click()
  await page.getByText('「動かす予定」の実行を受け付けました。').waitFor()
  await page.getByRole('region', { name: '変更の記録' }).getByText('今すぐ実行').waitFor()
  await page.getByRole('link', { name: '作業を開く', exact: true }).click()
  await heading(page, '台帳の検証').waitFor()
  await page.getByRole('link', { name: '動かす予定' }).click()
  await heading(page, '動かす予定').waitFor()
  await settled(page)

  const { data } = await office.ask('query ($id: ID!) { schedule(id: $id) { version } }', { id: made.id }, await office.cookieOf('deputy'))
  await change('deputy', { id: made.id, version: data.schedule.version }, '動かす予定', { expression: '15 4 * * *' })
  await page.getByRole('button', { name: '削除する' }).click()
  const removal = page.getByRole('alertdialog', { name: 'このスケジュールを削除しますか' })
  await removal.getByText('これまでの実行と変更の記録は残ります。').waitFor()
  await assertAccessible(page)
  await removal.getByRole('button', { name: '削除する', exact: true }).click()
  await page.getByRole('alert').getByText(/今の内容: 動かす予定、毎日 4:15/).waitFor()
  await page.getByRole('button', { name: '削除する' }).click()
  await removal.getByRole('button', { name: '削除する', exact: true }).click()
  await heading(page, 'スケジュール').waitFor()
  await table(page).getByText('動かす予定').waitFor({ state: 'detached' })
  await page.goto(`${LIST}/${made.id}`)
  await page.getByText('このスケジュールは削除されました。').waitFor()
  assert.equal(await page.getByRole('button', { name: '今すぐ実行する' }).count(), 0)
})

test('who may only read has no buttons and is told whom to ask; who may not read is told which right opens it', async (desk) => {
  const { id, version } = await define('見るだけの予定')
  const why = '「スケジュール・作業の管理」の権限がありません。管理者に依頼してください。'
  const page = await open(desk, LIST, 'registrar')
  await page.getByText(why).waitFor()
  assert.equal(await page.getByRole('link', { name: 'スケジュールを追加する' }).count(), 0)
  await table(page).getByRole('link', { name: '見るだけの予定' }).click()
  await page.getByText(why).waitFor()
  for (const name of ['今すぐ実行する', '一時停止する', '削除する']) assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  await page.keyboard.press('e')
  assert.ok(page.url().endsWith(id))
  await assertAccessible(page)
  for (const path of ['new', `${id}/change`]) {
    await page.goto(`${LIST}/${path}`)
    await sheet(page).getByText(why).waitFor()
    assert.equal(await sheet(page).getByRole('textbox').count(), 0)
  }
  await assert.rejects(ask('registrar', 'mutation ($input: ScheduleCommandInput!) { pauseSchedule(input: $input) { __typename } }', { id, expectedVersion: version }), /FORBIDDEN/)
  const viewer = await desk.page('viewer')
  await viewer.goto(LIST)
  await heading(viewer, '権限がありません').waitFor()
  await viewer.getByText('「スケジュール・作業・送信の閲覧」の権限が必要です。').waitFor()
  assert.equal(await viewer.getByRole('navigation', { name: '設定の項目' }).getByRole('link', { name: 'スケジュール' }).count(), 0)
  await assertAccessible(viewer)
})

test('the Enter of a conversion sends no form of a schedule', async (desk) => {
  const page = await open(desk, `${LIST}/new`)
  const session = await page.context().newCDPSession(page)
  const asked = []
  page.on('request', (request) => request.url().endsWith('/graphql') && request.postData().includes('mutation') && asked.push(request.postData()))
  for (const id of ['name', 'expression', 'jitter']) {
    await sheet(page).locator(`#${id}`).focus()
    await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
    await page.keyboard.press('Enter')
    await settled(page)
    assert.deepEqual(asked, [], id)
    assert.equal(await sheet(page).getByRole('group', { name: /入力を確認してください/ }).count(), 0, id)
    await session.send('Input.insertText', { text: '' })
  }
})

test('what was typed is not lost by Esc or by a network that went away', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED/)
  const page = await open(desk, `${LIST}/new`)
  await field(page, '名称').fill('消えない予定')
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog', { name: '入力した内容を捨てますか' }).getByRole('button', { name: '入力に戻る' }).click()
  await sheet(page).getByRole('combobox', { name: '行うこと' }).selectOption('verify-log')
  await field(page, '実行する時刻の式').fill('@daily')
  const end = await answer(page, { DefineSchedule: 'away' })
  await save(page)
  await sheet(page).getByRole('alert').getByText('保存できたか確認できませんでした。').waitFor()
  assert.equal(await field(page, '名称').inputValue(), '消えない予定')
  await end()
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await table(page).getByText('消えない予定').waitFor()
})

test('while it loads everything stands in its place; what fails says so and can be tried again; nothing there says how to begin', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('chief')
  const release = await answer(page, { Schedules: hold })
  await page.goto(LIST)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  await table(page).getByText(SHIPPED).waitFor()
  let end = await answer(page, { Schedules: fault('INTERNAL') })
  await page.goto(LIST)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await table(page).getByText(SHIPPED).waitFor()
  end = await answer(page, { Schedules: { json: { data: { schedules: { commands: ['verify-log'], nodes: [] } } } } })
  await page.goto(LIST)
  await page.getByText('「スケジュールを追加する」から始めてください。').waitFor()
  await assertAccessible(page)
  await end()
  await page.goto(`${LIST}/${NOBODY}`)
  await heading(page, 'スケジュールが見つかりません').waitFor()
  await assertAccessible(page)
})

test('the history tells what was late, what it made up for, what was missed and why', async (desk) => {
  const { id } = await define('歴史のある予定')
  const page = await desk.page('chief')
  const at = (day, time) => `2026-11-${day}T${time}:00Z`
  const entries = [
    { __typename: 'ScheduleFiring', dueAt: at(20, '17:30'), firedAt: at(20, '19:05'), late: true, makesUpFor: 2, job: { id: NOBODY, state: 'DEAD' } },
    { __typename: 'ScheduleMiss', count: 3, firstDueAt: at(16, '17:30'), lastDueAt: at(18, '17:30'), why: 'POLICY' },
    { __typename: 'ScheduleMiss', count: 1, firstDueAt: at(15, '17:30'), lastDueAt: at(15, '17:30'), why: 'NOT_AFTER' },
  ]
  await answer(page, { ScheduleHistory: { json: { data: { schedule: { id, history: { entries, nextBefore: null } } } } } })
  await page.goto(`${LIST}/${id}`)
  const runs = page.getByRole('region', { name: '実行の記録' }).getByRole('listitem')
  await runs.nth(2).waitFor()
  const [first, second, third] = await runs.allInnerTexts()
  assert.match(first, /2026年11月21日\(土\) 02:30[^]*断念[^]*遅れて開始[^]*04:05に開始、実行できなかった2回分を兼ねる/)
  assert.match(second, /11月17日\(火\) 02:30 から 2026年11月19日\(木\) 02:30 まで[^]*3回 実行せず[^]*設定により飛ばしました/)
  assert.match(third, /1回 実行せず[^]*終了日時を過ぎていました/)
  await assertAccessible(page)
})

for (const language of LANGUAGES) {
  test(`schedules and their sheets are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const { id } = await define(`見た目の予定 ${language}`, { expression: '*/15 9-17 * * 1-5', zone: 'Europe/London', jitter: 30 })
    const page = await open(desk, LIST, 'chief', { language })
    await page.getByRole('heading', { level: 1, name: w.settings.schedules }).waitFor()
    await assertLooks(page, 'schedules-1280', language)
    await page.goto(`${LIST}/${id}`)
    await page.getByRole('button', { name: w.schedules.run }).waitFor()
    await page.getByText(say(w.schedules.zoneNote, { zone: 'Europe/London' })).first().waitFor()
    await assertLooks(page, 'schedule-1280', language)
    for (const path of ['new', `${id}/change`]) {
      await page.goto(`${LIST}/${path}`)
      await field(page, w.schedules.field.name).waitFor()
      await assertLooks(page, path === 'new' ? 'schedule-new' : 'schedule-change', language)
    }
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} schedules do not scroll sideways and nothing is lost`, async (desk) => {
    const { id } = await define(`幅${size.width}の予定`, { zone: 'America/New_York' })
    const page = await open(desk, LIST, 'chief', { size })
    await screenshot(page, `schedules-${size.width}`)
    for (const path of [LIST, `${LIST}/${id}`, `${LIST}/new`]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).or(sheet(page)).first().waitFor()
      await settled(page)
      await assertFits(page)
      await assertWhole(page)
      await assertAccessible(page)
    }
  })
}
