// A desk of inquiries that is made up, answered in the place of the server: for what needs two people, or a state that is hard to reach.
import { answer } from './answers.mjs'

export const IDS = { inquiry: '019e4ca0-0000-7000-8000-0000000000a1', other: '019e4ca0-0000-7000-8000-0000000000a2', message: '019e4ca0-0000-7000-8000-0000000000b1', declaration: '019e4ca0-0000-7000-8000-0000000000c1', second: '019e4ca0-0000-7000-8000-0000000000c2', colleague: '019e4ca0-0000-7000-8000-0000000000d1' }
const AT = '2026-11-27T01:30:00Z'
export const SUBJECT = '自己宣言IDを忘れました'
export const COLLEAGUE = '見本 次郎'

const NOTHING = { messageIds: [], until: null, resolution: null, added: [], removed: [], declarationId: null, otherId: null, charset: null, staff: [], note: null, message: null, reply: null }

export const entry = (position, kind, more = {}) => ({ position: String(position), at: AT, kind, inquiryId: IDS.inquiry, by: { kind: 'STAFF', name: COLLEAGUE }, ...NOTHING, ...more })

export function message(position, text, { files = [], hasHtml = false, id = IDS.message } = {}) {
  const words = { __typename: 'InquiryWords', senderName: '髙橋 美咲', senderAddress: 'takahashi@example.jp', replyTo: null, subject: SUBJECT, text, isCut: false, hasHtml, writtenAt: AT, files }
  return entry(position, position === 100 ? 'RECEIVED' : 'MESSAGE_ADDED', { by: { kind: 'SYSTEM', name: 'mail' }, message: { id, kind: 'HUMAN', takenAt: AT, charset: 'utf-8', attachments: files.length, isSubjectChanged: false, words } })
}

export const draft = (text, { by = COLLEAGUE, byId = IDS.colleague, state = 'OPEN' } = {}) => ({ by, byId, savedAt: AT, state, words: { __typename: 'DraftWords', to: 'takahashi@example.jp', subject: `Re: ${SUBJECT}`, text, answersId: null } })

export const inquiry = (more = {}) => ({
  id: IDS.inquiry, version: '100', status: 'OPEN', channel: 'MAIL', receivedAt: AT, lastMessageAt: AT, dueAt: '2099-01-01T00:00:00Z', isBreached: false, isMentioned: false, isSubjectChanged: false, snoozedUntil: null, closedAt: null, resolution: null, assignee: null, assigneeId: null,
  tags: ['FORGOTTEN_NUMBER'], suggestedId: null, otherIds: [], absorbedIds: [], mergedIntoId: null, refersToId: null, acknowledgementId: null, answersMailId: null, declarations: [], draft: null,
  entries: [message(100, 'IDが書かれたメールを削除してしまいました。IDを教えていただけますでしょうか。\n\n見本商店\n')], ...more,
})

export const row = (id, subject, more = {}) => ({
  id, version: '100', status: 'OPEN', channel: 'MAIL', receivedAt: AT, lastMessageAt: AT, dueAt: '2099-01-01T00:00:00Z', isBreached: false, isSubjectChanged: false, kind: 'HUMAN', attachments: 0, messages: 1, notes: 0, replies: 0, resolution: null, snoozedUntil: null, suggestedId: null,
  assignee: null, assigneeId: null, tags: [], heading: { __typename: 'InquiryHeading', senderName: '髙橋 美咲', senderAddress: 'takahashi@example.jp', subject, snippet: 'IDを教えていただけますでしょうか。' }, ...more,
})

const declaration = (id, number, name, star = 'TWO') => ({ id, number, star, state: 'ACTIVE', declaredOn: '2026-03-02', entityType: 'CORPORATION', tradeName: null, corporateNumber: '7999901000001', city: null, flags: [], changedAt: AT, prefecture: null, name: { __typename: 'OrganizationName', name, kana: null }, matched: null })

const mail = (number, state, subject) => ({ id: `019e4ca0-0000-7000-8000-0000000001${number}`, state, changedAt: AT, nextTryAt: null, attempt: 1, outcome: null, reply: null, class: 'TRANSACTIONAL', sender: 'office', queuedAt: AT, declaration: null, heading: { __typename: 'MailHeading', address: 'takahashi@example.jp', name: null, subject } })

export const article = (more = {}) => ({
  id: '019e4ca0-0000-7000-8000-0000000000e1', version: '7', category: 'FORGOTTEN_NUMBER', state: 'PUBLISHED', isEnglishOlder: false, hasUnpublishedChanges: false, reviewedOn: '2026-10-01', reviewDueOn: '2027-10-01', isReviewDue: false, publicUrl: 'https://example.jp/faq/forgotten',
  ja: { title: '自己宣言IDを忘れました。どうすれば分かりますか。', body: '宣言の完了をお知らせするメールに書かれています。', revisedAt: AT }, en: { title: 'I forgot my declaration number.', body: 'It is in the mail that told you that the declaration was made.', revisedAt: AT }, ...more,
})

export const context = (more = {}) => ({
  isComplete: false,
  declarations: [
    { isLinked: false, matchedBy: ['ADDRESS', 'NUMBER'], row: declaration(IDS.declaration, '59990000017', '株式会社見本商店') },
    { isLinked: false, matchedBy: ['NAME', 'CORPORATE_NUMBER'], row: declaration(IDS.second, '59990000025', '見本商店組合', 'ONE') },
  ],
  mails: [mail('01', 'ACCEPTED', '自己宣言の受付のお知らせ'), mail('02', 'BOUNCED', '更新のご案内')],
  answers: [{ likeness: 82, article: article() }, { likeness: 41, article: article({ id: '019e4ca0-0000-7000-8000-0000000000e2', publicUrl: null, isEnglishOlder: true, ja: { title: '旧IDは使えますか。', body: '補助金の申請には使えません。', revisedAt: AT } }) }],
  ...more,
})

export const template = (number, name, more = {}) => ({ id: `019e4ca0-0000-7000-8000-0000000002${number}`, version: '5', name, tags: [], ja: `{{相手}} 様\n\n${name}の本文です。\n`, en: null, isEnglishOlder: false, isRetired: false, revision: 1, changedAt: AT, ...more })

export const TEMPLATES = [
  template('01', '締めの文', { ja: 'よろしくお願いいたします。' }),
  template('02', 'ID照会の受付', { tags: ['FORGOTTEN_NUMBER'], en: 'Dear {{recipient}},\n' }),
  template('03', '英語が古い文', { en: 'Old words.', isEnglishOlder: true }),
]

/** What moves on by one with every change. */
const grown = (record, change) => {
  const version = String(Number(record.version) + 1)
  return { ...record, ...change(record, version), version }
}

function changed(record, { change }) {
  if (change.linkDeclaration) return grown(record, (old, version) => ({ declarations: [...old.declarations, { id: change.linkDeclaration, number: '59990000017' }], entries: [...old.entries, entry(version, 'LINKED', { declarationId: change.linkDeclaration })] }))
  return grown(record, (old, version) => ({ entries: [...old.entries, entry(version, 'TAGGED')] }))
}

function drafted(record, { change }, { id, name }) {
  const kind = { save: 'DRAFT_SAVED', discard: 'DRAFT_DISCARDED', agree: 'DRAFT_AGREED' }[Object.keys(change)[0]]
  const words = change.save && { __typename: 'DraftWords', to: change.save.to, subject: change.save.subject, text: change.save.text, answersId: change.save.answersId ?? null }
  const next = change.save ? { by: name, byId: id, savedAt: AT, state: change.save.askReview ? 'FOR_REVIEW' : 'OPEN', words } : change.agree ? { ...record.draft, state: 'AGREED' } : null
  return grown(record, (old, version) => ({ draft: next, entries: [...old.entries, entry(version, kind, { by: { kind: 'STAFF', name } })] }))
}

/**
 * From now on the page sees this desk. `me`: who looks at it. What is answered can be changed in what is handed back, and `sent` holds what
 * was asked to be done, by the name of the operation.
 */
export async function fakeDesk(page, me, { record = inquiry(), rows, templates = TEMPLATES, fourEyes = false, more = {} } = {}) {
  const desk = { record, rows: rows ?? [row(record.id, SUBJECT)], context: context(), templates, sent: {} }
  const noted = (name, run) => (variables) => {
    desk.sent[name] = [...(desk.sent[name] ?? []), variables.input ?? variables]
    return run(variables.input ?? variables)
  }
  const told = (next) => {
    desk.record = next
    return { __typename: 'InquiryChanged', inquiry: next }
  }
  const filled = ({ templateId, language }) => {
    const found = desk.templates.find(({ id }) => id === templateId)
    const text = language === 'JA' ? found.ja : found.en
    return { __typename: 'FilledTemplate', text: text.replace('{{相手}}', '髙橋 美咲').replace('{{recipient}}', 'Misaki Takahashi'), missing: text.includes('{{宣言番号}}') ? ['NUMBER'] : [] }
  }
  const over = await answer(page, {
    InquiryCounts: () => ({ inquiryCounts: [{ queue: 'MINE', count: 2, isMore: false }, { queue: 'OPEN', count: desk.rows.length, isMore: false }] }),
    Inquiries: noted('Inquiries', () => ({ inquiries: { __typename: 'InquiryConnection', nodes: desk.rows, pageInfo: { hasNextPage: false, endCursor: null }, isCurrent: true } })),
    OneInquiry: noted('OneInquiry', () => ({ inquiry: desk.record })),
    InquiryContext: noted('InquiryContext', () => ({ inquiryContext: desk.context })),
    InquirySeenDeclaration: ({ id }) => ({ declaration: { __typename: 'Declaration', id, version: '1' } }),
    DeskSettings: () => ({ deskSettings: { fourEyes, signature: '' } }),
    ReplyTemplates: () => ({ replyTemplates: desk.templates }),
    FilledTemplate: noted('FilledTemplate', (asked) => ({ filledTemplate: filled(asked) })),
    ChangeInquiry: noted('ChangeInquiry', (input) => ({ changeInquiry: told(changed(desk.record, input)) })),
    ChangeInquiryDraft: noted('ChangeInquiryDraft', (input) => ({ changeInquiryDraft: told(drafted(desk.record, input, me)) })),
    ...Object.fromEntries(Object.entries(more).map(([name, given]) => [name, typeof given === 'function' ? noted(name, given) : given])),
  })
  return Object.assign(desk, { over })
}

/** Who is signed in with this cookie. */
export async function whoIs(office, who) {
  const { data } = await office.ask('{ session { staff { id name } } }', {}, await office.cookieOf(who))
  return data.session.staff
}

/** The server's side of the socket: what is watched, and how to tell of it. */
export async function fakeSocket(page) {
  const watched = new Map()
  await page.routeWebSocket('**/graphql/socket', (socket) => {
    const send = (given) => socket.send(JSON.stringify(given))
    socket.onMessage((text) => {
      const { type, id, payload } = JSON.parse(text)
      if (type === 'connection_init') send({ type: 'connection_ack' })
      if (type === 'ping') send({ type: 'pong' })
      if (type === 'complete') watched.delete(id)
      if (type === 'subscribe') watched.set(id, { name: /subscription (\w+)/.exec(payload.query)[1], send: (data) => send({ type: 'next', id, payload: { data } }) })
    })
  })
  const of = (name) => [...watched.values()].findLast((item) => item.name === name)
  return {
    isWatched: async (name) => {
      while (!of(name)) await new Promise((done) => setTimeout(done, 50))
    },
    tell: (name, data) => of(name).send(data),
  }
}
