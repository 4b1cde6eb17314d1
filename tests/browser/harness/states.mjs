// Every state that a page can be in besides its plain one: what failed, what is missing, what is open over it, what loads.
// Each accessible, and a picture for people. Plain pages are seen in each language and theme (`looks.test.mjs`). A theme changes
// colours and a language changes words, so of the many states one pair of each sees all.
import assert from 'node:assert/strict'
import { assertAccessible, desks, screenshot, setTheme } from './desk.mjs'
import { answer, fault, hold } from './answers.mjs'
import { say, words } from './words.mjs'

const { office, test } = await desks({ rows: 60 })

const THEME = { ja: 'light', en: 'dark' }
const NUMBER = '47000000008'
const NOBODY = '019e4ca0-0000-7000-8000-000000000000'
const record = async () => `/declarations/${await office.idOf(NUMBER)}`
const correction = async () => `${await record()}/correct?field=CITY`
const forgetting = async () => `${await record()}/forget`
/** A list of two rows: what is open over it is looked at here, and fifty rows take seconds to examine. */
const FEW = '/declarations?flag=CORPORATE_NUMBER_MISSING'
const sheet = (page) => page.getByRole('dialog')
const rows = (page) => page.getByRole('table').getByRole('link')

async function openPalette(page) {
  await rows(page).first().waitFor()
  await page.keyboard.press('Control+k')
}

async function find(page, text) {
  await openPalette(page)
  await page.getByRole('dialog').getByRole('searchbox').or(page.getByRole('dialog').getByRole('textbox')).waitFor()
  await page.keyboard.type(text)
}

async function fillCorrection(page, w) {
  await sheet(page).getByRole('textbox', { name: w.field.CITY }).fill('あたらし市')
  await sheet(page).getByRole('radio', { name: w.correct.kindError }).check()
  await sheet(page).getByRole('textbox', { name: w.correct.reason }).fill('本人からの電話で確認')
  await sheet(page).getByRole('button', { name: w.correct.submit }).click()
}

/** Leaves a sheet in which something is typed, or the next page would wait for the answer. */
async function leave(page, w) {
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog').getByRole('button', { name: w.discardYes }).click()
}

async function fillForgetting(page, w) {
  await sheet(page).getByRole('radio', { name: w.person.CONTACT }).check()
  await sheet(page).getByRole('textbox', { name: w.forgetting.reason }).fill('本人の求め')
  await sheet(page).getByRole('button', { name: w.approvalRequest.send }).click()
}

const forgettingAsked = (requestForgetting) => ({ RequestForgetting: { json: { data: { requestForgetting } } } })

/** What is the same for bulk changes, imports and files: each has a list and pages, and a right of its own. */
function batchStates(name, path, list, one, permission, wordsOf) {
  const refused = (w) => say(w.sheet.noRight, { permission: w.permission[permission] })
  return {
    [`${name}-empty`]: { path: () => path, ready: (page, w) => page.getByRole('heading', { level: 2, name: wordsOf(w).emptyTitle }) },
    [`${name}-loading`]: { path: () => path, answers: { [list]: hold }, ready: (page, w) => page.getByRole('status').getByText(w.app.loading) },
    [`${name}-fault`]: { path: () => path, answers: { [list]: fault('INTERNAL') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL) },
    [`${name}-no-right`]: { who: 'viewer', path: () => path, ready: (page, w) => page.getByRole('main').getByText(refused(w)) },
    [`${name}-new-no-right`]: { who: 'viewer', path: () => `${path}/new`, ready: (page, w) => sheet(page).getByText(refused(w)) },
    [`${name}-one-loading`]: { path: () => `${path}/${NOBODY}`, answers: { [one]: hold }, ready: (page, w) => page.getByRole('status').getByText(w.app.loading) },
    [`${name}-one-fault`]: { path: () => `${path}/${NOBODY}`, answers: { [one]: fault('INTERNAL') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL) },
    [`${name}-not-found`]: { path: () => `${path}/${NOBODY}`, ready: (page, w) => page.getByRole('heading', { level: 1, name: wordsOf(w).notFoundTitle }) },
  }
}

/** `path`: where it begins, `answers`: what the server answers there, `before`: what else is changed there, `after`: how one gets out again, `reach`: how one gets into the state, `ready`: what says that it is there. */
const STATES = {
  'page-not-found': { path: () => '/nowhere', ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.notFoundTitle }) },
  'record-not-found': { path: () => `/declarations/${NOBODY}`, ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.recordNotFoundTitle }) },
  'record-fault': {
    path: record,
    answers: { Declaration: fault('INTERNAL') },
    ready: (page, w) => page.getByRole('alert').filter({ hasText: w.fault.INTERNAL }).getByRole('button', { name: w.fault.copyRequestId }),
  },
  'record-network': { path: record, answers: { Declaration: 'away' }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.NETWORK) },
  'record-crash': {
    path: record,
    answers: { Declaration: { json: { data: { declaration: { __typename: 'Declaration' } } } } },
    ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.crashTitle }),
  },
  'record-code-gone': {
    path: record,
    // As in a window that was open while a newer version was installed.
    before: (page) => page.route('**/assets/detail-*', (route) => route.fulfill({ status: 404 })),
    ready: (page, w) => page.getByRole('button', { name: w.fault.reload }),
  },
  'record-loading': { path: record, answers: { Declaration: hold }, ready: (page, w) => page.getByRole('status').getByText(w.app.loading) },
  'list-fault': { path: () => '/declarations', answers: { DeclarationList: fault('TOO_COMPLEX') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.TOO_COMPLEX) },
  'list-no-right': {
    path: () => '/declarations',
    answers: { DeclarationList: fault('FORBIDDEN', { permission: 'READ_DECLARATIONS' }) },
    ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.noRightTitle }),
  },
  'list-refused': { path: () => `/declarations?q=${'あ'.repeat(1_000)}`, ready: (page, w) => page.getByRole('heading', { level: 1, name: w.list.refusedTitle }) },
  'list-empty': { path: () => '/declarations?q=どこにもない&state=STOPPED', ready: (page, w) => page.getByRole('heading', { name: w.list.emptyTitle }) },
  'list-blank': {
    path: () => '/declarations',
    answers: { DeclarationList: { json: { data: { declarations: { __typename: 'DeclarationConnection', nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, position: '0', total: { count: 0, kind: 'EXACT' }, facets: { stars: [], states: [], prefectures: [], flags: [] } } } } } },
    ready: (page, w) => page.getByRole('heading', { name: w.list.blankTitle }),
  },
  'list-loading': { path: () => '/declarations', answers: { DeclarationList: hold }, ready: (page, w) => page.getByRole('status').getByText(w.app.loading) },
  'list-more-fault': {
    path: () => '/declarations',
    reach: async (page, w) => {
      await rows(page).first().waitFor()
      await answer(page, { DeclarationList: fault('INTERNAL') })
      await page.getByRole('button', { name: w.action.more }).click()
    },
    ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL),
  },
  'list-filter': {
    path: () => FEW,
    reach: async (page, w) => {
      await rows(page).first().waitFor()
      await page.getByRole('button', { name: w.filter.pref, exact: true }).click()
    },
    ready: (page) => page.getByRole('dialog').getByRole('checkbox', { name: '沖縄県' }),
  },
  'list-peek': { path: async () => `${FEW}&peek=${await office.idOf(NUMBER)}`, ready: (page, w) => page.getByRole('complementary', { name: w.list.peek }).getByText('みほん市') },
  'list-peek-fault': {
    path: async () => `${FEW}&peek=${await office.idOf(NUMBER)}`,
    answers: { Declaration: fault('INTERNAL') },
    ready: (page, w) => page.getByRole('complementary', { name: w.list.peek }).getByRole('alert'),
  },
  'list-offline': {
    path: () => FEW,
    reach: async (page) => {
      await rows(page).first().waitFor()
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'onLine', { get: () => false })
        window.dispatchEvent(new Event('offline'))
      })
    },
    ready: (page, w) => page.getByText(w.fault.offline),
  },
  palette: {
    path: () => FEW,
    reach: openPalette,
    ready: (page, w) => page.getByRole('menuitem', { name: w.palette.keys }),
  },
  'palette-hits': {
    path: () => FEW,
    reach: (page) => find(page, '4700000001'),
    // A record, not a command that was there before.
    ready: (page) => page.getByRole('menuitem').filter({ has: page.locator('.num') }),
  },
  'palette-none': {
    path: () => FEW,
    reach: (page) => find(page, 'qqqq'),
    ready: (page, w) => page.getByText(w.palette.none),
  },
  keys: {
    path: record,
    reach: async (page) => {
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('?')
    },
    ready: (page, w) => page.getByRole('dialog', { name: w.keys.title }),
  },
  menu: {
    path: () => FEW,
    reach: async (page, w) => page.getByRole('button', { name: say(w.top.me, { name: '見本 花子' }) }).click(),
    ready: (page, w) => page.getByRole('button', { name: w.top.signOut }),
  },
  calendar: { path: record, reach: async (page, w) => page.getByRole('button', { name: w.day.calendar }).click(), ready: (page) => page.getByRole('grid') },
  'correction-errors': {
    path: correction,
    reach: async (page, w) => {
      await sheet(page).getByRole('radio', { name: w.correct.kindChange }).check()
      await sheet(page).getByRole('button', { name: w.correct.submit }).click()
    },
    ready: (page, w) => sheet(page).getByRole('link', { name: w.correct.problem.reason }),
  },
  'correction-fault': { path: correction, reach: fillCorrection, answers: { CorrectDeclaration: fault('INTERNAL') }, ready: (page, w) => sheet(page).getByRole('alert').getByText(w.fault.saving) },
  'correction-network': { path: correction, reach: fillCorrection, answers: { CorrectDeclaration: 'away' }, ready: (page, w) => sheet(page).getByRole('alert').getByText(w.fault.savingUnknown) },
  'correction-discard': {
    path: correction,
    reach: async (page, w) => {
      await sheet(page).getByRole('textbox', { name: w.field.CITY }).fill('あたらし市')
      await page.keyboard.press('Escape')
    },
    ready: (page, w) => page.getByRole('alertdialog', { name: w.correct.discardTitle }),
    after: (page, w) => page.getByRole('button', { name: w.correct.discardYes }).click(),
  },
  'correction-no-right': { who: 'viewer', path: correction, ready: (page, w) => sheet(page).getByText(w.record.correctReason.right) },
  'forgetting-open': { who: 'chief', path: forgetting, ready: (page, w) => sheet(page).getByRole('radio', { name: w.person.REMARKS }) },
  'forgetting-errors': {
    who: 'chief',
    path: forgetting,
    reach: async (page, w) => sheet(page).getByRole('button', { name: w.approvalRequest.send }).click(),
    ready: (page, w) => sheet(page).getByRole('link', { name: w.forgetting.personMissing }),
  },
  'forgetting-kept': {
    who: 'chief',
    path: forgetting,
    reach: fillForgetting,
    answers: forgettingAsked({ __typename: 'InvalidInput', problems: [{ field: 'person', code: 'nothing_kept', message: 'この役割の個人の情報は、記録がないか、すでに消去されています。' }, { field: 'reason', code: 'names_the_person', message: '理由は消去後も残ります。本人が分かる言葉を除いてください。' }] }),
    ready: (page) => sheet(page).getByRole('group').getByRole('link').nth(1),
    after: (page, w) => leave(page, w.sheet),
  },
  'forgetting-stale': {
    who: 'chief',
    path: forgetting,
    reach: fillForgetting,
    answers: forgettingAsked({ __typename: 'RequestStale', message: 'x' }),
    ready: (page, w) => sheet(page).getByRole('alert').getByText(w.forgetting.staleLead),
    after: (page, w) => leave(page, w.sheet),
  },
  'forgetting-fault': {
    who: 'chief',
    path: forgetting,
    reach: fillForgetting,
    answers: { RequestForgetting: fault('INTERNAL') },
    ready: (page, w) => sheet(page).getByRole('alert').getByText(w.fault.saving),
    after: (page, w) => leave(page, w.sheet),
  },
  'forgetting-network': {
    who: 'chief',
    path: forgetting,
    reach: fillForgetting,
    answers: { RequestForgetting: 'away' },
    ready: (page, w) => sheet(page).getByRole('alert').getByText(w.sheet.savingUnknown),
    after: (page, w) => leave(page, w.sheet),
  },
  'forgetting-requested': {
    who: 'chief',
    path: forgetting,
    reach: fillForgetting,
    answers: forgettingAsked({ __typename: 'ApprovalRequested', id: NOBODY }),
    ready: (page, w) => sheet(page).getByRole('heading', { name: w.approvalRequest.doneTitle }),
  },
  'forgetting-discard': {
    who: 'chief',
    path: forgetting,
    reach: async (page, w) => {
      await sheet(page).getByRole('radio', { name: w.person.CONTACT }).check()
      await page.keyboard.press('Escape')
    },
    ready: (page, w) => page.getByRole('alertdialog', { name: w.sheet.discardTitle }),
    after: (page, w) => page.getByRole('button', { name: w.sheet.discardYes }).click(),
  },
  'forgetting-loading': { who: 'chief', path: forgetting, answers: { Declaration: hold }, ready: (page, w) => page.getByRole('dialog', { name: w.forgetting.title }) },
  'forgetting-no-right': { who: 'viewer', path: forgetting, ready: (page, w) => sheet(page).getByText(say(w.sheet.noRight, { permission: w.permission.FORGET_PERSON })) },
  'forgetting-past': { who: 'chief', path: async () => `${await record()}?asOf=2024-01-01`, ready: (page, w) => page.getByRole('button', { name: w.record.forget.open, disabled: true }) },
  ...batchStates('bulk', '/bulk-changes', 'BulkChanges', 'OneBulkChange', 'CHANGE_MANY', (w) => w.bulk),
  ...batchStates('imports', '/imports', 'Imports', 'OneImport', 'IMPORT_DECLARATIONS', (w) => w.imports),
  ...batchStates('exports', '/exports', 'Exports', 'OneExport', 'EXPORT_DECLARATIONS', (w) => w.exports),
  // Whoever may have no file has no list of them either.
  'exports-no-right': { who: 'viewer', path: () => '/exports', ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.noRightTitle }) },
  'reviews-empty': { path: () => '/reviews/duplicate', ready: (page, w) => page.getByRole('heading', { level: 2, name: w.reviews.emptyTitle.OPEN }) },
  'reviews-loading': { path: () => '/reviews/duplicate', answers: { Reviews: hold }, ready: (page, w) => page.getByRole('status').getByText(w.app.loading) },
  'reviews-fault': { path: () => '/reviews/duplicate', answers: { Reviews: fault('INTERNAL') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL) },
  'reviews-no-right': { who: 'viewer', path: () => '/reviews/duplicate', ready: (page, w) => page.getByRole('button', { name: w.reviews.takeNext, disabled: true }) },
  'reviews-no-queue': { path: () => '/reviews/nothing', ready: (page, w) => page.getByRole('heading', { level: 1, name: w.reviews.noQueueTitle }) },
  'reviews-not-found': { path: () => `/reviews/duplicate/${NOBODY}`, ready: (page, w) => page.getByRole('heading', { level: 1, name: w.reviews.notFoundTitle }) },
  'home-loading': { path: () => '/', answers: { Home: hold, ReviewQueues: hold }, ready: (page, w) => page.getByRole('heading', { level: 1, name: w.home.title }) },
  'home-fault': { path: () => '/', answers: { Home: fault('INTERNAL') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL) },
  'home-queues-fault': { path: () => '/', answers: { ReviewQueues: fault('TIMEOUT') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.TIMEOUT) },
  'session-gate': {
    path: correction,
    reach: fillCorrection,
    answers: { CorrectDeclaration: fault('UNAUTHENTICATED', {}, 401) },
    ready: (page, w) => page.getByRole('dialog', { name: w.signIn.expiredTitle }).getByRole('button', { name: w.signIn.submit }),
  },
  'session-fault': { path: () => '/declarations', answers: { Session: fault('INTERNAL') }, ready: (page, w) => page.getByRole('heading', { level: 1, name: w.fault.title }) },
  'sign-in-missing': {
    who: null,
    path: () => '/sign-in',
    reach: async (page, w) => page.getByRole('button', { name: w.signIn.submit, exact: true }).click(),
    ready: (page, w) => page.getByText(w.signIn.passwordMissing),
  },
  'sign-in-wait': {
    who: null,
    path: () => '/sign-in?to=%2Fdeclarations',
    answers: { SignIn: { json: { data: { signIn: { __typename: 'SignInRefused', retryAfterSeconds: 600 } } } } },
    reach: async (page, w) => {
      await page.getByRole('textbox', { name: w.signIn.login }).fill('hanako')
      await page.getByRole('textbox', { name: w.signIn.password }).fill('ちがう合言葉です')
      await page.getByRole('button', { name: w.signIn.submit, exact: true }).click()
    },
    ready: (page, w) => page.getByRole('alert').getByText(say(w.signIn.refusedWait, { seconds: 600 })),
  },
  'sign-in-network': {
    who: null,
    path: () => '/sign-in',
    answers: { SignIn: 'away' },
    reach: async (page, w) => {
      await page.getByRole('textbox', { name: w.signIn.login }).fill('hanako')
      await page.getByRole('textbox', { name: w.signIn.password }).fill('合言葉')
      await page.getByRole('button', { name: w.signIn.submit, exact: true }).click()
    },
    ready: (page, w) => page.getByRole('alert').getByText(w.fault.NETWORK),
  },
  'invitation-unusable': { who: null, path: () => '/invitation#nothing', ready: (page, w) => page.getByRole('heading', { level: 1, name: w.invitation.unusableTitle }) },
  'invitation-fault': { who: null, path: () => '/invitation#nothing', answers: { Invitation: fault('INTERNAL') }, ready: (page, w) => page.getByRole('alert').getByText(w.fault.INTERNAL) },
  'invitation-errors': {
    who: null,
    path: () => `/invitation#${office.firstToken}`,
    reach: async (page, w) => page.getByRole('button', { name: w.invitation.submit }).click(),
    ready: (page, w) => page.getByRole('group').getByRole('link', { name: w.invitation.nameMissing }),
  },
}

/** The states by what they belong to: the first word of their name. */
const groupOf = (name) => name.split('-')[0]
const GROUPS = new Set(Object.keys(STATES).map(groupOf))

async function look(desk, name, { who = 'registrar', path, before, answers, reach, ready, after }, language) {
  const w = words[language]
  const page = await desk.pageAgain(who, { language })
  // Two states of one page may differ after `#` only, and that alone loads nothing.
  await page.goto('about:blank')
  await before?.(page)
  const end = await answer(page, answers ?? {})
  await page.goto(await path())
  await reach?.(page, w)
  await ready(page, w).first().waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), language)
  await setTheme(page, THEME[language])
  await assertAccessible(page)
  await screenshot(page, `state-${name}-${THEME[language]}-${language}`)
  await end()
  await page.unrouteAll()
  await after?.(page, w)
}

/** One test for each kind of page. Each language has a file of its own: the two run side by side. */
export function examineStates(language) {
  for (const group of GROUPS) {
    test(`every state is accessible: ${group}, ${language}, ${THEME[language]}`, async (desk) => {
      desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from|TypeError|console: Fault: INTERNAL/)
      for (const [name, state] of Object.entries(STATES).filter(([each]) => groupOf(each) === group)) {
        await look(desk, name, state, language).catch((error) => {
          throw new Error(name, { cause: error })
        })
      }
    })
  }
}
