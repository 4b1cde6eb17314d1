// 設定 › 暦: the month by mouse and by keys, own days, hours, deadlines, a file, somebody who was faster, and who may not.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answer, fault, hold } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { STAFF } from './harness/office.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const MONTH = '/settings/calendar?month=2026-12'
const grid = (page) => page.getByRole('grid')
const dayOf = (page, date) => page.locator(`#day-${date}`)
const sheet = (page) => page.getByRole('dialog')
const save = (page) => sheet(page).getByRole('button', { name: '保存する' }).click()
const focusedId = (page) => page.evaluate(() => document.activeElement.id)
const deadlines = (page) => page.getByRole('region', { name: '締切の一覧' })

async function open(desk, path = MONTH, who = 'registrar', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(path)
  await grid(page).waitFor()
  await settled(page)
  return page
}

async function graphql(who, name, query, input) {
  const { data } = await office.ask(query, { input: { commandId: crypto.randomUUID(), ...input } }, await office.cookieOf(who))
  return data[name]
}

const setDay = (who, input) => graphql(who, 'setCalendarDay', 'mutation ($input: SetCalendarDayInput!) { setCalendarDay(input: $input) { __typename ... on CalendarDayChanged { version } } }', input)
const addDeadline = (input) => graphql('registrar', 'addDeadline', 'mutation ($input: AddDeadlineInput!) { addDeadline(input: $input) { __typename ... on DeadlineAdded { id version } } }', { time: '17:00', source: '公募要領', note: '', ...input })
const changeDeadline = (who, input) => graphql(who, 'changeDeadline', 'mutation ($input: ChangeDeadlineInput!) { changeDeadline(input: $input) { __typename } }', { time: '17:00', source: '公募要領', note: '', ...input })

test('the way there: the rail, the settings, a month in words', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('navigation', { name: 'メインメニュー' }).getByRole('link', { name: '設定' }).click()
  await page.getByRole('heading', { level: 1, name: '暦' }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/settings/calendar')
  await page.goto(MONTH)
  await grid(page).waitFor()
  await settled(page)
  assert.match(await dayOf(page, '2026-12-28').innerText(), /営業/)
  assert.match(await dayOf(page, '2026-12-29').innerText(), /休業\s*年末年始/)
  assert.match(await dayOf(page, '2026-12-27').innerText(), /休業\s*土日/)
  await page.getByRole('button', { name: '前の月' }).click()
  await page.waitForURL(/month=2026-11/)
  await dayOf(page, '2026-11-23').getByText('勤労感謝の日').waitFor()
  assert.equal(await page.title(), '2026年11月 — 暦 — 設定 — 宣言 Sengen')
  await page.getByRole('combobox', { name: '年' }).selectOption('2032')
  await page.getByRole('combobox', { name: '月', exact: true }).selectOption('9')
  await dayOf(page, '2032-09-21').getByText('国民の休日').waitFor()
  await page.getByText('法律の規則による予測').waitFor()
  await page.reload()
  await dayOf(page, '2032-09-21').getByText('国民の休日').waitFor()
  await assertAccessible(page)
})

test('arrows move by day, PageUp and PageDown by month, Enter opens the day, and Esc leads back to it', async (desk) => {
  const page = await open(desk)
  await dayOf(page, '2026-12-01').focus()
  for (const [key, expected] of [
    ['ArrowRight', '2026-12-02'], ['ArrowDown', '2026-12-09'], ['ArrowLeft', '2026-12-08'], ['ArrowUp', '2026-12-01'], ['End', '2026-12-05'],
    ['Home', '2026-11-29'], ['PageDown', '2026-12-29'], ['PageDown', '2027-01-29'], ['PageDown', '2027-02-28'], ['PageUp', '2027-01-28'],
  ]) {
    await page.keyboard.press(key)
    await page.waitForFunction((id) => document.activeElement.id === id, `day-${expected}`)
  }
  assert.match(page.url(), /month=2027-01/)
  await page.keyboard.press('Enter')
  await sheet(page).getByText('この日は営業日です。').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await sheet(page).waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement.id === 'day-2027-01-28')
  assert.match(page.url(), /month=2027-01$/)
  // One stop for Tab in the whole month.
  await page.keyboard.press('Tab')
  assert.doesNotMatch(await focusedId(page), /^day-/)
})

test('a day is closed with a reason, seen in the month, and made an ordinary one again', async (desk) => {
  const page = await open(desk)
  await dayOf(page, '2026-12-24').click()
  await save(page)
  await sheet(page).getByRole('group', { name: '入力を確認してください（2件）' }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('radio', { name: '休業にする' }).check()
  await sheet(page).getByRole('textbox', { name: '名目' }).fill('館内点検')
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await dayOf(page, '2026-12-24').getByText('館内点検').waitFor()
  await page.getByText('2026年12月24日(木)の設定を保存しました。').waitFor()
  await dayOf(page, '2026-12-24').click()
  await sheet(page).getByText('この日は休業日です。').waitFor()
  await sheet(page).getByText(STAFF.registrar.name).waitFor()
  await save(page)
  await sheet(page).getByRole('link', { name: /登録済みの内容と同じです/ }).waitFor()
  await sheet(page).getByRole('button', { name: '事務局の設定を外す' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.waitForFunction(() => !document.getElementById('day-2026-12-24').textContent.includes('館内点検'))
})

test('of two who set the same day the second sees what is there now, and replaces it knowingly', async (desk) => {
  const page = await open(desk)
  await dayOf(page, '2026-12-22').click()
  await sheet(page).getByRole('radio', { name: '休業にする' }).check()
  await sheet(page).getByRole('textbox', { name: '名目' }).fill('わたしの休み')
  await setDay('second', { date: '2026-12-22', expectedVersion: '0', kind: 'OPEN', name: '臨時の窓口' })
  await save(page)
  const alert = sheet(page).getByRole('alert')
  await alert.getByText('ほかの人が先に変更しました').waitFor()
  await alert.getByText(STAFF.second.name).waitFor()
  await alert.getByText('今の内容: 営業: 臨時の窓口').waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('button', { name: '入力した内容に置き換える' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await dayOf(page, '2026-12-22').getByText('わたしの休み').waitFor()
})

test('hours are changed, and what cannot be is said at the field', async (desk) => {
  const page = await open(desk)
  const now = page.getByRole('region', { name: 'ただいまの状況' })
  await now.getByText('09:30〜17:30').waitFor()
  await now.getByRole('link', { name: '営業時間を変更する' }).click()
  await sheet(page).getByRole('textbox', { name: '開始' }).fill('１８時')
  await save(page)
  await sheet(page).getByRole('link', { name: /終了の時刻は、開始の時刻より後/ }).click()
  assert.equal(await focusedId(page), 'closes')
  await sheet(page).getByRole('textbox', { name: '開始' }).fill('１０時')
  await sheet(page).getByRole('checkbox', { name: '12月29日から1月3日までを休業にする' }).uncheck()
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await now.getByText('10:00〜17:30').waitFor()
  await dayOf(page, '2026-12-29').getByText('営業').waitFor()
})

test('a deadline is added, shown in the list and the month, changed and removed', async (desk) => {
  const page = await open(desk, '/settings/calendar?month=2030-05')
  await page.getByRole('link', { name: '締切を追加する' }).click()
  await save(page)
  await sheet(page).getByRole('group', { name: '入力を確認してください（3件）' }).waitFor()
  await assertAccessible(page)
  await sheet(page).getByRole('textbox', { name: '日付' }).fill('令和12年5月10日')
  await sheet(page).getByRole('textbox', { name: '時刻' }).fill('17:00')
  await sheet(page).getByRole('textbox', { name: '名称' }).fill('みほん補助金 第3回')
  await sheet(page).getByRole('textbox', { name: '出典' }).fill('http://example.jp/hojo')
  await save(page)
  await sheet(page).getByRole('link', { name: /https:\/\/ で始まる形で/ }).waitFor()
  await sheet(page).getByRole('textbox', { name: '出典' }).fill('https://example.jp/hojo')
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  const row = deadlines(page).getByRole('row').filter({ hasText: 'みほん補助金 第3回' })
  await row.getByText('2030年5月10日(金) 17:00').waitFor()
  assert.equal(await row.getByRole('link', { name: /example\.jp/ }).getAttribute('rel'), 'noreferrer noopener')
  await dayOf(page, '2030-05-10').getByText('締切1件').waitFor()
  const scopes = page.getByRole('navigation', { name: '表示する締切' })
  assert.equal(await scopes.getByRole('link', { name: 'これから' }).getAttribute('aria-current'), 'page')
  await scopes.getByRole('link', { name: '過ぎたもの' }).click()
  await page.getByText('過ぎた締切はありません').waitFor()
  assert.equal(await scopes.getByRole('link', { name: '過ぎたもの' }).getAttribute('aria-current'), 'page')
  await scopes.getByRole('link', { name: 'これから' }).click()

  await row.getByRole('link', { name: 'みほん補助金 第3回を変更する' }).click()
  await sheet(page).getByRole('textbox', { name: '時刻' }).fill('')
  await save(page)
  await sheet(page).waitFor({ state: 'detached' })
  await row.getByText('24:00').waitFor()
  await row.getByRole('link', { name: 'みほん補助金 第3回を変更する' }).click()
  await sheet(page).getByRole('button', { name: 'この締切を削除する' }).click()
  const question = page.getByRole('alertdialog', { name: 'この締切を削除しますか' })
  await question.getByText('「みほん補助金 第3回」（2030年5月10日(金) 24:00）').waitFor()
  await assertAccessible(page)
  await question.getByRole('button', { name: '削除する', exact: true }).click()
  await row.waitFor({ state: 'detached' })
})

test('a deadline that somebody else has changed says what it is now, and one that is gone says so', async (desk) => {
  const { id, version } = await addDeadline({ date: '2030-06-10', name: '取り合いの補助金' })
  const page = await open(desk, `/settings/calendar/deadlines/${id}?month=2030-06`)
  await sheet(page).getByRole('textbox', { name: '名称' }).fill('わたしの補助金')
  await changeDeadline('second', { id, expectedVersion: version, date: '2030-06-20', name: '先の補助金' })
  await save(page)
  await sheet(page).getByRole('alert').getByText('今の内容: 2030年6月20日(木) 17:00、先の補助金、公募要領').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog', { name: '入力した内容を捨てますか' }).getByRole('button', { name: '捨てて閉じる' }).click()
  await deadlines(page).getByText('先の補助金').waitFor()
  await page.goto('/settings/calendar/deadlines/019e4ca0-0000-7000-8000-000000000000')
  await sheet(page).getByText('この締切は見つかりません。').waitFor()
})

test('a file is looked through, corrected, looked through again and taken', async (desk) => {
  const page = await open(desk, '/settings/calendar?month=2031-01')
  await page.getByRole('link', { name: 'ファイルから取り込む' }).click()
  const check = () => sheet(page).getByRole('button', { name: '内容を確認する' }).click()
  await check()
  await sheet(page).getByRole('link', { name: 'ファイルを選んでください。' }).waitFor()
  await assertAccessible(page)
  const file = async (name, content) => {
    const path = join(office.folder, name)
    await writeFile(path, content)
    await sheet(page).getByLabel('ファイル', { exact: true }).setInputFiles(path)
    await check()
  }
  await file('wrong.csv', '<html></html>')
  await sheet(page).getByRole('link', { name: /見出しを読み取れません/ }).waitFor()
  await sheet(page).getByRole('textbox', { name: '出典のない行の出典' }).fill('みほん県の一覧')
  await file('half.csv', '日付,名称\n2031-01-10,甲補助金\nいつか,乙補助金\n')
  await sheet(page).getByText('追加 1件、変更 0件、変わらない 0件、取り込めない 1件').waitFor()
  await sheet(page).getByRole('row').filter({ hasText: '乙補助金' }).getByText('日付として読み取れません').waitFor()
  const run = sheet(page).getByRole('button', { name: '1件を取り込む' })
  assert.equal(await run.getAttribute('aria-disabled'), 'true')
  await assertAccessible(page)
  await screenshot(page, 'calendar-import-refused')
  await sheet(page).getByRole('button', { name: '別のファイルを選ぶ' }).click()
  await file('good.ics', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:甲補助金\r\nDTSTART:20310110T080000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:乙補助金\r\nDTSTART;VALUE=DATE:20310111\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n')
  await sheet(page).getByText('追加 2件').waitFor()
  await sheet(page).getByRole('button', { name: '2件を取り込む' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('締切を2件取り込みました。').waitFor()
  await dayOf(page, '2031-01-10').getByText('締切1件').waitFor()
  await deadlines(page).getByRole('row').filter({ hasText: '乙補助金' }).getByText('みほん県の一覧').waitFor()
})

test('a viewer reads everything and changes nothing, and is told whom to ask', async (desk) => {
  await addDeadline({ date: '2030-07-10', name: '見るだけの補助金' })
  const page = await open(desk, '/settings/calendar?month=2030-07', 'viewer')
  const why = '「暦の管理」の権限がありません。管理者に依頼してください。'
  for (const name of ['営業時間を変更する', '締切を追加する', 'ファイルから取り込む', '見るだけの補助金を変更する']) {
    await page.getByRole('button', { name, description: why }).waitFor()
  }
  await assertAccessible(page)
  await dayOf(page, '2030-07-10').click()
  await sheet(page).getByText('見るだけの補助金').waitFor()
  await sheet(page).getByText(why).waitFor()
  assert.equal(await sheet(page).getByRole('textbox').count(), 0)
  for (const path of ['hours', 'deadlines/new', 'import']) {
    await page.goto(`/settings/calendar/${path}`)
    await sheet(page).getByText(why).waitFor()
  }
  await assert.rejects(
    office.ask('mutation ($input: SetCalendarDayInput!) { setCalendarDay(input: $input) { __typename } }', { input: { commandId: crypto.randomUUID(), date: '2026-12-01', expectedVersion: '0', kind: 'OPEN', name: 'だめ' } }, await office.cookieOf('viewer')),
    /FORBIDDEN/,
  )
})

test('the Enter of a conversion sends no form of the calendar', async (desk) => {
  const page = await open(desk, '/settings/calendar/deadlines/new')
  await sheet(page).getByRole('textbox', { name: '名称' }).focus()
  await settled(page)
  const session = await page.context().newCDPSession(page)
  for (const [path, name] of [['deadlines/new', '名称'], ['deadlines/new', '備考'], ['hours', '開始'], ['days/2026-12-21', '名目'], ['import', '出典のない行の出典']]) {
    await page.goto(`/settings/calendar/${path}`)
    await sheet(page).getByRole('textbox', { name }).focus()
    await settled(page)
    const asked = []
    const note = (request) => request.url().endsWith('/graphql') && request.postData().includes('mutation') && asked.push(name)
    page.on('request', note)
    await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
    await page.keyboard.press('Enter')
    await settled(page)
    page.off('request', note)
    assert.deepEqual(asked, [], name)
    assert.equal(await sheet(page).locator('[aria-invalid=true]').count(), 0, name)
    await session.send('Input.insertText', { text: '' })
    await page.goto('about:blank')
  }
})

test('while it loads dates stand in their places; what fails says so where it stood', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('registrar')
  const release = await answer(page, { CalendarMonth: hold, CalendarNow: hold, Deadlines: hold })
  await page.goto(MONTH)
  await dayOf(page, '2026-12-28').waitFor()
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await screenshot(page, 'calendar-loading')
  await release()
  await dayOf(page, '2026-12-28').getByText('営業').waitFor()
  const end = await answer(page, { CalendarMonth: fault('INTERNAL'), CalendarNow: fault('INTERNAL'), Deadlines: fault('INTERNAL') })
  await page.goto(MONTH)
  await page.getByRole('alert').nth(2).waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('alert').getByRole('button', { name: 'もう一度試す' }).first().click()
  await settled(page)
  const withdrawn = await answer(page, { CalendarMonth: fault('FORBIDDEN', { permission: 'READ_DECLARATIONS' }) })
  await page.goto('/settings/calendar?month=2029-01')
  await page.getByRole('heading', { level: 1, name: '権限がありません' }).waitFor()
  await withdrawn()
})

for (const language of LANGUAGES) {
  test(`the calendar and its sheets are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await open(desk, MONTH, 'registrar', { language })
    await page.getByRole('heading', { level: 1, name: w.settings.calendar }).waitFor()
    await assertLooks(page, 'calendar-1280', language)
    for (const [path, ready] of [['days/2026-12-29', w.officeDay.name], ['hours', w.hours.opens], ['deadlines/new', w.deadline.name], ['import', w.import.source]]) {
      await page.goto(`/settings/calendar/${path}?month=2026-12`)
      await sheet(page).getByRole('textbox', { name: ready }).waitFor()
      await assertLooks(page, `calendar-${path.replaceAll('/', '-')}`, language)
    }
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} the calendar does not scroll sideways and nothing is lost`, async (desk) => {
    await addDeadline({ date: '2026-12-25', name: `幅${size.width}の補助金` })
    const page = await open(desk, MONTH, 'registrar', { size })
    await dayOf(page, '2026-12-29').getByText('12月29日').waitFor({ state: 'attached' })
    await assertFits(page)
    await assertAccessible(page)
    await screenshot(page, `calendar-${size.width}`)
  })
}
