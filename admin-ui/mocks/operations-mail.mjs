// Invented mail: every state, a report that came back, one whose recipient was forgotten; decisions, test mails and suppressions change it.
import { said } from './said.mjs'

const WITHHELD = { __typename: 'Withheld', permission: 'READ_PERSONAL' }
const FORGOTTEN = { __typename: 'Forgotten' }
const SYSTEM = { kind: 'SYSTEM', name: 'mailer' }
const HANAKO = { kind: 'STAFF', name: '見本 花子' }
const MINUTE = 60_000
const START = Date.now()
const ago = (minutes) => new Date(START - minutes * MINUTE).toISOString()
const idOf = (number) => `01991000-0000-7000-8000-${String(number).padStart(12, '0')}`

const SUBJECTS = ['自己宣言の受付のお知らせ', '基本方針の公開についてのご確認', '【重要】システムメンテナンスのお知らせ', 'お問い合わせへの回答', '宣言内容の変更を受け付けました']
const NAMES = ['見本 太郎', null, '髙橋 美咲', '渡邊 健一']
const CLASSES = ['TRANSACTIONAL', 'ADMINISTRATIVE', 'ADMINISTRATIVE', 'TRANSACTIONAL', 'OPTIONAL']
/** What became of them, in turn: most have simply been sent. */
const LIVES = [
  'QUEUED', 'CLAIMED', 'IN_DOUBT', 'DEFERRED', 'ACCEPTED', 'PARKED', 'ACCEPTED', 'BOUNCED', 'SUPPRESSED', 'CANCELLED', 'ACCEPTED', 'IN_DOUBT', 'DEFERRED', 'ACCEPTED', 'CAME_BACK',
  'DELAYED', 'ACCEPTED', 'FORGOTTEN', 'ACCEPTED', 'ACCEPTED',
]
const ANSWERS = {
  ACCEPTED: ['accepted', said('250 2.0.0 Ok: queued as 4bXk2M1YzqzF5')],
  CAME_BACK: ['came_back', said('5.1.1')],
  DELAYED: ['accepted', said('250 2.0.0 Ok: queued as 4bXk7P0QqLzF8')],
  FORGOTTEN: ['accepted', said('250 2.0.0 Ok: queued as 4bXjTz66x1zF2')],
  DEFERRED: ['deferred', said('451 4.7.1 to RCPT; Greylisting in action, please come back later')],
  BOUNCED: ['refused', said('550 5.1.1 to RCPT; User unknown in virtual mailbox table')],
  IN_DOUBT: ['in_doubt', said('the relay mail.example.jp:587 did not answer to the message within 10 minutes', 'RELAY_NO_ANSWER')],
  PARKED: ['unbuildable', said('the header From cannot be written: the sender office has no address', 'UNBUILDABLE')],
  SUPPRESSED: [null, null],
  CANCELLED: ['cancel', null],
  QUEUED: [null, null],
  CLAIMED: [null, null],
}
const TRIED = { ACCEPTED: 1, CAME_BACK: 1, DELAYED: 2, FORGOTTEN: 1, DEFERRED: 3, BOUNCED: 1, IN_DOUBT: 1, PARKED: 1 }
const STATE = { CAME_BACK: 'BOUNCED', DELAYED: 'ACCEPTED', FORGOTTEN: 'ACCEPTED' }

function attemptsOf(life, queued) {
  return Array.from({ length: TRIED[life] ?? 0 }, (_, index) => {
    const began = queued + index * 15 * MINUTE + 1_200
    const [outcome, reply] = ANSWERS[life]
    const earlier = life === 'DELAYED' && index === 0
    return {
      attempt: index + 1, beganAt: new Date(began).toISOString(), endedAt: new Date(began + (life === 'IN_DOUBT' ? 10 * MINUTE : 840)).toISOString(),
      outcome: earlier ? 'connection_failed' : life === 'CAME_BACK' ? 'accepted' : outcome,
      reply: earlier ? said('mail.example.jp:587 could not be connected to: connection refused', 'RELAY_UNREACHABLE') : life === 'CAME_BACK' ? said('250 2.0.0 Ok: queued as 4bXj90') : reply, node: 'sengen-1/4711',
    }
  })
}

function makeMail(index, declarations) {
  const life = LIVES[index % LIVES.length]
  const queued = START - (index * 37 + (index < 2 ? 0 : 20)) * MINUTE
  const attempts = attemptsOf(life, queued)
  const declaration = index % 6 === 5 ? null : declarations[(index * 7) % declarations.length]
  const [outcome, reply] = ANSWERS[life]
  const at = (minutes) => new Date(queued + minutes * MINUTE).toISOString()
  const history = [{ kind: 'QUEUED', at: at(0), by: SYSTEM, returned: null, status: null }]
  if (life === 'CANCELLED') history.unshift({ kind: 'CANCELLED', at: at(9), by: HANAKO, returned: null, status: null })
  if (life === 'CAME_BACK') history.unshift({ kind: 'CAME_BACK', at: at(31), by: SYSTEM, returned: 'HARD', status: '5.1.1' })
  if (life === 'DELAYED') history.unshift({ kind: 'CAME_BACK', at: at(250), by: SYSTEM, returned: 'DELAY', status: '4.4.1' })
  return {
    id: idOf(index + 1), class: CLASSES[index % CLASSES.length], sender: 'office', state: STATE[life] ?? life, queuedAt: at(0), changedAt: history[0].kind === 'QUEUED' ? (attempts.at(-1)?.endedAt ?? at(0)) : history[0].at,
    nextTryAt: life === 'DEFERRED' ? new Date(START + 22 * MINUTE).toISOString() : life === 'QUEUED' ? at(0) : null, notAfter: index % 5 === 2 ? at(3 * 24 * 60) : null, attempt: attempts.length, outcome, reply,
    declaration: declaration && { id: declaration.id, number: declaration.facts.DECLARATION_NO }, organizationId: declaration?.organizationId ?? null, forgotten: life === 'FORGOTTEN',
    address: `info${index}@example.jp`, name: NAMES[index % NAMES.length], subject: SUBJECTS[index % SUBJECTS.length], attempts, history, broken: life === 'PARKED',
  }
}

const TEXT = (mail) => `${mail.name ? `${mail.name} 様` : 'ご担当者様'}\n\nお世話になっております。自己宣言事務局です。\n${mail.subject}をお送りします。\n\n内容は次のページでご確認いただけます。\nhttps://example.jp/sengen\n\n--\n自己宣言事務局\noffice@example.jp\n`

const rawOf = (mail) => `Date: ${new Date(mail.queuedAt).toUTCString()}\r\nFrom: =?UTF-8?B?${Buffer.from('自己宣言事務局').toString('base64')}?= <office@example.jp>\r\nTo: ${mail.address}\r\nSubject: =?UTF-8?B?${Buffer.from(mail.subject).toString('base64')}?=\r\nMessage-ID: <${mail.id}@example.jp>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(TEXT(mail)).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`

const ALLOWED = { TREAT_AS_SENT: ['IN_DOUBT'], SEND_AGAIN: ['IN_DOUBT', 'PARKED'], TRY_NOW: ['QUEUED', 'DEFERRED'], CANCEL: ['QUEUED', 'DEFERRED', 'PARKED'] }
const BECOMES = { TREAT_AS_SENT: 'ACCEPTED', SEND_AGAIN: 'QUEUED', TRY_NOW: 'QUEUED', CANCEL: 'CANCELLED' }
const TOLD = { TREAT_AS_SENT: 'TREATED_AS_SENT', SEND_AGAIN: 'SENT_AGAIN', TRY_NOW: 'TRIED_NOW', CANCEL: 'CANCELLED' }

const invalid = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })
const badAddress = (field, text) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : invalid(field, 'address_unreadable', 'メールアドレスの形になっていません。'))
const now = () => new Date().toISOString()

function change(mail, state, outcome, reply) {
  Object.assign(mail, { state, outcome, reply, changedAt: now(), nextTryAt: state === 'QUEUED' ? now() : null })
}

/** Sends what is queued, as the real one does a moment later. */
function sendLater(mail) {
  setTimeout(() => mail.state === 'QUEUED' && change(mail, 'CLAIMED', mail.outcome, mail.reply), 1_500)
  setTimeout(() => {
    if (mail.state !== 'CLAIMED') return
    const beganAt = new Date(Date.now() - 900).toISOString()
    mail.attempt += 1
    const bad = mail.address.startsWith('later')
    const [outcome, reply] = bad ? ['connection_failed', said('127.0.0.1:1 could not be connected to: connection refused', 'RELAY_UNREACHABLE')] : ['accepted', said(`data/mail/${mail.id}.eml`)]
    mail.attempts.push({ attempt: mail.attempt, beganAt, endedAt: now(), outcome, reply, node: 'sengen-1/4711' })
    change(mail, bad ? 'DEFERRED' : 'ACCEPTED', outcome, reply)
    if (bad) mail.nextTryAt = new Date(Date.now() + 5 * MINUTE).toISOString()
  }, 4_000)
}

function makeSuppressions() {
  const REASONS = ['OPT_OUT', 'UNREACHABLE', 'COMPLAINT', 'STAFF']
  return Array.from({ length: 9 }, (_, index) => ({
    id: idOf(900 + index), address: `stop${index}@example.com`, forgotten: index === 5, class: index % 3 === 0 ? 'OPTIONAL' : index % 4 === 1 ? 'PROMOTIONAL' : null, reason: REASONS[index % 4], since: ago(60 * 24 * (index + 1)),
    until: index === 3 ? new Date(START + 90 * 24 * 60 * MINUTE).toISOString() : index === 7 ? ago(60) : null, by: index % 4 === 1 ? SYSTEM : HANAKO,
  }))
}

/** `reader(context, permission)` as the mock server has it; `declarations` of the invented register. */
export function mailOperations(reader, declarations) {
  const mails = Array.from({ length: 130 }, (_, index) => makeMail(index, declarations))
  let suppressions = makeSuppressions()
  const show = (mail, who) => ({
    ...mail,
    heading: mail.forgotten ? FORGOTTEN : who.personal ? { __typename: 'MailHeading', address: mail.address, name: mail.name, subject: mail.subject } : WITHHELD,
    words: () => {
      if (mail.forgotten) return FORGOTTEN
      if (!who.personal) return WITHHELD
      return { __typename: 'MailWords', text: TEXT(mail), raw: mail.broken ? null : rawOf(mail), problem: mail.broken ? mail.reply : null, messageId: `<${mail.id}@example.jp>` }
    },
  })
  const showSuppression = (one, who) => ({ ...one, address: one.forgotten ? FORGOTTEN : who.personal ? { __typename: 'SuppressedAddress', address: one.address } : WITHHELD })
  const page = (all, first, after, typename) => {
    const from = after ? all.findIndex((item) => item.id === after) + 1 : 0
    const nodes = all.slice(from, from + first)
    return { __typename: typename, nodes, pageInfo: { hasNextPage: from + first < all.length, endCursor: nodes.at(-1)?.id ?? null } }
  }
  const passes = (mail, { states, address, number }) => {
    const organization = number ? declarations.find((item) => item.facts.DECLARATION_NO === number)?.organizationId : undefined
    return (!states || states.includes(mail.state)) && (!address || mail.address === address.toLowerCase()) && (!number || (organization !== undefined && mail.organizationId === organization))
  }
  return {
    mails: ({ filter, first, after }, context) => {
      const who = reader(context, 'READ_OPERATIONS')
      const bad = filter?.address ? badAddress('address', filter.address) : null
      return bad ?? page(mails.filter((mail) => passes(mail, filter ?? {})).map((mail) => show(mail, who)), first, after, 'MailConnection')
    },
    mail: ({ id }, context) => {
      const who = reader(context, 'READ_OPERATIONS')
      const mail = mails.find((item) => item.id === id)
      return mail ? show(mail, who) : null
    },
    mailCounts: (_, context) => {
      reader(context, 'READ_OPERATIONS')
      return [...new Set(mails.map((mail) => mail.state))].map((state) => ({ state, count: mails.filter((mail) => mail.state === state).length }))
    },
    mailSetup: (_, context) => {
      reader(context, 'READ_OPERATIONS')
      return { transport: 'files in data/mail', leaves: false, senders: [{ key: 'office', address: 'office@example.jp', name: '自己宣言事務局' }, { key: 'support', address: 'support@example.jp', name: null }] }
    },
    suppressions: ({ address, first, after }, context) => {
      const who = reader(context, 'READ_OPERATIONS')
      const bad = address ? badAddress('address', address) : null
      return bad ?? page(suppressions.filter((one) => !address || one.address === address).map((one) => showSuppression(one, who)), first, after, 'SuppressionConnection')
    },
    decideMails: ({ input }, context) => {
      const who = reader(context, 'MANAGE_MAIL')
      const results = input.ids.map((id) => {
        const mail = mails.find((item) => item.id === id)
        const decided = mail !== undefined && ALLOWED[input.verdict].includes(mail.state)
        if (decided) {
          change(mail, BECOMES[input.verdict], input.verdict.toLowerCase(), null)
          mail.history.unshift({ kind: TOLD[input.verdict], at: now(), by: { kind: 'STAFF', name: who.name }, returned: null, status: null })
          if (mail.state === 'QUEUED' && !mail.broken) sendLater(mail)
        }
        return { id, decided, mail: mail ? show(mail, who) : null }
      })
      return { __typename: 'MailsDecided', results }
    },
    sendTestMail: ({ input }, context) => {
      const who = reader(context, 'MANAGE_MAIL')
      const bad = badAddress('to', input.to)
      if (bad) return bad
      const mail = { ...makeMail(0, declarations), id: idOf(5_000 + mails.length), queuedAt: now(), changedAt: now(), nextTryAt: now(), declaration: null, organizationId: null, address: input.to, name: null, subject: 'Sengen: テスト送信', attempts: [], attempt: 0, history: [] }
      mails.unshift(mail)
      sendLater(mail)
      return { __typename: 'TestMailQueued', mail: show(mail, who) }
    },
    suppressAddress: ({ input }, context) => {
      const who = reader(context, 'MANAGE_MAIL')
      const bad = badAddress('address', input.address)
      if (bad) return bad
      const one = { id: idOf(8_000 + suppressions.length), address: input.address, forgotten: false, class: input.class ?? null, reason: 'STAFF', since: now(), until: input.until ? `${input.until}T15:00:00Z` : null, by: { kind: 'STAFF', name: who.name } }
      suppressions = [one, ...suppressions]
      return { __typename: 'AddressSuppressed', suppression: showSuppression(one, who) }
    },
    liftSuppression: ({ input }, context) => {
      reader(context, 'MANAGE_MAIL')
      if (!suppressions.some((one) => one.id === input.id)) return { __typename: 'NotFound', id: input.id }
      suppressions = suppressions.filter((one) => one.id !== input.id)
      return { __typename: 'SuppressionLifted', id: input.id }
    },
  }
}
