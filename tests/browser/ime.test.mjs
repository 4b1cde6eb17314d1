// With an input method on: its Enter chooses a word, in every field of every page, and never does anything else.
import assert from 'node:assert/strict'
import { desks, settled } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 60 })

/** Composes in the field as an input method does, presses its Enter, and holds that nothing was sent, opened or complained about. */
async function assertEnterOnlyConverts(page, field) {
  await field.focus()
  await settled(page)
  await page.evaluate(() => {
    window.enters = []
    document.addEventListener('keydown', (event) => event.key === 'Enter' && window.enters.push(event.isComposing), { capture: true })
  })
  const asked = []
  const note = (request) => request.url().endsWith('/graphql') && asked.push(request.postData())
  const complaints = () => page.locator('[aria-invalid=true], [role=alert]').count()
  const [address, dialogs, before] = [page.url(), await page.getByRole('dialog').count(), await complaints()]
  page.on('request', note)
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: 'へんかん', selectionStart: 4, selectionEnd: 4 })
  await page.keyboard.press('Enter')
  await settled(page)
  assert.equal((await page.evaluate(() => window.enters)).at(0), true, 'Chromium holds this Enter for one of a conversion')
  assert.deepEqual(asked, [], 'nothing was sent')
  assert.deepEqual([page.url(), await page.getByRole('dialog').count(), await complaints()], [address, dialogs, before])
  page.off('request', note)
  // The word is chosen: keys are keys again.
  await session.send('Input.insertText', { text: '変換' })
  await session.detach()
}

test('the Enter of a conversion does nothing else when signing in or making an account', async (desk) => {
  const page = await desk.page()
  await page.goto('/sign-in')
  await assertEnterOnlyConverts(page, page.getByRole('textbox', { name: 'ログイン名' }))
  // Shown, because Chromium composes nothing in a hidden password.
  await page.getByRole('button', { name: 'パスワードを表示する' }).click()
  await assertEnterOnlyConverts(page, page.getByRole('textbox', { name: 'パスワード' }))
  await page.goto(`/invitation#${office.firstToken}`)
  for (const name of ['ログイン名', '表示名']) await assertEnterOnlyConverts(page, page.getByRole('textbox', { name }))
})

test('the Enter of a conversion does nothing else in the search, the palette and the as-of date', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf('47000000011')}`)
  await page.getByRole('region', { name: '履歴' }).getByRole('listitem').first().waitFor()
  await assertEnterOnlyConverts(page, page.getByRole('textbox', { name: '基準日' }))
  await assertEnterOnlyConverts(page, page.getByRole('textbox', { name: '検索' }))
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: '操作を探す' })
  await palette.getByRole('menuitem').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await assertEnterOnlyConverts(page, palette.getByRole('searchbox').or(palette.getByRole('textbox')))
})

test('the Enter of a conversion does nothing else in any field of a correction', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf('47000000011')}/correct?field=CITY`)
  const sheet = page.getByRole('dialog', { name: '登録内容の修正' })
  await sheet.getByRole('radio', { name: '事実の変更' }).check()
  for (const label of ['宣言日', '備考', '法人番号']) {
    await sheet.getByLabel('追加する項目').selectOption({ label })
    await sheet.getByRole('button', { name: '項目を追加する' }).click()
  }
  for (const name of ['市区町村', '宣言日', '備考', '法人番号', '変わった日', '修正の理由']) {
    await assertEnterOnlyConverts(page, sheet.getByRole('textbox', { name }))
  }
})

test('a day typed with an input method on is read like any other', async (desk) => {
  const page = await desk.page('registrar')
  await page.goto(`/declarations/${await office.idOf('47000000011')}`)
  const input = page.getByRole('textbox', { name: '基準日' })
  await input.focus()
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: '２０２４ー４ー１', selectionStart: 8, selectionEnd: 8 })
  await session.send('Input.insertText', { text: '２０２４ー４ー１' })
  await page.keyboard.press('Enter')
  await page.getByText('2024年4月1日(月) 時点の内容を表示しています。').waitFor()
  assert.equal(await input.inputValue(), '2024-04-01')
})

/** Forms in which staff write: each field that is there when one opens. */
const FORMS = {
  'everything that is done to a record': ['note', 'stop', 'contact', 'diagnosis', 'policy', 'raiseFlag', 'suspendLogo', 'unpublish', 'link', 'handOver', 'lookUp', 'merge'].map((name) => (id) => `/declarations/${id}/do/${name}`),
  'a declaration, a bulk change and a file': [() => '/declarations/new', () => '/bulk-changes/new?by=filter&state=ACTIVE', () => '/exports/new?state=ACTIVE'],
}

for (const [what, paths] of Object.entries(FORMS))
  test(`the Enter of a conversion does nothing else in any field of ${what}`, async (desk) => {
    const page = await desk.page('chief')
    const id = await office.idOf('47000000011')
    let met = 0
    for (const path of paths) {
      // What is half typed would be asked about.
      await page.goto('about:blank')
      await page.goto(path(id))
      // A declaration has a page of its own, all else a sheet.
      const form = path(id) === '/declarations/new' ? page.getByRole('main') : page.getByRole('dialog').first()
      await form.getByRole('button').first().waitFor()
      await settled(page)
      for (const field of await form.getByRole('textbox').all()) {
        if (!(await field.isEditable())) continue
        await assertEnterOnlyConverts(page, field)
        met += 1
      }
    }
    assert.ok(met >= paths.length, `${met} fields in ${paths.length} forms`)
  })
