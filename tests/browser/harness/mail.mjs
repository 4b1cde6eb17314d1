// Mail for tests: real ones by way of the test mail, and answers about mails in states that no test can bring about.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { said } from './answers.mjs'

const SEND = 'mutation ($input: SendTestMailInput!) { sendTestMail(input: $input) { __typename ... on TestMailQueued { mail { id } } ... on InvalidInput { problems { message } } } }'
const LOOK = 'query ($id: ID!) { mail(id: $id) { state attempt } }'
const SETTLES_WITHIN_MS = 20_000

/** Queues a mail and answers its id once it has been tried. */
export async function sendTest(office, to) {
  const cookie = await office.cookieOf('registrar')
  const { data } = await office.ask(SEND, { input: { commandId: crypto.randomUUID(), to } }, cookie)
  if (data.sendTestMail.__typename !== 'TestMailQueued') throw new Error(JSON.stringify(data))
  const { id } = data.sendTestMail.mail
  const until = Date.now() + SETTLES_WITHIN_MS
  while (['QUEUED', 'CLAIMED'].includes((await office.ask(LOOK, { id }, cookie)).data.mail.state)) {
    if (Date.now() > until) throw new Error(`the mail to ${to} was not tried within ${SETTLES_WITHIN_MS} ms`)
    await setTimeout(100)
  }
  return id
}

/** The token behind the newest link of a kind (`invitation`, `password`, `account/mail`) that was mailed to an address. */
export async function mailedToken(office, address, kind) {
  const folder = join(office.folder, 'data/mail')
  const until = Date.now() + SETTLES_WITHIN_MS
  while (Date.now() < until) {
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'))
    for (const name of files.toSorted().reverse()) {
      const raw = await readFile(join(folder, name), 'utf8')
      if (!raw.includes(address)) continue
      const [head, ...body] = raw.split(/\r?\n\r?\n/)
      const text = /base64/i.test(head) ? Buffer.from(body.join(''), 'base64').toString() : body.join('\n').replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')
      const found = new RegExp(`/${kind}#([\\w-]{43})`).exec(text)
      if (found) return found[1]
    }
    await setTimeout(50)
  }
  throw new Error(`no ${kind} was mailed to ${address}`)
}

const HEADING = { __typename: 'MailHeading', address: 'taro@example.jp', name: '見本 太郎', subject: '自己宣言の受付のお知らせ' }
const REPLIES = {
  IN_DOUBT: ['in_doubt', said('the relay mail.example.jp:587 did not answer to the message within 10 minutes', 'RELAY_NO_ANSWER')],
  PARKED: ['unbuildable', said('the header From cannot be written: the sender office has no address', 'UNBUILDABLE')],
  ACCEPTED: ['accepted', said('250 2.0.0 Ok: queued as 4bXk2M1YzqzF5')],
}

/** Answers as if the ledger had mails in this state; whoever decides about one was too late. `heading`: of all of them. */
export function mailsOf(state, heading = HEADING) {
  const [outcome, reply] = REPLIES[state]
  const mail = (id) => ({
    __typename: 'Mail', id, state, changedAt: '2026-11-20T01:10:00Z', nextTryAt: null, attempt: 1, outcome, reply, class: 'ADMINISTRATIVE', sender: 'office', queuedAt: '2026-11-20T01:00:00Z',
    declaration: null, heading,
  })
  const whole = {
    ...mail('one'), notAfter: null, attempts: [{ attempt: 1, beganAt: '2026-11-20T01:00:00Z', endedAt: '2026-11-20T01:10:00Z', outcome, reply, node: 'sengen-1' }],
    history: [
      { kind: 'CAME_BACK', at: '2026-11-20T02:00:00Z', by: { kind: 'SYSTEM', name: 'mailer' }, returned: 'DELAY', status: '4.4.1' },
      { kind: 'QUEUED', at: '2026-11-20T01:00:00Z', by: { kind: 'STAFF', name: '見本 花子' }, returned: null, status: null },
    ],
  }
  const words = { __typename: 'MailWords', text: '見本 太郎 様\n\n自己宣言を受け付けました。', raw: state === 'PARKED' ? null : 'Message-ID: <one@example.jp>\r\n', problem: state === 'PARKED' ? reply : null, messageId: '<one@example.jp>' }
  const decided = { __typename: 'MailsDecided', results: [{ id: 'one', decided: false, mail: { ...mail('one'), state: 'ACCEPTED' } }] }
  const json = (data) => ({ json: { data } })
  return {
    MailList: json({ mails: { __typename: 'MailConnection', nodes: [mail('one'), mail('two')], pageInfo: { hasNextPage: false, endCursor: null } } }),
    MailPulse: json({ mailCounts: [{ state: 'IN_DOUBT', count: 2 }, { state: 'PARKED', count: 1 }, { state: 'ACCEPTED', count: 1234 }], mails: { __typename: 'MailConnection', nodes: [mail('one'), mail('two')] } }),
    OneMail: json({ mail: whole }),
    MailStandingOf: json({ mail: mail('one') }),
    MailWordsOf: json({ mail: { id: 'one', words } }),
    DecideMails: json({ decideMails: decided }),
  }
}
