// The main job without a mouse: sign in, search, open, correct.
import assert from 'node:assert/strict'
import { desks } from './harness/desk.mjs'
import { PASSWORD, STAFF } from './harness/office.mjs'

const { office, test } = await desks({ rows: 60 })

const focused = (page) => page.evaluate(() => {
  const { activeElement: element } = document
  const { outlineStyle, boxShadow } = getComputedStyle(element)
  return { id: element.id, text: element.textContent, name: element.getAttribute('aria-label'), seen: outlineStyle !== 'none' || boxShadow !== 'none' }
})

/** Presses Tab until the locator has the focus, as a person would. */
async function tabTo(page, locator, atMost = 60) {
  for (let count = 0; count <= atMost; count += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`not reached by Tab: ${locator}`)
}

test('from signing in to a saved correction with the keyboard alone', async (desk) => {
  await office.cookieOf('registrar')
  const page = await desk.page()
  await page.goto('/')
  await page.getByRole('button', { name: 'ログインする' }).waitFor()
  await tabTo(page, page.getByRole('textbox', { name: 'ログイン名' }))
  await page.keyboard.type(STAFF.registrar.login)
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  await page.getByRole('table').getByRole('link').first().waitFor()

  await page.keyboard.press('/')
  await page.keyboard.type('オーシャン')
  await page.getByRole('status').filter({ hasText: /^1件$/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  assert.equal((await focused(page)).seen, true, 'the row in focus is seen')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: '株式会社オーシャン歯科医院本店' }).waitFor()

  await tabTo(page, page.getByRole('link', { name: '従業員数を修正する' }))
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await sheet.waitFor()
  await page.waitForFunction(() => document.activeElement?.id === 'change-EMPLOYEES')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('121')
  await tabTo(page, sheet.locator('#kind-ERROR'))
  await page.keyboard.press('Space')
  await tabTo(page, sheet.getByRole('textbox', { name: '修正の理由' }))
  await page.keyboard.type('キーだけで直しました')
  // The sheet holds the focus: Tab never leads behind it.
  for (let count = 0; count < 20; count += 1) {
    await page.keyboard.press('Tab')
    assert.ok(await sheet.evaluate((dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body), 'the focus stays in the sheet')
  }
  await tabTo(page, sheet.getByRole('button', { name: '修正を保存する' }))
  assert.equal((await focused(page)).seen, true, 'the button in focus is seen')
  await page.keyboard.press('Enter')
  await sheet.waitFor({ state: 'detached' })
  await page.getByRole('region', { name: '履歴' }).getByText('キーだけで直しました').waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent.includes('キーだけで直しました'))
})

test('the first Tab leads past everything to the content', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('table').getByRole('link').first().waitFor()
  await page.evaluate(() => document.activeElement?.blur())
  await page.keyboard.press('Tab')
  await tabTo(page, page.getByRole('link', { name: '本文へ移動' }), 80)
  await page.keyboard.press('Enter')
  assert.equal((await focused(page)).id, 'main')
})

test('single letters can be switched off for people whose machine types them by ear', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('table').getByRole('link').first().waitFor()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'キー操作' })
  await help.getByRole('checkbox', { name: '1文字のキー操作を使う' }).uncheck()
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await page.keyboard.press('/')
  assert.notEqual((await focused(page)).id, 'search')
  assert.equal(await help.count(), 0)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '操作を探す' }).waitFor()
})

test('in the palette an Enter that comes before the answer opens what the whole number finds, not what its first digits found', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto('/declarations')
  await page.getByRole('table').getByRole('link').first().waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '操作を探す' }).waitFor()
  await page.keyboard.type('4700000000')
  await page.getByRole('menuitem').filter({ hasText: '4700 0000 002' }).waitFor()
  let release
  const released = new Promise((resolve) => {
    release = resolve
  })
  const asked = new Promise((resolve) => {
    void page.route('**/graphql', async (route) => {
      resolve()
      await released
      await route.continue()
    })
  })
  await page.keyboard.type('8')
  await asked
  await page.keyboard.press('Enter')
  release()
  await page.getByRole('heading', { level: 1, name: '株式会社オーシャン歯科医院本店' }).waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
})
