// Invented inquiries: each queue has some, one is overdue, one garbled, one may belong to another. The story of every change is told in its thread.
// Sentinels: an answer whose text begins with `!held` finds that something came in; a note that begins with `!moved` too, one with `!error` a fault.
import { deskOperations, shownDraft } from './operations-desk.mjs'
import { list } from './register.mjs'

const MINUTE = 60_000
const START = Date.now()
const ago = (minutes) => new Date(START - minutes * MINUTE).toISOString()
const idOf = (number) => `01992000-0000-7000-8000-${String(number).padStart(12, '0')}`
const messageId = (number) => `01992000-0000-7000-8000-1${String(number).padStart(11, '0')}`
const WITHHELD = { __typename: 'Withheld', permission: 'READ_PERSONAL' }
const MAIL = { kind: 'SYSTEM', name: 'mail' }
const HANAKO = { id: 'staff:mihon', name: '見本 花子' }
const ICHIRO = { id: '01990000-0000-7000-8000-0000000a0001', name: '見本 一郎' }
const problem = (field, code, text) => ({ __typename: 'InvalidInput', problems: [{ field, code, message: text }] })

let position = 5000
let messages = 0
const next = () => String(++position)

const STORIES = [
  { name: '髙橋 美咲', mail: 'takahashi@example.jp', subject: '自己宣言IDを忘れました', text: 'お世話になっております。見本商店の髙橋です。\n\n3月に二つ星の宣言をしたのですが、自己宣言IDが書かれたメールを削除してしまいました。補助金の申請にIDが必要で、今日の17時が締切です。\n\n会社名と電話番号は下のとおりです。IDを教えていただけますでしょうか。\n\n見本商店\n03-0000-0001\n', tags: ['FORGOTTEN_NUMBER'], minutes: 95, due: -20, who: HANAKO },
  { name: '渡邊 健一', mail: 'watanabe@example.jp', subject: '代表者の変更について', text: '代表者が変わりました。マイページから変更しようとしましたが、項目が見つかりません。\n手続きの方法を教えてください。', tags: ['CHANGE'], minutes: 300, due: 240, who: HANAKO, files: ['登記事項のお知らせ.pdf', '変更届.docx', '見積.exe'], reply: true, again: 'ご連絡ありがとうございます。\n書類を添付しましたのでご確認ください。\n\n> お問い合わせありがとうございます。\n> 代表者の変更は、添付の様式でお知らせください。\n> 自己宣言事務局\n' },
  { name: '', mail: 'info@mihon-kensetsu.example.jp', subject: '4から始まる旧IDは使えますか', text: '2020年に宣言した「4」から始まるIDがあります。今年の補助金の申請に使えるでしょうか。', tags: ['OLD_NUMBER'], minutes: 40, due: 400 },
  { name: '佐藤 文子', mail: 'sato@example.jp', subject: '宣言内容の確認', text: '繧ｻ繧ｭ繝･繝ｪ繝・ぅ蟇ｾ遲冶・蟾ｱ螳｣險', tags: [], minutes: 25, due: 420, charset: 'shift_jis', mended: 'セキュリティ対策自己宣言の内容を確認したいのですが、どこから見られますか。' },
  { name: '鈴木 大輔', mail: 'suzuki@example.jp', subject: 'Re: 基本方針の公開についてのご確認', text: '基本方針のページを直しました。ご確認ください。', tags: ['POLICY'], minutes: 15, due: 460, suggests: 2 },
  { name: '山田 さくら', mail: 'yamada@example.jp', subject: 'GビズIDでログインできません', text: 'GビズIDプライムでログインすると「種別が違います」と表示されます。', tags: ['GBIZ_ID'], minutes: 2000, who: ICHIRO, reply: true },
  { name: '中村 実', mail: 'nakamura@example.jp', subject: 'ロゴを名刺に使えますか', text: '一つ星のロゴを名刺に印刷してもよいでしょうか。', tags: ['LOGO'], minutes: 3000, who: HANAKO, status: 'SNOOZED', until: 900 },
  { name: '小林 薫', mail: 'kobayashi@example.jp', subject: '発行までの日数', text: '宣言してからIDが届くまで何日かかりますか。', tags: ['ISSUE_TIME'], minutes: 5000, who: ICHIRO, reply: true, status: 'CLOSED', resolution: 'ANSWERED' },
  { name: 'Prize Center', mail: 'win@spam.example.com', subject: 'You have been selected', text: 'Click the link now.', tags: [], minutes: 700, status: 'SPAM' },
  { name: '', mail: 'noreply@example.jp', subject: '不在のお知らせ', text: 'ただいま不在にしております。', tags: [], minutes: 180, kind: 'AUTO_REPLY' },
  { name: '髙橋 美咲', mail: 'takahashi@example.jp', subject: 'とても長い件名で、対象となる事業者の範囲と、支店や営業所が別々に宣言できるかどうか、みなし大企業にあたる場合の扱いについてまとめて伺います', text: '支店ごとに宣言できますか。', tags: ['ELIGIBILITY', 'STAR', 'GENERAL'], minutes: 1500, due: -300, changed: true },
]

const entry = (inquiryId, kind, by, more = {}, at = new Date().toISOString()) => ({
  position: next(), at, kind, inquiryId, by, messageIds: [], until: null, resolution: null, added: [], removed: [], declarationId: null, otherId: null, charset: null, staff: [], note: null, message: null, reply: null, ...more,
})

function incoming(story, text, at, more = {}) {
  messages += 1
  const files = (story.files ?? []).map((name, index) => ({ index, name, mediaType: 'application/pdf', size: 184_320, state: name.endsWith('.exe') ? 'QUARANTINED' : 'AVAILABLE' }))
  return {
    id: messageId(messages), kind: story.kind ?? 'HUMAN', takenAt: at, charset: story.charset ?? (messages % 3 === 0 ? 'iso-2022-jp' : 'utf-8'), attachments: files.length, isSubjectChanged: false,
    words: { __typename: 'InquiryWords', senderName: story.name, senderAddress: story.mail, replyTo: null, subject: story.subject, text, isCut: false, hasHtml: messages % 2 === 1, files, writtenAt: at }, ...more,
  }
}

const mailOf = (number, at, story, text, state = 'ACCEPTED', nextTryAt = null) => ({
  id: `01993000-0000-7000-8000-${String(number).padStart(12, '0')}`, state, changedAt: at, nextTryAt, queuedAt: at, notAfter: null, attempt: 1, attempts: [], history: [], class: 'TRANSACTIONAL', sender: 'office',
  heading: { __typename: 'MailHeading', address: story.mail, name: null, subject: `Re: ${story.subject}` }, words: { __typename: 'MailWords', text, raw: null, problem: null, messageId: null },
})

const ANSWER = 'お問い合わせありがとうございます。自己宣言事務局です。\n\nご質問の件は、次のページでご案内しています。\nhttps://example.jp/sengen/faq\n\n自己宣言事務局\n'
let mails = 0

function make(story, index, declarations) {
  const id = idOf(index + 1)
  const at = ago(story.minutes)
  const came = (minutes) => new Date(Date.parse(at) + minutes * MINUTE).toISOString()
  const entries = [entry(id, 'RECEIVED', MAIL, { message: incoming(story, story.text, at) }, at)]
  const staff = (who) => ({ kind: 'STAFF', name: who.name })
  if (story.who) entries.push(entry(id, 'ASSIGNED', staff(story.who), { staff: [story.who.name] }, came(5)))
  if (index < 2) entries.push(entry(id, 'NOTED', staff(ICHIRO), { note: { __typename: 'OpenText', text: '電話でも同じ問い合わせあり。本人の確認は済んでいます。\nIDの照会をお願いします。' }, staff: [HANAKO.name] }, came(9)))
  if (story.reply) entries.push(entry(id, 'REPLIED', staff(story.who), { reply: mailOf(++mails, came(20), story, ANSWER), messageIds: [entries[0].message.id] }, came(20)))
  if (story.again) entries.push(entry(id, 'MESSAGE_ADDED', MAIL, { message: incoming(story, story.again, came(60), { isSubjectChanged: false }) }, came(60)))
  if (story.changed) entries.push(entry(id, 'MESSAGE_ADDED', MAIL, { message: incoming({ ...story, subject: '別件です' }, '別件で、ロゴについても教えてください。', came(60), { isSubjectChanged: true }) }, came(60)))
  if (story.status === 'SNOOZED') entries.push(entry(id, 'SNOOZED', staff(HANAKO), { until: ago(-story.until) }, came(30)))
  if (story.status === 'CLOSED') entries.push(entry(id, 'CLOSED', staff(ICHIRO), { resolution: story.resolution }, came(90)))
  const waiting = story.reply && !story.again ? 'WAITING' : 'OPEN'
  const linked = index < 2 ? [declarations[index]] : []
  return {
    id, story, entries, status: story.status ?? waiting, tags: [...story.tags], who: story.who ?? null, resolution: story.resolution ?? null, receivedAt: at, dueMinutes: story.due, snoozedUntil: story.until ? ago(-story.until) : null,
    closedAt: story.status === 'CLOSED' ? came(90) : null, suggestedId: story.suggests ? idOf(story.suggests) : null, mergedIntoId: null, refersToId: null, absorbedIds: [], declarations: linked.map((item) => ({ id: item.id, number: item.facts.DECLARATION_NO })),
  }
}

const versionOf = (inquiry) => inquiry.entries.at(-1).position
const dueOf = (inquiry) => (inquiry.status === 'OPEN' && inquiry.dueMinutes !== undefined ? ago(-inquiry.dueMinutes) : null)
const lastOf = (inquiry) => inquiry.entries.findLast((item) => item.message || item.reply).at
const newestOf = (inquiry) => inquiry.entries.findLast((item) => item.message).message

function shared(inquiry) {
  const dueAt = dueOf(inquiry)
  return {
    id: inquiry.id, version: versionOf(inquiry), status: inquiry.status, channel: 'MAIL', receivedAt: inquiry.receivedAt, lastMessageAt: lastOf(inquiry), dueAt, isBreached: dueAt !== null && Date.parse(dueAt) < Date.now(), isSubjectChanged: newestOf(inquiry).isSubjectChanged, isMentioned: inquiry.isCalled ?? false,
    snoozedUntil: inquiry.snoozedUntil, closedAt: inquiry.closedAt, resolution: inquiry.resolution, assignee: inquiry.who?.name ?? null, assigneeId: inquiry.who?.id ?? null, tags: inquiry.tags, suggestedId: inquiry.suggestedId,
  }
}

function rowOf(inquiry, personal) {
  const { words, kind } = newestOf(inquiry)
  const count = (has) => inquiry.entries.filter(has).length
  const heading = { __typename: 'InquiryHeading', senderName: words.senderName, senderAddress: words.senderAddress, subject: words.subject, snippet: words.text.replaceAll(/\s+/g, ' ').slice(0, 120) }
  return { ...shared(inquiry), kind, attachments: newestOf(inquiry).attachments, messages: count((item) => item.message), notes: count((item) => item.note), replies: count((item) => item.reply), heading: personal ? heading : WITHHELD }
}

const shownEntry = (item, personal) =>
  personal ? item : { ...item, note: item.note && WITHHELD, message: item.message && { ...item.message, words: WITHHELD }, reply: item.reply && { ...item.reply, heading: WITHHELD, words: WITHHELD } }

const IN = {
  ALL: ({ status }) => status !== 'SPAM' && status !== 'MERGED',
  MINE: ({ status, who }, me) => status === 'OPEN' && who?.id === me,
  MENTIONED: ({ isCalled }) => isCalled ?? false,
  UNASSIGNED: ({ status, who }) => status === 'OPEN' && !who,
  OPEN: ({ status }) => status === 'OPEN',
  WAITING: ({ status }) => status === 'WAITING',
  SNOOZED: ({ status }) => status === 'SNOOZED',
  BREACHED: (inquiry) => dueOf(inquiry) !== null && Date.parse(dueOf(inquiry)) < Date.now(),
  CLOSED: ({ status }) => status === 'CLOSED',
  SPAM: ({ status }) => status === 'SPAM',
}

/** What each change of the API does here; a text is why it is refused. */
const CHANGES = {
  assign: (inquiry, { assigneeId }, by, people) => {
    inquiry.who = assigneeId ? people.find((person) => person.id === assigneeId) : null
    return entry(inquiry.id, 'ASSIGNED', by, { staff: inquiry.who ? [inquiry.who.name] : [] })
  },
  // Whoever looks is asked: the mock has one reader.
  note: (inquiry, { text, mentionedIds }, by, people) => {
    if (mentionedIds.length > 0) inquiry.isCalled = true
    return entry(inquiry.id, 'NOTED', by, { note: { __typename: 'OpenText', text }, staff: people.filter(({ id }) => mentionedIds.includes(id)).map(({ name }) => name) })
  },
  seeMention: (inquiry, _, by) => {
    inquiry.isCalled = false
    return entry(inquiry.id, 'MENTION_SEEN', by)
  },
  snooze: (inquiry, { until }, by) => {
    if (Date.parse(until) < Date.now()) return problem('until', 'in_past', 'これから先の日時を入力してください。')
    Object.assign(inquiry, { status: 'SNOOZED', snoozedUntil: until })
    return entry(inquiry.id, 'SNOOZED', by, { until })
  },
  wake: (inquiry, _, by) => {
    Object.assign(inquiry, { status: 'OPEN', snoozedUntil: null })
    return entry(inquiry.id, 'WOKEN', by)
  },
  close: (inquiry, { resolution }, by) => {
    if (resolution === 'ANSWERED' && !inquiry.entries.some((item) => item.reply)) return problem('resolution', 'not_replied', '返信がまだありません。ほかの完了の理由を選んでください。')
    Object.assign(inquiry, { status: 'CLOSED', resolution, closedAt: new Date().toISOString() })
    return entry(inquiry.id, 'CLOSED', by, { resolution })
  },
  reopen: (inquiry, _, by) => {
    Object.assign(inquiry, { status: 'OPEN', resolution: null, closedAt: null })
    return entry(inquiry.id, 'REOPENED', by)
  },
  tag: (inquiry, { add, remove }, by) => {
    if (add.length + remove.length === 0) return problem('id', 'no_change', '変更がありません。')
    inquiry.tags = [...inquiry.tags.filter((tag) => !remove.includes(tag)), ...add]
    return entry(inquiry.id, 'TAGGED', by, { added: add, removed: remove })
  },
  spam: (inquiry, isSpam, by) => {
    inquiry.status = isSpam ? 'SPAM' : 'OPEN'
    return entry(inquiry.id, isSpam ? 'SPAM_MARKED' : 'SPAM_CLEARED', by)
  },
  linkDeclaration: (inquiry, id, by, _, declarations) => {
    const found = declarations.find((item) => item.id === id)
    inquiry.declarations.push({ id, number: found.facts.DECLARATION_NO })
    return entry(inquiry.id, 'LINKED', by, { declarationId: id })
  },
  unlinkDeclaration: (inquiry, id, by) => {
    inquiry.declarations = inquiry.declarations.filter((item) => item.id !== id)
    return entry(inquiry.id, 'UNLINKED', by, { declarationId: id })
  },
}

/** All inquiries of this run, and what reads and changes them. */
function openDesk(reader, declarations) {
  const inquiries = STORIES.map((story, index) => make(story, index, declarations))
  const find = (id) => inquiries.find((item) => item.id === id)
  const me = (context) => `staff:${context.login}`
  const people = (context, name) => [{ id: me(context), name }, HANAKO, ICHIRO]
  const told = (inquiry, personal) => ({
    ...shared(inquiry), draft: shownDraft(inquiry.draft, personal), acknowledgementId: null, answersMailId: null, mergedIntoId: inquiry.mergedIntoId, refersToId: inquiry.refersToId, absorbedIds: inquiry.absorbedIds, declarations: inquiry.declarations,
    otherIds: inquiries.filter((item) => item !== inquiry && item.status !== 'MERGED' && item.story.mail === inquiry.story.mail).map(({ id }) => id), entries: inquiry.entries.map((item) => shownEntry(item, personal)),
  })
  const raced = new Set()
  const comes = (inquiry) => {
    raced.add(inquiry.id)
    inquiry.entries.push(entry(inquiry.id, 'MESSAGE_ADDED', MAIL, { message: incoming(inquiry.story, '追伸です。先ほどの件は、電話番号が変わっています。新しい番号は03-0000-0009です。', new Date().toISOString()) }))
  }
  const isSince = (item, seen) => BigInt(item.position) > BigInt(seen) && (item.message || item.reply)
  /** Does something, unless there is no such inquiry or it has moved. */
  const act = (input, context, marker, run) => {
    const { name, personal } = reader(context, 'MANAGE_INQUIRIES')
    const inquiry = find(input.id)
    if (!inquiry) return { __typename: 'NotFound', id: input.id }
    if (marker && !raced.has(inquiry.id)) comes(inquiry)
    const since = inquiry.entries.filter((item) => isSince(item, input.expectedVersion)).map((item) => item.position)
    if (since.length > 0) return { __typename: 'moved', since, inquiry: told(inquiry, personal) }
    return run(inquiry, { kind: 'STAFF', name }, personal)
  }
  const outcome = (result, typename = 'InquiryMoved') => (result.__typename === 'moved' ? { ...result, __typename: typename, message: '新しい動きがありました。', declarationIds: [] } : result)
  const changed = (inquiry, personal) => ({ __typename: 'InquiryChanged', inquiry: told(inquiry, personal) })

  const changeOf = (inquiry, change, by, context) => {
    const [[kind, value]] = Object.entries(change)
    return CHANGES[kind](inquiry, value, by, people(context, by.name), declarations)
  }
  const rows = (who) => list({ first: 3 }, who).nodes
  return { reader, declarations, inquiries, find, me, people, told, act, outcome, changed, changeOf, rows, entryBy: entry }
}

const queriesOf = ({ reader, inquiries, find, me, told }, MockFault) => ({
  inquiryCounts: (_, context) => {
    reader(context, 'READ_INQUIRIES')
    return Object.entries(IN).map(([queue, is]) => ({ queue, count: inquiries.filter((item) => is(item, me(context))).length, isMore: false }))
  },
  inquiries: async ({ queue, filter, sort, first, after }, context) => {
    const { personal } = reader(context, 'READ_INQUIRIES')
    if (filter?.search === '!error') throw new MockFault('INTERNAL')
    if (filter?.search === '!slow') await new Promise((done) => setTimeout(done, 3000))
    const words = filter?.search?.trim()
    const has = ({ story }) => !words || [story.name, story.mail, story.subject, story.text].some((text) => text.includes(words))
    const found = inquiries.filter((item) => IN[queue](item, me(context)) && has(item) && (!filter?.tag || item.tags.includes(filter.tag)) && (!filter?.assigneeId || item.who?.id === filter.assigneeId))
    const key = sort === 'DUE' ? (item) => Date.parse(dueOf(item) ?? '9999-01-01') : (item) => -Date.parse(lastOf(item))
    const sorted = found.toSorted((one, other) => key(one) - key(other))
    const from = after ? Number(after) : 0
    return { __typename: 'InquiryConnection', nodes: sorted.slice(from, from + first).map((item) => rowOf(item, personal)), isCurrent: true, pageInfo: { hasNextPage: from + first < sorted.length, endCursor: String(from + first) } }
  },
  inquiry: ({ id }, context) => {
    const { personal } = reader(context, 'READ_INQUIRIES')
    const inquiry = find(id)
    return inquiry ? told(inquiry, personal) : null
  },
})

const mutationsOf = ({ reader, declarations, inquiries, find, people, told, act, outcome, changed }, MockFault) => ({
  changeInquiry: ({ input }, context) => {
    const [[kind, value]] = Object.entries(input.change)
    if (kind === 'note' && value.text.startsWith('!error')) throw new MockFault('INTERNAL')
    return outcome(act(input, context, kind === 'note' && value.text.startsWith('!moved'), (inquiry, by, personal) => {
      const happened = CHANGES[kind](inquiry, value, by, people(context, by.name), declarations)
      if (happened.__typename) return happened
      inquiry.entries.push(happened)
      return changed(inquiry, personal)
    }))
  },
  replyToInquiry: ({ input }, context) =>
    outcome(act(input, context, input.text.startsWith('!held'), (inquiry, by, personal) => {
      if (input.to && !input.to.includes('@')) return problem('to', 'address_unreadable', 'メールアドレスとして読み取れません。')
      const goes = input.sendAt ?? new Date(Date.now() + 10_000).toISOString()
      const sent = mailOf(++mails, new Date().toISOString(), { ...inquiry.story, subject: input.subject.replace(/^Re: /, '') }, input.text, 'QUEUED', goes)
      setTimeout(() => sent.state === 'QUEUED' && Object.assign(sent, { state: 'ACCEPTED', nextTryAt: null }), Date.parse(goes) - Date.now()).unref()
      inquiry.entries.push(entry(inquiry.id, 'REPLIED', by, { reply: sent, messageIds: [newestOf(inquiry).id] }))
      inquiry.draft = null
      inquiry.status = 'WAITING'
      if (input.closes) inquiry.entries.push(CHANGES.close(inquiry, { resolution: 'ANSWERED' }, by))
      return { __typename: 'InquiryReplied', inquiry: told(inquiry, personal) }
    }), 'ReplyHeld'),
  withdrawReply: ({ input }, context) =>
    outcome(act(input, context, false, (inquiry, by, personal) => {
      const sent = inquiry.entries.find((item) => item.reply?.id === input.mailId)?.reply
      if (sent?.state !== 'QUEUED') return problem('mailId', 'mail_gone', 'すでに送信されているため、取り消せません。')
      sent.state = 'CANCELLED'
      inquiry.status = 'OPEN'
      inquiry.entries.push(entry(inquiry.id, 'REPLY_WITHDRAWN', by))
      return changed(inquiry, personal)
    })),
  mergeInquiries: ({ input }, context) =>
    outcome(act(input, context, false, (inquiry, by, personal) => {
      const into = find(input.intoId)
      if (!into || into === inquiry) return problem('into', 'itself', '同じ問い合わせどうしは統合できません。')
      Object.assign(inquiry, { status: 'MERGED', mergedIntoId: into.id })
      into.absorbedIds.push(inquiry.id)
      into.entries = [...into.entries, ...inquiry.entries].toSorted((one, other) => one.at.localeCompare(other.at))
      into.entries.push(entry(into.id, 'ABSORBED', by, { otherId: inquiry.id }))
      inquiry.entries = [...inquiry.entries, entry(inquiry.id, 'MERGED', by, { otherId: into.id })]
      return changed(into, personal)
    })),
  splitInquiry: ({ input }, context) =>
    outcome(act(input, context, false, (inquiry, by, personal) => {
      const goes = inquiry.entries.filter((item) => item.message && input.messageIds.includes(item.message.id))
      if (goes.length === inquiry.entries.filter((item) => item.message).length) return problem('messages', 'all_messages', 'すべてのメールを分けることはできません。1通以上を残してください。')
      const made = { ...make(inquiry.story, inquiries.length, declarations), declarations: [], entries: [], refersToId: inquiry.id, status: 'OPEN' }
      made.entries = goes.map((item) => ({ ...item, inquiryId: made.id, kind: 'RECEIVED' }))
      inquiry.entries = [...inquiry.entries.filter((item) => !goes.includes(item)), entry(inquiry.id, 'SPLIT', by, { otherId: made.id, messageIds: input.messageIds })]
      inquiries.push(made)
      return changed(made, personal)
    })),
  previewCharset: async ({ inquiryId, charset }, context) => {
    reader(context, 'MANAGE_INQUIRIES')
    await new Promise((done) => setTimeout(done, 200))
    const inquiry = find(inquiryId)
    if (!inquiry) return { __typename: 'NotFound', id: inquiryId }
    const { words } = newestOf(inquiry)
    const mended = inquiry.story.mended && charset === 'utf-8'
    return { __typename: 'CharsetPreview', subject: words.subject, text: mended ? inquiry.story.mended : words.text }
  },
  chooseCharset: ({ input }, context) =>
    outcome(act(input, context, false, (inquiry, by, personal) => {
      const read = inquiry.entries.find((item) => item.message?.id === input.messageId).message
      if (inquiry.story.mended && input.charset === 'utf-8') read.words.text = inquiry.story.mended
      read.charset = input.charset
      inquiry.entries.push(entry(inquiry.id, 'CHARSET_CHOSEN', by, { charset: input.charset, messageIds: [read.id] }))
      return changed(inquiry, personal)
    })),
})

export function inquiryOperations(reader, declarations, MockFault) {
  const desk = openDesk(reader, declarations)
  const mutations = mutationsOf(desk, MockFault)
  return { ...queriesOf(desk, MockFault), ...mutations, ...deskOperations({ ...desk, reply: mutations.replyToInquiry }) }
}
