// The mock's schedules and jobs: a few of each in every state, one job that gets on while it is looked at. Nothing fires by itself.
import { said } from './said.mjs'

const MINUTE = 60_000
const OFFSETS = { 'Asia/Tokyo': 9, UTC: 0, 'America/New_York': -5, 'Europe/London': 0 }
const COMMANDS = ['verify-log', 'send-reminders']
const STARTED = Date.now()
const ago = (minutes) => new Date(STARTED - minutes * MINUTE).toISOString()
const id = (number) => `01990000-0000-7000-8000-0000000${String(number).padStart(5, '0')}`
const HANAKO = { kind: 'STAFF', name: '見本 花子' }
const JIRO = { kind: 'STAFF', name: '見本 次郎' }
const SYSTEM = (name) => ({ kind: 'SYSTEM', name })
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })

function values(field, min, max) {
  const found = new Set()
  for (const part of field.split(',')) {
    const [range, step = '1'] = part.split('/')
    const [from, to = from] = range === '*' ? [min, max] : range.split('-').map(Number)
    if (!(from >= min && to <= max && Number(step) > 0)) return undefined
    for (let value = from; value <= to; value += Number(step)) found.add(value)
  }
  return found
}

/** The next five, by a walk through the days of a wall clock that is never put forward or back. */
function nextOf(expression, zone, after = Date.now()) {
  const fields = (expression === '@daily' ? '0 0 * * *' : expression).trim().split(/\s+/)
  const read = fields.length === 5 ? [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]].map(([min, max], place) => values(fields[place], min, max)) : []
  if (fields.length !== 5) return problem('expression', 'field_count', `項目が${fields.length}個あります。「分 時 日 月 曜日」の5個を空白で区切って入力してください。`)
  if (read.includes(undefined)) return problem('expression', 'unreadable', '式を読み取れません。「30 2 * * *」のように、数字と記号(* , - /)で入力してください。')
  if (!(zone in OFFSETS)) return problem('zone', 'unknown_zone', 'このタイムゾーンはありません。「Asia/Tokyo」のように入力してください。')
  const [minutes, hours, days, months, weekdays] = read
  const shift = OFFSETS[zone] * 60 * MINUTE
  const next = []
  const wall = new Date(after + shift)
  for (let day = 0; day < 800 && next.length < 5; day += 1) {
    const date = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + day))
    const weekday = date.getUTCDay()
    if (!days.has(date.getUTCDate()) || !months.has(date.getUTCMonth() + 1) || !(weekdays.has(weekday) || (weekday === 0 && weekdays.has(7)))) continue
    for (let minute = 0; minute < 1440 && next.length < 5; minute += 1) {
      const at = date.getTime() + minute * MINUTE - shift
      if (at > after && hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60)) next.push(new Date(at).toISOString())
    }
  }
  return { __typename: 'SchedulePreview', next }
}

const jobs = []
function job(number, parts) {
  const made = {
    id: id(9000 + number), command: 'verify-log', schedule: null, dueAt: null, late: false, requestedBy: SYSTEM('scheduler'), createdAt: ago(10), state: 'DONE', runAt: ago(10),
    attempt: 1, progressDone: 0, progressTotal: null, cancelRequested: false, error: null, result: null, finishedAt: null, node: 'sengen-1:4711', history: [], ...parts,
  }
  jobs.push(made)
  return made
}

const firing = (dueMinutesAgo, ofJob, more = {}) => ({ __typename: 'ScheduleFiring', dueAt: ago(dueMinutesAgo), firedAt: ago(dueMinutesAgo - 0.1), late: false, makesUpFor: 0, job: ofJob, ...more })
const defined = (minutesAgo, expression, zone = 'Asia/Tokyo', by = HANAKO) => ({ kind: 'DEFINED', at: ago(minutesAgo), by, expression, zone })

const schedules = []
function schedule(number, parts) {
  const made = {
    id: id(number), zone: 'Asia/Tokyo', command: 'verify-log', misfire: 'ONCE', misfireAtMost: null, notAfter: null, notAfterDate: null, notAfterTime: null, jitter: 0, enabled: true,
    state: 'ACTIVE', version: String(100 + number), entries: [], changes: [defined(60 * 24 * 40, parts.expression, parts.zone)], ...parts,
  }
  schedules.push(made)
  return made
}

const DAY = 24 * 60
function fill() {
  const nightly = schedule(1, { name: '台帳の検証（毎晩）', expression: '30 2 * * *' })
  const weekly = schedule(2, { name: 'リマインドメールの送信', expression: '0 9 * * 1-5', command: 'send-reminders', misfire: 'ALL', misfireAtMost: 100, jitter: 300, state: 'PAUSED' })
  schedule(3, { name: '海外拠点向けの検証', expression: '0 18 1 * *', zone: 'America/New_York', misfire: 'SKIP' })
  const over = schedule(4, { name: '移行期間の検証', expression: '*/15 9-17 * * 1-5', state: 'OVER', notAfter: ago(DAY * 3), notAfterDate: ago(DAY * 3).slice(0, 10), notAfterTime: '18:00' })
  schedule(5, { name: '年度始めの点検', expression: '0 0 1 4 *', state: 'DISABLED', enabled: false })
  schedule(6, { name: '!conflict 取り合いのスケジュール', expression: '5,20,35,50 8-19 * * 1,3,5' })
  const of = ({ id: ofId, name }) => ({ id: ofId, name })
  const running = job(1, { schedule: of(nightly), dueAt: ago(1), createdAt: ago(1), runAt: ago(1), state: 'RUNNING', progressDone: 1200, progressTotal: 40_000 })
  const waiting = job(2, { createdAt: ago(0.5), requestedBy: HANAKO, state: 'READY', attempt: 0, node: null, runAt: new Date(STARTED + 30 * MINUTE).toISOString() })
  const again = job(3, { command: 'send-reminders', schedule: of(weekly), dueAt: ago(70), createdAt: ago(70), state: 'READY', attempt: 2, runAt: new Date(STARTED + 8 * MINUTE).toISOString(), error: said('the relay smtp.example.jp:587 refused the connection') })
  const dead = job(4, {
    command: 'send-reminders', schedule: of(weekly), dueAt: ago(DAY + 90), createdAt: ago(DAY + 90), state: 'DEAD', attempt: 5, finishedAt: ago(DAY), error: said('the relay smtp.example.jp:587 answered 454 4.7.0 TLS not available due to local problem; no message was handed over'),
    history: [{ kind: 'GIVEN_UP', at: ago(DAY), by: SYSTEM('sengen-1'), attempt: 5, result: said('the relay smtp.example.jp:587 answered 454 4.7.0 TLS not available due to local problem') }, { kind: 'RESUMED', at: ago(DAY + 30), by: HANAKO }],
  })
  const stopped = job(5, { requestedBy: JIRO, createdAt: ago(DAY + 300), state: 'CANCELLED', finishedAt: ago(DAY + 295), progressDone: 8000, progressTotal: 39_800, cancelRequested: true, history: [{ kind: 'STOPPED', at: ago(DAY + 295), by: SYSTEM('sengen-1'), attempt: 1 }, { kind: 'CANCEL_REQUESTED', at: ago(DAY + 296), by: JIRO }] })
  const dones = Array.from({ length: 130 }, (_, index) =>
    job(10 + index, {
      schedule: of(nightly), dueAt: ago((index + 2) * DAY), createdAt: ago((index + 2) * DAY), runAt: ago((index + 2) * DAY), late: index === 3, finishedAt: ago((index + 2) * DAY - 4), progressDone: 39_000 - index, progressTotal: 39_000 - index,
      result: index === 6 ? said('38994 events checked, 2 breaches', 'LOG_BREACHED', { CHECKED: 38_994, BREACHES: 2 }) : said(`${39_000 - index} events checked, 0 breaches`, 'LOG_INTACT', { CHECKED: 39_000 - index }), history: [{ kind: 'DONE', at: ago((index + 2) * DAY - 4), by: SYSTEM('sengen-1'), attempt: 1 }],
    }),
  )
  nightly.entries = [firing(1, running), ...dones.map((done, index) => firing((index + 2) * DAY, done, index === 3 ? { late: true, makesUpFor: 2, firedAt: ago((index + 2) * DAY - 95) } : {}))]
  nightly.changes = [{ kind: 'RUN_REQUESTED', at: ago(0.5), by: HANAKO, jobId: waiting.id }, { kind: 'CHANGED', at: ago(DAY * 20), by: JIRO, expression: '30 2 * * *', zone: 'Asia/Tokyo' }, defined(DAY * 140, '0 3 * * *', 'Asia/Tokyo', SYSTEM('setup'))]
  weekly.entries = [firing(70, again), firing(DAY + 90, dead), { __typename: 'ScheduleMiss', count: 3, firstDueAt: ago(DAY * 4), lastDueAt: ago(DAY * 2), why: 'POLICY' }]
  weekly.changes = [{ kind: 'PAUSED', at: ago(60), by: HANAKO }, ...weekly.changes]
  over.entries = [{ __typename: 'ScheduleMiss', count: 1, firstDueAt: ago(DAY * 3), lastDueAt: ago(DAY * 3), why: 'NOT_AFTER' }, firing(DAY * 4, stopped)]
}
fill()

/** It gets on while it is looked at, and is done after a while. */
function live() {
  for (const item of jobs.filter(({ state }) => state === 'RUNNING')) {
    item.progressDone = Math.min(item.progressTotal, item.progressDone + 700)
    if (item.cancelRequested) Object.assign(item, { state: 'CANCELLED', finishedAt: new Date().toISOString() })
    else if (item.progressDone === item.progressTotal) Object.assign(item, { state: 'DONE', finishedAt: new Date().toISOString(), history: [{ kind: 'DONE', at: new Date().toISOString(), by: SYSTEM('sengen-1'), attempt: item.attempt }, ...item.history], result: said(`${item.progressTotal} events checked, 0 breaches`, 'LOG_INTACT', { CHECKED: item.progressTotal }) })
  }
}

const view = (item) => ({
  ...item,
  next: item.state === 'ACTIVE' ? (nextOf(item.expression, item.zone).next ?? []) : [],
  last: item.entries[0] ?? null,
  history: ({ first, before }) => {
    const older = item.entries.filter((entry) => !before || (entry.dueAt ?? entry.lastDueAt) < before)
    const entries = older.slice(0, first)
    const last = entries.at(-1)
    return { entries, nextBefore: older.length > first ? (last.dueAt ?? last.firstDueAt) : null }
  },
})

function check(fields, self) {
  const looked = nextOf(fields.expression, fields.zone)
  if (looked.__typename === 'InvalidInput') return looked
  if (fields.notAfterDate && fields.notAfterDate < new Date().toISOString().slice(0, 10)) return problem('notAfterDate', 'in_the_past', '終了日時が過ぎています。これからの日時を入力するか、空欄にしてください。')
  if (schedules.some((item) => item !== self && item.state !== 'REMOVED' && item.name === fields.name)) return problem('name', 'taken', '同じ名称のスケジュールがあります。別の名称を入力してください。')
  return undefined
}

function write(item, fields) {
  const { notAfterDate, notAfterTime, ...rest } = fields
  const end = notAfterDate ? { notAfterDate, notAfterTime: notAfterTime || '24:00', notAfter: `${notAfterDate}T09:00:00Z` } : { notAfterDate: null, notAfterTime: null, notAfter: null }
  Object.assign(item, { misfireAtMost: null }, rest, end, { state: fields.enabled ? 'ACTIVE' : 'DISABLED', version: String(Number(item.version) + 1) })
}

function conflictOf(item, expectedVersion) {
  return item.version === expectedVersion ? undefined : { __typename: 'ScheduleConflict', schedule: view(item), at: item.changes[0].at, by: item.changes[0].by }
}

export function operationSchedules(reader, MockFault) {
  const raced = new Set()
  const touch = (change) => ({ input }, context) => {
    const by = { kind: 'STAFF', name: reader(context, 'MANAGE_SCHEDULES').name }
    const item = schedules.find((one) => one.id === input.id)
    if (!item) return { __typename: 'NotFound', id: input.id }
    const conflict = conflictOf(item, input.expectedVersion)
    if (conflict) return conflict
    const { kind, jobId = null, ...parts } = change(item, by)
    Object.assign(item, parts, { version: String(Number(item.version) + 1), changes: [{ kind, at: new Date().toISOString(), by, jobId }, ...item.changes] })
    return { __typename: 'ScheduleChanged', schedule: view(item), jobId }
  }
  const touchJob = (allowed, change) => ({ input }, context) => {
    const by = { kind: 'STAFF', name: reader(context, 'MANAGE_SCHEDULES').name }
    const item = jobs.find((one) => one.id === input.id)
    if (!item) return { __typename: 'NotFound', id: input.id }
    if (!allowed.includes(item.state)) return { __typename: 'JobOtherState', job: item }
    const { kind, ...parts } = change(item)
    Object.assign(item, parts, { history: [{ kind, at: new Date().toISOString(), by }, ...item.history] })
    return { __typename: 'JobTouched', job: item }
  }
  return {
    schedules: (_, context) => {
      reader(context, 'READ_OPERATIONS')
      return { commands: COMMANDS, nodes: schedules.filter((item) => item.state !== 'REMOVED').toSorted((a, b) => a.name.localeCompare(b.name, 'ja')).map(view) }
    },
    schedule: ({ id: wanted }, context) => {
      reader(context, 'READ_OPERATIONS')
      const found = schedules.find((item) => item.id === wanted)
      return found ? view(found) : null
    },
    schedulePreview: ({ expression, zone }, context) => {
      reader(context, 'READ_OPERATIONS')
      return nextOf(expression, zone)
    },
    jobs: ({ state, first, after }, context) => {
      reader(context, 'READ_OPERATIONS')
      live()
      const chosen = jobs.filter((item) => !state || item.state === state)
      const start = after ? chosen.findIndex((item) => item.id === after) + 1 : 0
      const nodes = chosen.slice(start, start + first)
      return { __typename: 'JobConnection', nodes, pageInfo: { hasNextPage: start + first < chosen.length, endCursor: nodes.at(-1)?.id ?? null } }
    },
    job: ({ id: wanted }, context) => {
      reader(context, 'READ_OPERATIONS')
      live()
      return jobs.find((item) => item.id === wanted) ?? null
    },
    jobCounts: (_, context) => {
      reader(context, 'READ_OPERATIONS')
      return Object.entries(Object.groupBy ? Object.groupBy(jobs, ({ state }) => state) : jobs.reduce((sum, { state }) => ({ ...sum, [state]: [...(sum[state] ?? []), state] }), {})).map(([state, of]) => ({ state, count: of.length }))
    },
    defineSchedule: ({ input }, context) => {
      const { name } = reader(context, 'MANAGE_SCHEDULES')
      if (input.schedule.name.startsWith('!error')) throw new MockFault('INTERNAL')
      const wrong = check(input.schedule)
      if (wrong) return wrong
      const made = schedule(100 + schedules.length, { name: '', expression: input.schedule.expression, zone: input.schedule.zone })
      write(made, input.schedule)
      made.changes = [{ kind: 'DEFINED', at: new Date().toISOString(), by: { kind: 'STAFF', name }, expression: made.expression, zone: made.zone }]
      return { __typename: 'ScheduleDefined', id: made.id, version: made.version }
    },
    changeSchedule: ({ input }, context) => {
      const { name } = reader(context, 'MANAGE_SCHEDULES')
      const item = schedules.find((one) => one.id === input.id)
      if (!item) return { __typename: 'NotFound', id: input.id }
      if (item.name.startsWith('!conflict') && !raced.has(item.id)) {
        raced.add(item.id)
        Object.assign(item, { expression: '0 8 * * *', version: String(Number(item.version) + 1), changes: [{ kind: 'CHANGED', at: new Date().toISOString(), by: JIRO, expression: '0 8 * * *', zone: item.zone }, ...item.changes] })
      }
      const refused = conflictOf(item, input.expectedVersion) ?? check(input.schedule, item)
      if (refused) return refused
      write(item, input.schedule)
      item.changes = [{ kind: 'CHANGED', at: new Date().toISOString(), by: { kind: 'STAFF', name }, expression: item.expression, zone: item.zone }, ...item.changes]
      return { __typename: 'ScheduleChanged', schedule: view(item), jobId: null }
    },
    pauseSchedule: touch(() => ({ kind: 'PAUSED', state: 'PAUSED' })),
    resumeSchedule: touch(() => ({ kind: 'RESUMED', state: 'ACTIVE' })),
    removeSchedule: touch(() => ({ kind: 'REMOVED', state: 'REMOVED' })),
    runScheduleNow: touch((item, by) => {
      const at = new Date().toISOString()
      const made = job(500 + jobs.length, { command: item.command, schedule: { id: item.id, name: item.name }, requestedBy: by, createdAt: at, runAt: new Date(0).toISOString(), state: 'RUNNING', progressTotal: 4_000 })
      jobs.unshift(jobs.pop())
      return { kind: 'RUN_REQUESTED', jobId: made.id }
    }),
    cancelJob: touchJob(['READY', 'RUNNING'], (item) =>
      item.state === 'RUNNING' ? { kind: 'CANCEL_REQUESTED', cancelRequested: true } : { kind: 'CANCEL_REQUESTED', cancelRequested: true, state: 'CANCELLED', finishedAt: new Date().toISOString() },
    ),
    resumeJob: touchJob(['DEAD', 'CANCELLED'], () => ({ kind: 'RESUMED', state: 'READY', cancelRequested: false, finishedAt: null, attempt: 0, error: null, runAt: new Date().toISOString() })),
  }
}
