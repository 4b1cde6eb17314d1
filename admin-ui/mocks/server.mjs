// A made-up backend for working on the console without the binary: GraphQL on /graphql, and dist/ under the real security policy.
// Sign in as `mihon`, `approver`, `auditor`, `registrar`, `viewer` or `nobody-personal` with any password of 15 characters or more. Sentinels: docs in README.md beside this file.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { buildSchema, graphql } from 'graphql'
import { operationApprovals } from './operations-approvals.mjs'
import { auditOperations } from './operations-audit.mjs'
import { serveDeskFile } from './operations-desk.mjs'
import { factor, operationCredentials } from './operations-credentials.mjs'
import { commandOperations } from './operations-commands.mjs'
import { figureOperations } from './operations-figures.mjs'
import { inquiryOperations } from './operations-inquiries.mjs'
import { mailOperations } from './operations-mail.mjs'
import { operationSchedules } from './operations-schedules.mjs'
import { operationStaff } from './operations-staff.mjs'
import { operationTokens } from './operations-tokens.mjs'
import { operationViews } from './operations-views.mjs'
import { command, correct, declarations, forget, interfere, list, PREFECTURES, read } from './register.mjs'

const ROOT = new URL('..', import.meta.url).pathname
const PORT = Number(process.env.PORT ?? 8090)
const schema = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'))

const ALL = ['READ_DECLARATIONS', 'READ_PERSONAL', 'CORRECT_DECLARATION', 'DECLARE', 'CHANGE_CONTACT', 'RECORD_DIAGNOSIS', 'RECORD_POLICY', 'CHANGE_STAR', 'STOP_DECLARATION', 'PUBLISH_DECLARATION', 'MANAGE_LOGO', 'FLAG_DECLARATION', 'WRITE_NOTE', 'UNDO_CHANGE', 'LINK_NUMBERS', 'HAND_OVER', 'MERGE_DECLARATIONS', 'LOOK_UP_NUMBER', 'CHANGE_MANY', 'SHARE_VIEWS', 'READ_OPERATIONS', 'MANAGE_SCHEDULES', 'MANAGE_MAIL', 'MANAGE_CALENDAR', 'READ_STAFF', 'MANAGE_STAFF', 'FORGET_PERSON', 'READ_APPROVALS', 'BYPASS_APPROVAL', 'READ_AUDIT', 'MANAGE_API_TOKENS', 'CHECK_STATUS', 'READ_INQUIRIES', 'MANAGE_INQUIRIES', 'MANAGE_ARTICLES']
const STAFF = {
  mihon: { name: '見本 花子', role: 'ADMINISTRATOR', permissions: ALL },
  registrar: { name: '登録 四郎', role: 'REGISTRAR', permissions: ALL.filter((right) => !['MANAGE_SCHEDULES', 'READ_STAFF', 'MANAGE_STAFF', 'FORGET_PERSON', 'READ_APPROVALS', 'BYPASS_APPROVAL', 'READ_AUDIT', 'MANAGE_API_TOKENS'].includes(right)) },
  approver: { name: '承認 承子', role: 'APPROVER', permissions: ['READ_DECLARATIONS', 'READ_PERSONAL', 'READ_STAFF', 'READ_APPROVALS', 'APPROVE'] },
  auditor: { name: '監査 一葉', role: 'AUDITOR', permissions: ['READ_DECLARATIONS', 'READ_OPERATIONS', 'READ_STAFF', 'READ_APPROVALS', 'READ_AUDIT', 'READ_INQUIRIES'] },
  viewer: { name: '閲覧 次郎', role: 'VIEWER', permissions: ['READ_DECLARATIONS', 'READ_PERSONAL', 'READ_OPERATIONS', 'READ_STAFF'] },
  'nobody-personal': { name: '統計 三郎', role: 'VIEWER', permissions: ['READ_DECLARATIONS', 'READ_OPERATIONS'] },
  'nobody-operations': { name: '窓口 五郎', role: 'VIEWER', permissions: ['READ_DECLARATIONS'] },
}
const sessions = new Map()
const INVITATION = 'mock-invitation-token'

const sessionOf = (login) => ({
  __typename: 'Session', staff: { id: `staff:${login}`, login, name: STAFF[login].name, roles: [STAFF[login].role] }, permissions: STAFF[login].permissions,
  expiresAt: new Date(Date.now() + 12 * 3600_000).toISOString(), ...factor,
})

class MockFault extends Error {
  constructor(code, extra = {}) {
    super(code)
    this.extensions = { code, requestId: '01990000-0000-7000-8000-00000000beef', ...extra }
  }
}

function reader(context, permission) {
  const login = context.login
  if (!login) throw new MockFault('UNAUTHENTICATED')
  const { permissions, name } = STAFF[login]
  if (!permissions.includes(permission)) throw new MockFault('FORBIDDEN', { permission })
  return { name, personal: permissions.includes('READ_PERSONAL') }
}

function enter(context, login) {
  const token = crypto.randomUUID()
  sessions.set(token, login)
  context.cookie = `sengen_session=${token}; Path=/; HttpOnly; SameSite=Lax`
  return sessionOf(login)
}

const audit = auditOperations(reader, declarations)

const resolvers = {
  reads: audit.reads,
  exposure: audit.exposure,
  ...mailOperations(reader, declarations),
  ...figureOperations(reader),
  ...inquiryOperations(reader, declarations, MockFault),
  session: (_, context) => (context.login ? sessionOf(context.login) : null),
  invitation: ({ token }) => (token === INVITATION ? { roles: ['ADMINISTRATOR'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() } : null),
  prefectures: () => PREFECTURES,
  declarations: async (args, context) => {
    const who = reader(context, 'READ_DECLARATIONS')
    if (args.search === '!error') throw new MockFault('INTERNAL')
    if (args.search === '!slow') await new Promise((done) => setTimeout(done, 3000))
    return list(args, who)
  },
  declaration: (args, context) => read(args, reader(context, 'READ_DECLARATIONS')),
  signIn: ({ input }, context) => {
    if (!STAFF[input.login] || input.password.length < 15) return { __typename: 'SignInRefused', retryAfterSeconds: input.password === 'wait' ? 5 : null }
    return enter(context, input.login)
  },
  signOut: (_, context) => {
    sessions.delete(context.token)
    context.cookie = 'sengen_session=; Path=/; Max-Age=0'
    return true
  },
  acceptInvitation: ({ input }, context) => {
    if (input.token !== INVITATION) return { __typename: 'InvitationRefused', message: 'この招待リンクは使えません。' }
    if (STAFF[input.login]) return { __typename: 'InvalidInput', problems: [{ field: 'login', code: 'taken', message: 'このログイン名は使われています。' }] }
    STAFF[input.login] = { name: input.name, role: 'ADMINISTRATOR', permissions: ALL }
    return enter(context, input.login)
  },
  correctDeclaration: ({ input }, context) => {
    const who = reader(context, 'CORRECT_DECLARATION')
    if (input.reason === '!error') throw new MockFault('INTERNAL')
    if (input.reason.startsWith('!conflict') && !context.raced.has(input.declarationId)) {
      context.raced.add(input.declarationId)
      interfere(input.declarationId, [{ field: input.changes[0].field, value: '9' }, { field: 'CITY', value: 'みなみみほん市' }])
    }
    return correct(input, who)
  },
  ...commandOperations(reader, command),
  ...operationSchedules(reader, MockFault),
  ...operationStaff(reader),
  ...operationTokens(reader),
  ...operationViews(reader),
  ...operationApprovals(reader, declarations, forget),
  ...operationCredentials(sessionOf),
}
const raced = new Set()

async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

const tokenOf = (request) => /sengen_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]

async function serveSheet(request, response) {
  const sheet = audit.sheet(await bodyOf(request), STAFF[sessions.get(tokenOf(request))]?.permissions)
  response.statusCode = sheet === undefined ? 403 : 200
  response.setHeader('content-type', sheet === undefined ? 'application/json' : 'text/csv; charset=utf-8')
  response.end(sheet ?? JSON.stringify({ data: null, errors: [{ message: 'x', extensions: new MockFault('FORBIDDEN').extensions }] }))
}

async function answer(request) {
  const { query, variables } = await bodyOf(request)
  const token = tokenOf(request)
  const context = { token, login: sessions.get(token), raced }
  const result = await graphql({ schema, source: query, variableValues: variables, rootValue: resolvers, contextValue: context })
  return { body: JSON.stringify(result), cookie: context.cookie }
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }

function policy() {
  const hashes = JSON.parse(readFileSync(join(ROOT, 'dist/csp-style-hashes.json'), 'utf8'))
  const styles = hashes.map((hash) => `'${hash}'`).join(' ')
  return `default-src 'none'; script-src 'self'; style-src 'self' ${styles}; img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; require-trusted-types-for 'script'; trusted-types default`
}

function serveFile(path, response) {
  const file = normalize(path).replace(/^(\.\.[/\\])+/, '')
  let body
  try {
    body = readFileSync(join(ROOT, 'dist', file === '/' ? 'index.html' : file))
  } catch {
    body = readFileSync(join(ROOT, 'dist/index.html'))
    response.setHeader('content-type', TYPES['.html'])
  }
  if (!response.hasHeader('content-type')) response.setHeader('content-type', TYPES[extname(file)] ?? TYPES['.html'])
  response.setHeader('content-security-policy', policy())
  response.end(body)
}

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/exports/exposure.csv') return void serveSheet(request, response)
  if (serveDeskFile(pathname, response)) return
  if (pathname !== '/graphql') return serveFile(pathname, response)
  answer(request).then(
    ({ body, cookie }) => {
      if (cookie) response.setHeader('set-cookie', cookie)
      response.setHeader('content-type', 'application/json')
      response.end(body)
    },
    (error) => {
      response.statusCode = 400
      response.end(String(error))
    },
  )
}).listen(PORT, '127.0.0.1', () => console.log(`mock on http://localhost:${PORT} (invitation: /invitation#${INVITATION})`))
