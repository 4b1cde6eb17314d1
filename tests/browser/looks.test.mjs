// Every page in both languages and both themes: accessible, and whole in 320 px and at 200 % zoom. Screenshots for people.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled, setTheme, THEMES } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 400 })

const NARROW = { width: 320, height: 640 }
/** 1280 × 800 at 200 %: half the CSS pixels. */
const ZOOMED = { width: 640, height: 400 }
const WIDE = { width: 1920, height: 1080 }

const RECORD = '47000000030'

/** A record with some life in it, so that the timeline and the as-of view have something to show. */
let prepared
function record() {
  prepared ??= (async () => {
    const id = await office.idOf(RECORD)
    await office.correct(id, 'registrar', {
      kind: 'CHANGE', since: '2026-04-01', reason: '移転の届出', changes: [{ field: 'CITY', value: 'みなとみほん市' }, { field: 'STREET', value: '２丁目３－４' }],
    })
    await office.correct(id, 'registrar', { kind: 'ERROR', reason: '本人からの電話で確認', changes: [{ field: 'EMPLOYEES', value: '約20人' }] })
    return id
  })()
  return prepared
}

/** Each page: who opens it, where it is, and what says that it is there. */
const PAGES = {
  'sign-in': { path: () => '/sign-in', ready: (page, w) => page.getByRole('button', { name: w.signIn.submit, exact: true }) },
  invitation: { path: () => `/invitation#${office.firstToken}`, ready: (page, w) => page.getByRole('button', { name: w.invitation.submit }) },
  list: { who: 'registrar', path: () => '/declarations', ready: (page) => page.getByRole('link', { name: '若葉木工', exact: true }) },
  'list-search': { who: 'registrar', path: () => '/declarations?q=高嶋&state=ACTIVE', ready: (page) => page.getByRole('link', { name: '髙嶋食品', exact: true }) },
  'list-empty': { who: 'registrar', path: () => '/declarations?q=どこにもない', ready: (page, w) => page.getByRole('heading', { name: w.list.emptyTitle }) },
  record: { who: 'registrar', path: async () => `/declarations/${await record()}`, ready: (page, w) => page.getByRole('region', { name: w.history.title }).getByText('移転の届出').first() },
  'record-past': { who: 'registrar', path: async () => `/declarations/${await record()}?asOf=2026-01-01`, ready: (page, w) => page.getByText(w.record.differs).first() },
  'record-viewer': { who: 'viewer', path: async () => `/declarations/${await office.idOf('47000000013')}`, ready: (page, w) => page.getByRole('region', { name: w.history.title }).getByRole('listitem').first() },
  correction: {
    who: 'registrar',
    path: async () => `/declarations/${await record()}/correct?field=EMPLOYEES`,
    ready: (page, w) => page.getByRole('dialog').getByRole('textbox', { name: w.field.EMPLOYEES }),
  },
  'not-found': { who: 'registrar', path: () => '/nowhere', ready: (page, w) => page.getByRole('heading', { name: w.fault.notFoundTitle }) },
}

async function open(desk, name, options) {
  const { who, path, ready } = PAGES[name]
  const page = await desk.pageAgain(who, options)
  await page.goto(await path())
  await ready(page, words[options.language ?? 'ja']).waitFor()
  await settled(page)
  return page
}

for (const language of LANGUAGES) {
  test(`every page is accessible in both themes: ${language}`, async (desk) => {
    for (const name of Object.keys(PAGES)) {
      const page = await open(desk, name, { language })
      assert.equal(await page.locator('html').getAttribute('lang'), language)
      await assertLooks(page, `${name}-1280`, language)
    }
  })
}

test('the examination finds what is wrong: a control without a name, a text too pale in either theme, a page too wide', async (desk) => {
  const page = await open(desk, 'not-found', {})
  // Element by element: under the page's policy no text becomes markup.
  const put = (tag, attributes, text = '') =>
    page.evaluate(([name, given, words]) => {
      const wrong = Object.assign(document.createElement('div'), { id: 'wrong' })
      const element = document.createElement(name)
      for (const [key, value] of Object.entries(given)) element.setAttribute(key, value)
      element.append(words)
      wrong.append(element)
      document.querySelector('main').append(wrong)
    }, [tag, attributes, text])
  const take = () => page.evaluate(() => document.querySelector('#wrong').remove())
  await put('button', { type: 'button' })
  await assert.rejects(assertAccessible(page), /button-name/)
  await take()
  for (const theme of THEMES) {
    await setTheme(page, theme)
    await put('p', { class: 'pale' }, '見えにくい文字')
    await page.evaluate(() => {
      document.querySelector('.pale').style.color = '#7f7f7f'
      document.querySelector('.pale').style.opacity = '0.5'
    })
    await assert.rejects(assertAccessible(page, ['color-contrast']), /color-contrast/)
    await take()
    await assertAccessible(page, theme === 'dark' ? ['color-contrast'] : undefined)
  }
  await put('p', { class: 'wide' }, 'ひろい')
  await page.evaluate(() => {
    document.querySelector('.wide').style.width = '3000px'
  })
  await assert.rejects(assertFits(page), /px wide/)
})

for (const [size, label] of [[NARROW, '320 px'], [ZOOMED, '200 % zoom']]) {
  test(`at ${label} no page scrolls sideways and all stays accessible`, async (desk) => {
    for (const name of Object.keys(PAGES)) {
      const page = await open(desk, name, { size })
      await assertFits(page)
      await assertAccessible(page)
      await screenshot(page, `${name}-${size.width}`)
    }
  })
}

test('in 320 px everything of the bar is in reach: language, colours, leaving', async (desk) => {
  const page = await open(desk, 'list', { size: NARROW })
  await page.getByRole('button', { name: /さんのメニュー$/ }).click()
  await page.getByRole('combobox', { name: '言語' }).selectOption('en')
  await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark')
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await assertAccessible(page)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Declarations' }).waitFor()
})

test('at 1280 px all columns of the list fit, and at 1920 px pages stay readable', async (desk) => {
  const narrow = await open(desk, 'list', {})
  const region = narrow.getByRole('region', { name: '宣言の一覧' })
  const { wide, room } = await region.evaluate((box) => ({ wide: box.scrollWidth, room: box.clientWidth }))
  assert.ok(wide <= room, `the table is ${wide} px wide in ${room} px`)
  for (const name of ['list', 'record', 'correction', 'sign-in']) {
    const page = await open(desk, name, { size: WIDE })
    await screenshot(page, `${name}-1920-light-ja`)
    await assertFits(page)
  }
})

for (const language of LANGUAGES) {
  test(`the conflict view is accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const page = await open(desk, 'correction', { language })
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: w.field.EMPLOYEES }).fill('25')
    await sheet.getByRole('radio', { name: w.correct.kindError }).check()
    await sheet.getByRole('textbox', { name: w.correct.reason }).fill('本人からの電話で確認')
    await office.correct(await record(), 'second', { kind: 'ERROR', reason: '書面で確認', changes: [{ field: 'EMPLOYEES', value: language === 'ja' ? '28' : '31' }] })
    await sheet.getByRole('button', { name: w.correct.submit }).click()
    await sheet.getByText(w.conflict.title).waitFor()
    await assertLooks(page, 'conflict-1280', language)
  })
}
