// An office for one test file: a folder of its own with a part of the given register, the server over it, and accounts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programWithoutConsole, run, serve } from './program.mjs'
import { cutRegister } from './register.mjs'

export const PASSWORD = 'ながい合言葉です 春夏秋冬 1234'

/** The accounts that tests sign in with; they are made when first needed. */
export const STAFF = {
  registrar: { role: 'registrar', login: 'hanako', name: '見本 花子' },
  second: { role: 'registrar', login: 'jiro', name: '見本 次郎' },
  chief: { role: 'administrator', login: 'kanri', name: '見本 管理' },
  deputy: { role: 'administrator', login: 'daiko', name: '見本 代行' },
  approver: { role: 'approver', login: 'shonin', name: '見本 承子' },
  support: { role: 'support', login: 'madoguchi', name: '見本 窓子' },
  auditor: { role: 'auditor', login: 'kansa', name: '見本 監査' },
  viewer: { role: 'viewer', login: 'mieko', name: '見本 みえ子' },
}

const FIRST_LINK = /Sengen is at (\S+)\n[^]*invitation#(\S+)\n/
const ADDRESS = /Sengen is at (\S+)\n/

export class Office {
  #cookies = new Map()

  /**
   * @param rows how many rows of the register are imported; `register`: a text that is imported instead;
   * `extra` goes into the environment of every command; `built`: whether the program has its console.
   */
  static async open({ rows = 400, register: text = undefined, extra = {}, built = true } = {}) {
    const office = new Office()
    office.extra = extra
    office.folder = await mkdtemp(join(tmpdir(), 'sengen-browser-'))
    const register = join(office.folder, 'register.csv')
    if (text === undefined) cutRegister(register, rows)
    else await writeFile(register, text)
    office.imported = JSON.parse(await run(office.folder, ['import', 'declarations', register, '--json'], extra))
    const program = built ? undefined : await programWithoutConsole(office.folder)
    const server = await serve(office.folder, { until: FIRST_LINK, extra, program })
    office.url = server.said[1]
    office.firstToken = server.said[2]
    office.stop = server.stop
    return office
  }

  /** Starts the server again on the port that it had. */
  async restart() {
    const { stop } = await serve(this.folder, { listen: `127.0.0.1:${new URL(this.url).port}`, until: ADDRESS, extra: this.extra })
    this.stop = stop
  }

  async close() {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Hands a message over as a mail server does, beside the running server. */
  async deliver(message) {
    await run(this.folder, ['mail', 'deliver'], this.extra, message)
  }

  /** Takes an mbox, beside the running server. */
  async importMail(mbox) {
    const file = join(this.folder, 'mail.mbox')
    await writeFile(file, mbox)
    await run(this.folder, ['mail', 'import', file], this.extra)
  }

  /** The token of a fresh invitation, made beside the running server. */
  async invite(role) {
    const link = await run(this.folder, ['staff', 'invite', '--new-person', '--role', role, '--public-url', this.url], this.extra)
    return link.trim().split('#')[1]
  }

  /** One GraphQL request as a page of ours would send it. */
  async ask(query, variables = {}, cookie = undefined) {
    const headers = { 'content-type': 'application/json', origin: this.url, ...(cookie && { cookie }) }
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    const answer = await response.json()
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
    return { data: answer.data, cookie: response.headers.getSetCookie()[0]?.split(';')[0] }
  }

  /** The session cookie of a member of staff, `NAME=VALUE`. */
  async cookieOf(who) {
    if (!this.#cookies.has(who)) {
      const { role, login, name } = STAFF[who]
      const input = { token: await this.invite(role), login, name, password: PASSWORD }
      const { data, cookie } = await this.ask(ACCEPT, { input })
      if (data.acceptInvitation.__typename !== 'Session') throw new Error(JSON.stringify(data))
      this.#cookies.set(who, cookie)
    }
    return this.#cookies.get(who)
  }

  /** The id of the declaration with this number. */
  async idOf(number) {
    const { data } = await this.ask(FIND, { number }, await this.cookieOf('registrar'))
    const row = data.declarations.nodes.find((node) => node.number === number)
    if (!row) throw new Error(`no declaration ${number}`)
    return row.id
  }

  /** Corrects without the screen, on top of what is there; `correction` holds kind, since, reason and changes. */
  async correct(id, who, correction) {
    const cookie = await this.cookieOf(who)
    const { data: seen } = await this.ask(VERSION, { id }, cookie)
    const needsEvidence = correction.changes.some(({ field }) => ['NAME', 'CORPORATE_NUMBER', 'DECLARED_ON', 'REPRESENTATIVE_NAME'].includes(field))
    const noDocument = needsEvidence ? '電話で本人に確認した' : null
    const input = { commandId: crypto.randomUUID(), declarationId: id, expectedVersion: seen.declaration.version, noDocument, ...correction }
    const { data } = await this.ask(CORRECT, { input }, cookie)
    if (data.correctDeclaration.__typename !== 'DeclarationChanged') throw new Error(JSON.stringify(data))
  }
}

const VERSION = 'query ($id: ID!) { declaration(id: $id) { ... on Declaration { version } } }'
const CORRECT = `mutation ($input: CorrectDeclarationInput!) {
  correctDeclaration(input: $input) { __typename ... on InvalidInput { problems { field message } } }
}`
const ACCEPT = `mutation ($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { __typename ... on InvalidInput { problems { message } } }
}`
const FIND = `query ($number: String!) {
  declarations(search: $number, first: 10) { ... on DeclarationConnection { nodes { id number } } }
}`
