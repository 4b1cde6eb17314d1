// Narrowing the list by everything that there is, choosing its columns, and keeping the question as a view.
import assert from 'node:assert/strict'
import { assertAccessible, desks, screenshot, settled } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 400 })

const rows = (page) => page.getByRole('rowgroup').nth(1).getByRole('row')
const total = (page) => page.getByRole('status').filter({ hasText: /^[\d,]+件$/ })
const sheet = (page, name) => page.getByRole('dialog', { name })
const filters = (page) => page.getByRole('group', { name: '絞り込み' })
const headings = (page) => page.getByRole('columnheader').allTextContents()
const query = (page) => new URL(page.url()).search
const WIDE = { width: 1920, height: 1080 }

async function openList(desk, who = 'registrar', question = '', options = {}) {
  const page = await desk.page(who, options)
  await page.goto(`/declarations${question}`)
  await rows(page).nth(0).getByRole('link').waitFor()
  return page
}

async function moreFilters(page) {
  await page.getByRole('button', { name: '条件を追加' }).click()
  await sheet(page, '条件を追加').getByRole('textbox', { name: '市区町村' }).waitFor()
  await settled(page)
  return sheet(page, '条件を追加')
}

const numberIn = (text) => Number(text.replaceAll(/\D/g, ''))

test('each further condition leaves as many rows as its count said, stands over the list and in the address, and goes again', async (desk) => {
  const page = await openList(desk)
  const cases = [
    ['業種', /^E 製造業/, '?ind=E'],
    ['規模の目安', /^小規模事業者/, '?size=MICRO'],
    ['誓約', /^不明/, '?pledge=UNKNOWN'],
    ['登録の経路', /^旧台帳の取り込み/, '?origin=IMPORT'],
    ['公表', /^公表/, '?pub=YES'],
    ['基本方針', /^ウェブで公開/, '?policy=WEB'],
    ['連絡先', /^メールあり/, '?contact=ADDRESS'],
  ]
  for (const [filter, option, address] of cases) {
    const box = await moreFilters(page)
    const choice = box.getByRole('group', { name: filter, exact: true }).getByRole('checkbox', { name: option })
    const label = await choice.evaluate((input) => input.closest('label').lastElementChild.textContent)
    await choice.check()
    await box.getByRole('button', { name: '一覧に戻る' }).click()
    await settled(page)
    assert.equal(query(page), address)
    assert.equal(numberIn(await total(page).textContent()), numberIn(label), filter)
    await filters(page).getByRole('button', { name: `${filter}の条件を外す` }).click()
    await settled(page)
    assert.equal(query(page), '')
  }
})

test('a city by its beginning and days of the declaration are typed, read in 和暦 too, and named over the list', async (desk) => {
  const page = await openList(desk)
  const box = await moreFilters(page)
  await assertAccessible(page)
  await screenshot(page, 'list-more-filters')
  await box.getByRole('textbox', { name: '市区町村' }).fill('みほん')
  await box.getByRole('group', { name: '宣言日' }).getByRole('textbox', { name: 'この日から' }).fill('令和8年1月1日')
  await box.getByRole('group', { name: '宣言日' }).getByRole('textbox', { name: 'この日まで' }).fill('2025-12-31')
  await box.getByRole('button', { name: 'この条件で絞り込む' }).click()
  await box.getByText('終わりの日は、始まりの日より後にしてください。').waitFor()
  await box.getByRole('group', { name: '宣言日' }).getByRole('textbox', { name: 'この日から' }).fill('平成30年1月1日')
  await page.keyboard.press('Enter')
  await settled(page)
  assert.deepEqual(Object.fromEntries(new URLSearchParams(query(page))), { city: 'みほん', from: '2018-01-01', until: '2025-12-31' })
  await page.keyboard.press('Escape')
  await filters(page).getByText('市区町村: みほん').waitFor()
  await filters(page).getByText(/宣言日: 2018年1月1日～2025年12月31日/).waitFor()
  const narrowed = numberIn(await total(page).textContent())
  assert.ok(narrowed > 0 && narrowed < office.imported.accepted, `${narrowed}`)
  await page.reload()
  await settled(page)
  assert.equal(numberIn(await total(page).textContent()), narrowed)
  await page.getByRole('button', { name: '条件をすべて外す' }).click()
  await settled(page)
  assert.equal(query(page), '')
})

test('counts stay beside the choices while something is searched for', async (desk) => {
  const page = await openList(desk, 'registrar', '?q=株式会社')
  const found = numberIn(await total(page).textContent())
  await page.getByRole('button', { name: '状態', exact: true }).click()
  await settled(page)
  const counts = await page.getByRole('dialog').locator('label').evaluateAll((labels) => labels.map((label) => label.lastElementChild.textContent))
  assert.equal(counts.map(numberIn).reduce((sum, count) => sum + count, 0), found)
})

test('columns are added, moved by keyboard and taken away, and stand in the address', async (desk) => {
  const page = await openList(desk)
  await page.getByRole('button', { name: '列', exact: true }).click()
  const box = sheet(page, '表示する列')
  await box.getByRole('checkbox', { name: '業種' }).check()
  await box.getByRole('checkbox', { name: '規模の目安' }).check()
  await box.getByRole('checkbox', { name: '法人番号' }).uncheck()
  await assertAccessible(page)
  await screenshot(page, 'list-columns')
  const up = box.getByRole('button', { name: '規模の目安を前へ' })
  await up.focus()
  for (let step = 0; step < 2; step += 1) {
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === '規模の目安を前へ')
  }
  await page.keyboard.press('Escape')
  await settled(page)
  assert.equal(query(page), '?cols=name,number,star,state,declaredOn,place,flags,size,changedAt,industry')
  assert.deepEqual(await headings(page), ['事業者名', '自己宣言ID', '取組段階', '状態', '宣言日', '所在地', '警告', '規模の目安', '更新', '業種'])
  await rows(page).getByText('製造業').first().waitFor()
  await page.reload()
  await rows(page).getByText('製造業').first().waitFor()
  assert.equal((await headings(page)).at(-1), '業種')
  await page.getByRole('button', { name: '列', exact: true }).click()
  await box.getByRole('button', { name: 'はじめの列に戻す' }).click()
  await page.keyboard.press('Escape')
  await settled(page)
  assert.equal(query(page), '')
})

test('a view is saved, opened from its tab, where the list begins, renamed, and deleted; only its owner sees it', async (desk) => {
  const page = await openList(desk, 'registrar', '?star=TWO&sort=NUMBER_ASC&cols=name,size&q=株式会社')
  await page.getByRole('button', { name: '表示条件を保存・管理' }).click()
  const box = sheet(page, '表示条件')
  await box.getByText('検索の言葉は、個人の名前を含むことがあるため保存しません。').waitFor()
  await box.getByRole('button', { name: '保存する', exact: true }).click()
  await box.getByText('表示条件の名前を入力してください。').waitFor()
  await box.getByRole('textbox', { name: '名前' }).fill('二つ星の確認')
  await page.keyboard.press('Enter')
  await box.getByRole('button', { name: '「二つ星の確認」を一覧のはじめに開く' }).click()
  await box.getByRole('button', { name: '「二つ星の確認」を一覧のはじめに開かない' }).waitFor()
  await assertAccessible(page)
  await screenshot(page, 'list-views')
  await page.keyboard.press('Escape')

  const tabs = page.getByRole('navigation', { name: '表示条件' })
  await tabs.getByRole('link', { name: 'すべての宣言' }).click()
  await settled(page)
  assert.equal(query(page), '', 'whoever clears the conditions stays there')
  await tabs.getByRole('link', { name: /二つ星の確認/ }).click()
  await settled(page)
  assert.equal(query(page), '?star=TWO&cols=name,size&sort=NUMBER_ASC')
  assert.equal(await tabs.getByRole('link', { name: /二つ星の確認/ }).getAttribute('aria-current'), 'page')
  assert.deepEqual(await headings(page), ['事業者名', '規模の目安'])
  await screenshot(page, 'list-view-open')
  await page.goto('/declarations')
  await page.waitForURL(/star=TWO/)

  const other = await openList(desk, 'viewer')
  assert.equal(await other.getByRole('link', { name: /二つ星の確認/ }).count(), 0)
  await other.getByRole('button', { name: '表示条件を保存・管理' }).click()
  await sheet(other, '表示条件').getByText('共有するには「一覧の表示の共有」の権限が必要です。').waitFor()
  assert.equal(await sheet(other, '表示条件').getByRole('checkbox', { name: '全員で共有する' }).getAttribute('aria-disabled'), 'true')

  await page.getByRole('button', { name: '表示条件を保存・管理' }).click()
  await box.getByRole('button', { name: '「二つ星の確認」の名前・共有の変更' }).click()
  await box.getByRole('textbox', { name: '名前' }).nth(1).fill('みんなの二つ星')
  await box.getByRole('checkbox', { name: '全員で共有する' }).nth(1).check()
  await page.keyboard.press('Enter')
  await box.getByRole('button', { name: '「みんなの二つ星」を削除する' }).waitFor()
  await other.reload()
  await other.getByRole('link', { name: 'みんなの二つ星' }).click()
  await other.waitForURL(/star=TWO/)

  await box.getByRole('button', { name: '「みんなの二つ星」を削除する' }).click()
  await box.getByRole('button', { name: '削除する', exact: true }).click()
  await box.getByText('まだありません。よく使う条件を上から保存できます。').waitFor()
  await other.reload()
  await settled(other)
  assert.equal(await other.getByRole('link', { name: 'みんなの二つ星' }).count(), 0)
})

test('with every column the table scrolls and the name stays; at 1920 px the usual ones have room', async (desk) => {
  const all = 'name,number,star,state,declaredOn,corporateNumber,place,flags,changedAt,entity,tradeName,industry,size,pledge,origin,published,policy,contact,stoppedOn'
  const page = await openList(desk, 'registrar', `?cols=${all}`)
  await assertAccessible(page)
  await screenshot(page, 'list-all-columns')
  const wide = await openList(desk, 'registrar', '?state=ACTIVE&ind=E&city=みほん', { size: WIDE })
  await screenshot(wide, 'list-filtered-1920')
})
