// 設定 › 作業: every job by its state, progress while it runs, what was given up, stopping and another chance.
import assert from 'node:assert/strict'
import { answer, fault, hold, said } from './harness/answers.mjs'
import { assertAccessible, assertFits, assertLooks, desks, screenshot, settled } from './harness/desk.mjs'
import { LANGUAGES, words } from './harness/words.mjs'

const { office, test } = await desks({ rows: 5 })

const LIST = '/settings/jobs'
const idOf = (number) => `019e4ca0-0000-7000-8000-${String(number).padStart(12, '0')}`
const states = (page) => page.getByRole('navigation', { name: '作業の状態' })
const table = (page) => page.getByRole('table', { name: '作業の一覧' })
const bar = (page) => page.getByRole('progressbar', { name: '進み具合' })
const heading = (page, name) => page.getByRole('heading', { level: 1, name })

/** Where rows are cards nothing of them is cut off. */
const assertWhole = async (page) => assert.ok(await page.getByRole('region').evaluateAll((regions) => window.innerWidth >= 768 || regions.every((region) => region.scrollWidth <= region.clientWidth)), `cut off at ${page.url()}`)

const JOB = {
  id: idOf(1), command: 'verify-log', schedule: { id: idOf(900), name: '台帳の検証（毎晩）' }, dueAt: '2026-11-20T17:30:00Z', late: false, requestedBy: { kind: 'SYSTEM', name: 'scheduler' },
  createdAt: '2026-11-20T17:30:01Z', state: 'DONE', runAt: '2026-11-20T17:30:01Z', attempt: 1, progressDone: 40, progressTotal: 40, cancelRequested: false, error: null,
  result: said('40 events checked, 0 breaches', 'LOG_INTACT', { CHECKED: 40 }), finishedAt: '2026-11-20T17:34:00Z', node: 'sengen-1', history: [],
}
const RUNNING = { ...JOB, state: 'RUNNING', progressDone: 1000, progressTotal: 4000, result: null, finishedAt: null }
const DEAD = { ...JOB, state: 'DEAD', attempt: 5, result: null, error: said('the database answered too late', 'DATABASE_LATE'), history: [{ kind: 'GIVEN_UP', at: '2026-11-20T18:34:00Z', by: { kind: 'SYSTEM', name: 'sengen-1' }, attempt: 5, result: null }] }
const list = (nodes, endCursor = null) => ({ json: { data: { jobs: { __typename: 'JobConnection', nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } } } } })
const one = (job) => ({ json: { data: { job } } })
const counts = (...of) => ({ json: { data: { jobCounts: of.map(([state, count]) => ({ state, count })) } } })

async function open(desk, path = LIST, who = 'chief', answers = {}, options = {}) {
  const page = await desk.page(who, options)
  // Time goes by as it does, until a test lets it go faster.
  await page.clock.install()
  const end = await answer(page, answers)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
  return { page, end }
}

/** Runs the schedule of every office at once and answers the job. */
async function runNow() {
  const cookie = await office.cookieOf('chief')
  const { data } = await office.ask('query { schedules { nodes { id command version } } }', {}, cookie)
  const { id, version } = data.schedules.nodes.find(({ command }) => command === 'verify-log')
  const input = { commandId: crypto.randomUUID(), id, expectedVersion: version }
  const answered = await office.ask('mutation ($input: ScheduleCommandInput!) { runScheduleNow(input: $input) { __typename ... on ScheduleChanged { jobId } } }', { input }, cookie)
  return answered.data.runScheduleNow.jobId
}

test('a job that was asked for is seen to its end, found by its state, and opened by keys', async (desk) => {
  const id = await runNow()
  const { page } = await open(desk)
  const row = table(page).getByRole('row').filter({ has: page.locator(`[data-row-link="${id}"]`) })
  await row.getByText('完了').waitFor()
  await row.getByText(/^記録.*件を検証し、異常はありませんでした。$/).waitFor()
  await row.getByText('見本 管理が依頼').waitFor()
  await assertAccessible(page)
  await states(page).getByRole('link', { name: /^完了/ }).click()
  await page.waitForURL(/\?state=DONE$/)
  await page.waitForFunction(() => document.querySelector('[aria-current=page][href$="state=DONE"]') !== null)
  assert.equal(await states(page).locator('[aria-current=page]').count(), 1)
  await row.waitFor()
  await page.reload()
  await row.waitFor()
  assert.equal(await page.title(), '完了 — 作業 — 設定 — 宣言 Sengen')
  await settled(page)
  await page.keyboard.press('j')
  await page.waitForFunction((wanted) => document.activeElement?.dataset.rowLink === wanted, id)
  await page.keyboard.press('Enter')
  await heading(page, '台帳の検証').waitFor()
  await page.getByRole('region', { name: '結果' }).getByText(/異常はありませんでした/).waitFor()
  await page.getByRole('region', { name: '記録' }).getByText('完了').waitFor()
  await page.getByText(id).waitFor()
  assert.equal(await page.getByRole('button', { name: /中止する|もう一度実行する/ }).count(), 0)
  await assertAccessible(page)
  await page.getByRole('navigation', { name: '現在の場所' }).getByRole('link', { name: '作業' }).click()
  await heading(page, '作業').waitFor()
})

test('what runs is asked for again until it is done, without a move on the screen, and then no more', async (desk) => {
  const { page, end } = await open(desk, LIST, 'chief', { Jobs: list([RUNNING, { ...JOB, id: idOf(2) }]), JobCounts: counts(['RUNNING', 1], ['DONE', 1]) })
  await bar(page).waitFor()
  assert.equal(await bar(page).getAttribute('aria-valuenow'), '1000')
  assert.equal(await bar(page).getAttribute('aria-valuetext'), '1,000 / 4,000（25%）')
  await assertAccessible(page)
  const place = () => page.locator(`[data-row-link="${idOf(2)}"]`).boundingBox()
  const before = await place()
  await answer(page, { Jobs: list([{ ...RUNNING, progressDone: 3000 }, { ...JOB, id: idOf(2) }]), JobCounts: counts(['RUNNING', 1], ['DONE', 1]) })
  await page.waitForFunction(() => document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') === '3000')
  assert.deepEqual(await place(), before)
  await answer(page, { Jobs: list([JOB, { ...JOB, id: idOf(2) }]), JobCounts: counts(['DONE', 2]) })
  await bar(page).waitFor({ state: 'detached' })
  assert.deepEqual(await place(), before)
  await states(page).getByRole('link', { name: /完了\s*2/ }).waitFor()
  await settled(page)
  // The numbers beside the places of the menu are asked for every minute, whatever the page does.
  const asked = []
  page.on('request', (request) => request.url().endsWith('/graphql') && /Job/.test(request.postData()) && asked.push(request.postData()))
  await page.clock.fastForward(60_000)
  await settled(page)
  assert.deepEqual(asked, [])
  await end()
})

test('what is not known how long it takes has a bar without a number', async (desk) => {
  const { page } = await open(desk, `${LIST}/${idOf(1)}`, 'chief', { OneJob: one({ ...RUNNING, progressTotal: null }) })
  await bar(page).waitFor()
  assert.equal(await bar(page).getAttribute('aria-valuenow'), null)
  assert.equal(await bar(page).getAttribute('aria-valuetext'), '1,000まで完了')
  await assertAccessible(page)
})

test('a running job is stopped after a question that says when it stops', async (desk) => {
  const { page } = await open(desk, `${LIST}/${idOf(1)}`, 'chief', { OneJob: one(RUNNING), CancelJob: { json: { data: { cancelJob: { __typename: 'JobTouched', job: { id: idOf(1) } } } } } })
  await page.getByRole('button', { name: '中止する' }).click()
  const question = page.getByRole('alertdialog', { name: 'この作業を中止しますか' })
  await question.getByText('すぐには止まらず、作業が区切りで確認したときに止まります。').waitFor()
  await assertAccessible(page)
  await answer(page, { OneJob: one({ ...RUNNING, cancelRequested: true }) })
  await question.getByRole('button', { name: '中止する', exact: true }).click()
  await page.getByRole('note').getByText('中止を依頼しました。作業が区切りで確認すると止まります。').waitFor()
  assert.equal(await page.getByRole('button', { name: '中止する' }).getAttribute('aria-disabled'), 'true')
  await assertAccessible(page)
  await answer(page, { OneJob: one({ ...RUNNING, state: 'CANCELLED', cancelRequested: true, finishedAt: '2026-11-20T17:34:00Z' }) })
  await page.getByRole('button', { name: 'もう一度実行する' }).waitFor()
})

test('what was given up stands out with its reason, and gets another chance', async (desk) => {
  const answers = { Jobs: list([DEAD]), JobCounts: counts(['DEAD', 1]), OneJob: one(DEAD) }
  const { page } = await open(desk, `${LIST}?state=DEAD`, 'chief', answers)
  await table(page).getByText('データベースの応答に時間がかかりすぎました。データベースの負荷を確認してください。').waitFor()
  await table(page).getByText('5回目').waitFor()
  await assertAccessible(page)
  await table(page).getByRole('link', { name: '台帳の検証', exact: true }).click()
  await page.getByText('5回試しましたが終わりませんでした。').waitFor()
  await page.getByRole('region', { name: '記録' }).getByText('断念').waitFor()
  await assertAccessible(page)
  await answer(page, { ResumeJob: { json: { data: { resumeJob: { __typename: 'JobOtherState', job: { id: idOf(1), state: 'RUNNING' } } } } } })
  await page.getByRole('button', { name: 'もう一度実行する' }).click()
  await page.getByRole('alert').getByText('今は「実行中」のため、この操作はできません。').waitFor()
  await assertAccessible(page)
  await answer(page, { ResumeJob: { json: { data: { resumeJob: { __typename: 'JobTouched', job: { id: idOf(1) } } } } }, OneJob: one({ ...JOB, state: 'READY', attempt: 0, result: null, finishedAt: null }) })
  await page.getByRole('button', { name: 'もう一度実行する' }).click()
  await page.getByText('「台帳の検証」の再実行を受け付けました。').waitFor()
  await page.getByText('まもなく開始します').waitFor()
})

test('a deed that failed says so and can be done again', async (desk) => {
  desk.expect(/Failed to load resource|ERR_FAILED|5\d\d from/)
  const { page } = await open(desk, `${LIST}/${idOf(1)}`, 'chief', { OneJob: one(DEAD), ResumeJob: fault('INTERNAL') })
  await page.getByRole('button', { name: 'もう一度実行する' }).click()
  await page.getByRole('alert').getByText('受け付けられませんでした。').waitFor()
  await answer(page, { ResumeJob: 'away' })
  await page.getByRole('button', { name: 'もう一度実行する' }).click()
  await page.getByRole('alert').getByText('二重に行われることはありません。').waitFor()
  await assertAccessible(page)
})

test('more rows are asked for by a button that the keys reach; the address remembers how many', async (desk) => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...JOB, id: idOf(100 + index) }))
  const { page } = await open(desk, LIST, 'chief', { Jobs: list(many, 'next'), JobCounts: counts(['DONE', 51]) })
  await page.locator(`[data-row-link="${idOf(149)}"]`).focus()
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-more'))
  await answer(page, { Jobs: list([{ ...JOB, id: idOf(200) }]) })
  await page.keyboard.press('Enter')
  await page.waitForFunction((id) => document.activeElement?.dataset.rowLink === id, idOf(200))
  await page.waitForURL(/shown=100/)
  await page.getByRole('status').getByText('51件を表示・すべて表示しました').waitFor()
})

test('while it loads, when it fails, where nothing is and where no such job is', async (desk) => {
  desk.expect(/Failed to load resource|5\d\d from/)
  const page = await desk.page('chief')
  const release = await answer(page, { Jobs: hold, JobCounts: hold })
  await page.goto(LIST)
  await page.getByRole('status').getByText('読み込んでいます').first().waitFor()
  await assertAccessible(page)
  await release()
  let end = await answer(page, { Jobs: fault('INTERNAL') })
  await page.goto(LIST)
  await page.getByRole('alert').getByText('サーバーで問題が起きました。').waitFor()
  await assertAccessible(page)
  await end()
  await page.getByRole('button', { name: 'もう一度試す' }).click()
  await heading(page, '作業').waitFor()
  end = await answer(page, { Jobs: list([]), JobCounts: counts() })
  await page.goto(LIST)
  await page.getByText('作業はまだありません').waitFor()
  await assertAccessible(page)
  await page.goto(`${LIST}?state=CANCELLED`)
  await page.getByText('「中止」の作業はありません').waitFor()
  await page.getByRole('link', { name: 'すべての作業を見る' }).click()
  await page.getByText('作業はまだありません').waitFor()
  await end()
  await page.goto(`${LIST}/${idOf(999)}`)
  await heading(page, '作業が見つかりません').waitFor()
  await assertAccessible(page)
})

test('who may only read has no buttons; who may not read is told which right opens it', async (desk) => {
  const { page } = await open(desk, `${LIST}/${idOf(1)}`, 'registrar', { OneJob: one(DEAD) })
  await page.getByText('「スケジュール・作業の管理」の権限がありません。管理者に依頼してください。').waitFor()
  assert.equal(await page.getByRole('button', { name: 'もう一度実行する' }).count(), 0)
  await assertAccessible(page)
  const { page: viewer } = await open(desk, LIST, 'viewer')
  await heading(viewer, '権限がありません').waitFor()
  const id = await runNow()
  const input = { commandId: crypto.randomUUID(), id }
  await assert.rejects(office.ask('mutation ($input: JobCommandInput!) { cancelJob(input: $input) { __typename } }', { input }, await office.cookieOf('registrar')), /FORBIDDEN/)
})

const SOME = [RUNNING, { ...DEAD, id: idOf(3) }, { ...JOB, id: idOf(4), late: true }, { ...JOB, id: idOf(5), result: said('40 events checked, 2 breaches', 'LOG_BREACHED', { CHECKED: 40, BREACHES: 2 }) }, { ...JOB, id: idOf(6), state: 'CANCELLED', dueAt: null, result: null, requestedBy: { kind: 'STAFF', name: '見本 管理' } }]

for (const language of LANGUAGES) {
  test(`jobs are accessible in both themes: ${language}`, async (desk) => {
    const w = words[language]
    const { page } = await open(desk, LIST, 'chief', { Jobs: list(SOME), JobCounts: counts(['RUNNING', 1], ['DEAD', 1], ['DONE', 2], ['CANCELLED', 1]) }, { language })
    await page.getByRole('heading', { level: 1, name: w.settings.jobs }).waitFor()
    await assertLooks(page, 'jobs-1280', language)
    for (const job of SOME) {
      await answer(page, { OneJob: one(job) })
      await page.goto(`${LIST}/${job.id}`)
      await page.getByRole('heading', { level: 1, name: w.operations.command['verify-log'] }).waitFor()
      await assertLooks(page, `job-${job.state.toLowerCase()}-${job.id.slice(-1)}`, language)
    }
  })
}

for (const [size, label] of [[{ width: 320, height: 640 }, '320 px'], [{ width: 640, height: 400 }, '200 % zoom'], [{ width: 1920, height: 1080 }, '1920 px']]) {
  test(`at ${label} jobs do not scroll sideways and nothing is lost`, async (desk) => {
    const { page } = await open(desk, LIST, 'chief', { Jobs: list(SOME), JobCounts: counts(['DONE', 5]), OneJob: one(DEAD) }, { size })
    await assertFits(page)
    await assertWhole(page)
    await assertAccessible(page)
    await screenshot(page, `jobs-${size.width}`)
    await page.goto(`${LIST}/${idOf(3)}`)
    await heading(page, '台帳の検証').waitFor()
    await assertFits(page)
    await assertWhole(page)
    await assertAccessible(page)
  })
}
