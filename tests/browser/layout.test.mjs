// Nothing jumps: what comes late takes the place that was kept for it. Answers are held back, so that the page is really seen without them.
import assert from 'node:assert/strict'
import { desks } from './harness/desk.mjs'
import { assertStill, change, load, watched } from './harness/still.mjs'

const { office, test } = await desks({ rows: 130 })

const NUMBER = '47000000030'

const rows = (page) => page.getByRole('rowgroup').nth(1).getByRole('row')
const loading = (page) => page.getByRole('status').getByText('読み込んでいます')

test('the examination finds a line that comes late', async (desk) => {
  const page = await watched(desk)
  await load(page, '/declarations', ['DeclarationList'], { meanwhile: loading(page), ready: rows(page).first().getByRole('link') })
  await page.evaluate(() => {
    const late = document.createElement('p')
    late.textContent = 'おくれて来た行'
    document.querySelector('main').prepend(late)
  })
  await assert.rejects(assertStill(page, 'the list'), /the list moved by/)
})

test('the pages outside: signing in, and an invitation', async (desk) => {
  const page = await watched(desk, null)
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'ログインする' }).waitFor()
  await assertStill(page, 'the sign-in page')
  await page.goto('about:blank')
  await load(page, `/invitation#${office.firstToken}`, ['Invitation'], { meanwhile: loading(page), ready: page.getByRole('button', { name: 'アカウントを作成する' }) })
})

const AT = { '1280 px': { width: 1280, height: 800 }, '1920 px': { width: 1920, height: 1080 }, '320 px': { width: 320, height: 640 } }

for (const [label, size] of Object.entries(AT)) {
  test(`the list, cold, filtered, searched and with more rows, at ${label}`, async (desk) => {
    const page = await watched(desk, 'registrar', { size })
    const first = rows(page).first().getByRole('link')
    await load(page, '/declarations', ['DeclarationList', 'Prefectures'], { meanwhile: loading(page), ready: first })

    const choose = async () => {
      await page.getByRole('button', { name: '状態', exact: true }).click()
      await page.getByRole('dialog').getByRole('checkbox', { name: /^停止/ }).check()
      await page.keyboard.press('Escape')
    }
    await change(page, 'DeclarationList', choose, { meanwhile: loading(page), ready: page.getByText(/すべて表示しました$/) }, 'a filter')
    const withdraw = () => page.getByRole('button', { name: '状態の条件を外す' }).click()
    await withdraw()
    await first.waitFor()

    const search = () => page.getByRole('textbox', { name: '検索' }).fill('株式会社')
    await change(page, 'DeclarationList', search, { meanwhile: loading(page), ready: page.getByText('検索: 株式会社', { exact: true }) }, 'a search')
    await page.getByRole('button', { name: '検索を外す' }).click()

    const more = () => page.getByRole('button', { name: 'もっと見る' }).click()
    await change(page, 'DeclarationList', more, { meanwhile: loading(page).first(), ready: page.getByText('100件を表示') }, 'more rows')
  })
}

// Not at 320 px: how many lines a name and its chips take there is not known before they come.
for (const [label, size] of Object.entries(AT).slice(0, 2)) {
  test(`a record, cold, on another day, back, beside the list and in a correction, at ${label}`, async (desk) => {
    const id = await office.idOf(NUMBER)
    await office.correct(id, 'registrar', { kind: 'CHANGE', since: '2026-04-01', reason: '移転の届出', changes: [{ field: 'CITY', value: label }] })
    const page = await watched(desk, 'registrar', { size })
    const heading = page.getByRole('heading', { level: 1, name: '有限会社ミライシステム２１' })
    await load(page, `/declarations/${id}`, ['Declaration'], { meanwhile: loading(page), ready: heading })
    await load(page, `/declarations/${id}?asOf=2026-03-31`, ['Declaration'], { meanwhile: loading(page), ready: heading })

    const another = async () => {
      await page.getByLabel('基準日').fill('2026-04-02')
      await page.getByRole('button', { name: 'この日の内容を見る' }).click()
    }
    await change(page, 'Declaration', another, { meanwhile: loading(page), ready: page.getByText('登録内容は今と同じです。') }, 'another day')
    const back = () => page.getByRole('link', { name: '今の内容に戻る' }).click()
    await change(page, 'Declaration', back, { meanwhile: loading(page), ready: page.getByRole('link', { name: '市区町村を修正する' }) }, 'the present')

    await load(page, `/declarations/${id}/correct?field=CITY`, ['Declaration'], { meanwhile: loading(page), ready: page.getByRole('dialog').getByRole('textbox', { name: '市区町村' }) })
    const beside = page.getByRole('complementary', { name: '内容の確認' })
    await load(page, `/declarations?peek=${id}`, ['Declaration'], { meanwhile: beside, ready: beside.getByText(label) })
  })
}
