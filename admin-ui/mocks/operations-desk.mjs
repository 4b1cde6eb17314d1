// What the desk has beside threads: context, shared drafts, templates, changes of many, articles and numbers. All of it is invented.
// Sentinels: a template whose name begins with `!conflict`, or an article whose Japanese title does, meets a colleague when it is saved.

const DAY_MS = 86_400_000
const now = () => new Date().toISOString()
const dayOf = (ms) => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 10)
const WITHHELD = { __typename: 'Withheld', permission: 'READ_PERSONAL' }
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })
const idOf = (kind, number) => `0199${kind}000-0000-7000-8000-${String(number).padStart(12, '0')}`

const FIELDS = {
  RECIPIENT: ['相手', 'recipient'], ORGANIZATION: ['組織名', 'organization'], NUMBER: ['宣言番号', 'number'], STAR: ['星', 'star'], DECLARED_ON: ['宣言日', 'declared_on'], STAFF: ['担当者', 'staff'], TODAY: ['今日', 'today'],
}
const fieldNamed = (name) => Object.keys(FIELDS).find((field) => FIELDS[field].includes(name))

/** Fills what is known; the rest stays, and is told. */
function fill(text, values) {
  const missing = new Set()
  const filled = text.replaceAll(/\{\{([^{}\n]*)\}\}/g, (whole, name) => {
    const field = fieldNamed(name.trim())
    if (field && values[field]) return values[field]
    if (field) missing.add(field)
    return whole
  })
  return { text: filled, missing: [...missing] }
}

let version = 9000
const next = () => String(++version)

const TEMPLATES = [
  { name: 'ID照会の受付', tags: ['FORGOTTEN_NUMBER'], ja: '{{相手}} 様\n\nお問い合わせありがとうございます。自己宣言事務局の{{担当者}}です。\n\n{{組織名}}様の自己宣言IDは {{宣言番号}} です（{{星}}、{{宣言日}}に宣言）。\n\n自己宣言事務局\n', en: 'Dear {{recipient}},\n\nThe number of the declaration of {{organization}} is {{number}} ({{star}}).\n\n{{staff}}\n' },
  { name: 'GビズIDの種別', tags: ['GBIZ_ID'], ja: '{{相手}} 様\n\nGビズIDの種別は、GビズIDのマイページで確認できます。\n\n自己宣言事務局 {{担当者}}\n', en: 'Dear {{recipient}},\n\nPlease see My Page of gBizID.\n', isEnglishOlder: true },
  { name: '発行までの日数', tags: ['ISSUE_TIME'], ja: '{{相手}} 様\n\n自己宣言IDは、宣言の翌営業日までにメールでお送りしています。\n\n自己宣言事務局\n', en: null },
  { name: '以前の締めの文', tags: [], ja: 'よろしくお願いいたします。', en: null, isRetired: true },
]

const ARTICLES = [
  { category: 'FORGOTTEN_NUMBER', state: 'PUBLISHED', ja: ['自己宣言IDを忘れました。どうすれば分かりますか。', '自己宣言IDは、宣言の完了をお知らせするメールに書かれています。\n\nメールが見つからないときは、事務局にお問い合わせください。登録されている連絡先にお送りします。'], en: ['I forgot my declaration number. How do I find it?', 'It is in the mail that told you that the declaration was made.\n\nIf you cannot find that mail, please write to the secretariat.'], due: 120 },
  { category: 'OLD_NUMBER', state: 'PUBLISHED', ja: ['4から始まる番号は使えますか。', '4から始まる番号は旧制度のものです。補助金の申請には使えません。\n\nもう一度宣言すると、5から始まる番号が発行されます。'], en: ['Can I still use a number that begins with 4?', 'No. Please declare once more.'], older: true, ahead: true, due: -3 },
  { category: 'LOGO', state: 'DRAFT', ja: ['ロゴは名刺に使えますか。', '使えます。使い方の決まりをお守りください。'] },
  { category: 'GENERAL', state: 'RETIRED', ja: ['旧制度の説明', 'この制度は終わりました。'] },
]

const templateOf = (template, number) => ({ id: idOf(4, number + 1), version: next(), name: template.name, tags: template.tags, ja: template.ja, en: template.en, isEnglishOlder: template.isEnglishOlder ?? false, isRetired: template.isRetired ?? false, revision: 1, changedAt: new Date(Date.now() - number * 5 * DAY_MS).toISOString() })

const textOf = (words, at = now()) => words && { title: words[0], body: words[1], revisedAt: at }

function articleOf({ category, state, ja, en, older, ahead, due }, number) {
  const id = idOf(5, number + 1)
  const [first, later] = [new Date(Date.now() - 90 * DAY_MS).toISOString(), new Date(Date.now() - 10 * DAY_MS).toISOString()]
  const by = { kind: 'STAFF', name: '見本 一郎' }
  const wordsOf = (words) => words && { title: words[0], body: words[1] }
  const history = [{ position: next(), at: first, by, kind: 'SAVED', ja: { ...wordsOf(ja), body: `${ja[1].split('\n')[0]}\n\nお電話でもご案内しています。` }, en: wordsOf(en) }, { position: next(), at: later, by, kind: 'SAVED', ja: wordsOf(ja), en: wordsOf(en) }]
  if (state !== 'DRAFT') history.push({ position: next(), at: later, by, kind: 'PUBLISHED', ja: null, en: null })
  const reviewDueOn = due === undefined ? null : dayOf(Date.now() + due * DAY_MS)
  return {
    article: {
      id, version: next(), category, state, ja: textOf(ja, later), en: textOf(en, older ? first : later) ?? null, isEnglishOlder: older ?? false, hasUnpublishedChanges: ahead ?? false, reviewedOn: state === 'DRAFT' ? null : dayOf(Date.parse(later)),
      reviewDueOn, isReviewDue: (due ?? 1) < 0, publicUrl: state === 'PUBLISHED' ? `https://example.jp/faq/${number + 1}` : null,
    },
    history,
  }
}

/** What is known of an inquiry, for the fields of a template. */
function valuesOf(inquiry, declarationId, declarations, name, language) {
  const found = declarations.find((item) => item.id === declarationId)
  const of = (field) => found?.facts[field]
  return {
    RECIPIENT: inquiry.story.name, STAFF: name, TODAY: language === 'JA' ? new Date().toLocaleDateString('ja-JP') : new Date().toDateString(), ORGANIZATION: of('NAME'), NUMBER: of('DECLARATION_NO'), STAR: of('STAR') && (language === 'JA' ? '二つ星' : 'two stars'), DECLARED_ON: of('DECLARED_ON'),
  }
}

function contextOf({ find, reader, rows }, articles) {
  return ({ id }, context) => {
    const who = reader(context, 'READ_INQUIRIES')
    const inquiry = find(id)
    if (!inquiry) return null
    const [first, second, third] = rows(who)
    const linked = inquiry.declarations.map((item) => item.id)
    const found = [{ row: first, matchedBy: ['ADDRESS', 'NUMBER'] }, { row: second, matchedBy: ['NAME'] }, { row: third, matchedBy: ['CORPORATE_NUMBER'] }]
    const sent = inquiry.entries.flatMap(({ reply }) => (reply ? [reply] : []))
    return {
      declarations: found.map((item) => ({ ...item, isLinked: linked.includes(item.row.id) })), isComplete: false,
      mails: who.personal ? sent.map((mail) => ({ ...mail, outcome: null, reply: null, declaration: null })) : [],
      answers: [articles[0], articles[1]].map(({ article }, index) => ({ article, likeness: 82 - index * 21 })),
    }
  }
}

function draftChange(inquiry, change, { name, id }, entry) {
  const [[kind, value]] = Object.entries(change)
  if (kind === 'discard') inquiry.draft = null
  if (kind === 'agree') inquiry.draft.state = 'AGREED'
  if (kind === 'save') inquiry.draft = { by: name, byId: id, savedAt: now(), state: value.askReview ? 'FOR_REVIEW' : 'OPEN', words: { __typename: 'DraftWords', to: value.to, subject: value.subject, text: value.text, answersId: value.answersId ?? null } }
  return entry(inquiry.id, { save: 'DRAFT_SAVED', discard: 'DRAFT_DISCARDED', agree: 'DRAFT_AGREED' }[kind], { kind: 'STAFF', name })
}

export const shownDraft = (draft, personal) => (draft && !personal ? { ...draft, words: WITHHELD } : (draft ?? null))

/** One of a selection; what it says is the outcome. */
function changeOne(desk, item, change, context, templates) {
  const { find, act, changeOf, reply } = desk
  const told = (outcome, more = {}) => ({ id: item.id, outcome, problems: [], missing: [], ...more })
  const inquiry = find(item.id)
  if (!inquiry) return told('NOT_FOUND')
  const input = { ...item, change }
  if (change.reply) {
    const template = templates.find(({ id }) => id === change.reply.templateId)
    const language = change.reply.language
    const { text, missing } = fill(language === 'JA' ? template.ja : template.en, valuesOf(inquiry, inquiry.declarations[0]?.id, desk.declarations, '見本 花子', language))
    if (missing.length > 0) return told('MISSING_FIELD', { missing })
    const answered = reply({ input: { ...item, subject: `Re: ${inquiry.story.subject}`, text, closes: change.reply.close } }, context)
    return told(answered.__typename === 'InquiryReplied' ? 'DONE' : 'MOVED')
  }
  const result = act(input, context, false, (found, by) => {
    const happened = changeOf(found, change, by, context)
    if (happened.__typename) return happened
    found.entries.push(happened)
    return { __typename: 'InquiryChanged' }
  })
  if (result.__typename === 'moved') return told('MOVED')
  return result.__typename === 'InvalidInput' ? told('REFUSED', { problems: result.problems }) : told('DONE')
}

function templateOperations(reader, desk, templates) {
  const raced = new Set()
  return {
    replyTemplates: ({ withRetired }, context) => {
      reader(context, 'READ_INQUIRIES')
      return templates.filter((item) => withRetired || !item.isRetired).toSorted((one, other) => one.name.localeCompare(other.name, 'ja'))
    },
    filledTemplate: async ({ templateId, language, inquiryId, declarationId }, context) => {
      const { name, personal } = reader(context, 'MANAGE_INQUIRIES')
      await new Promise((done) => setTimeout(done, 200))
      const [template, inquiry] = [templates.find((item) => item.id === templateId), desk.find(inquiryId)]
      if (!template || !inquiry) return null
      return personal ? { __typename: 'FilledTemplate', ...fill(language === 'JA' ? template.ja : template.en, valuesOf(inquiry, declarationId, desk.declarations, name, language)) } : WITHHELD
    },
    saveReplyTemplate: ({ input }, context) => {
      reader(context, 'MANAGE_INQUIRIES')
      const unknown = [...`${input.ja}${input.en ?? ''}`.matchAll(/\{\{([^{}\n]*)\}\}/g)].find(([, name]) => !fieldNamed(name.trim()))
      if (unknown) return problem('ja', 'unknown_merge_field', `${unknown[0]}という差し込み項目はありません。`)
      if (!input.id) {
        const made = templateOf({ ...input, en: input.en ?? null }, templates.length)
        templates.push(made)
        return { __typename: 'ReplyTemplateSaved', template: made }
      }
      const template = templates.find((item) => item.id === input.id)
      if (!template) return { __typename: 'NotFound', id: input.id }
      if (input.name.startsWith('!conflict') && !raced.has(template.id)) {
        raced.add(template.id)
        Object.assign(template, { version: next(), name: `${template.name}（改）`, tags: ['GENERAL'] })
      }
      if (template.version !== input.expectedVersion) return { __typename: 'ReplyTemplateConflict', message: 'ほかの職員が変更しました。', current: template }
      Object.assign(template, { version: next(), name: input.name, tags: input.tags, ja: input.ja, en: input.en ?? null, isEnglishOlder: Boolean(input.en) && input.ja !== template.ja && input.en === template.en, revision: template.revision + 1, changedAt: now() })
      return { __typename: 'ReplyTemplateSaved', template }
    },
    changeReplyTemplate: ({ input }, context) => {
      reader(context, 'MANAGE_INQUIRIES')
      const template = templates.find((item) => item.id === input.id)
      if (!template) return { __typename: 'NotFound', id: input.id }
      Object.assign(template, { version: next(), isRetired: input.retire })
      return { __typename: 'ReplyTemplateSaved', template }
    },
  }
}

function articleOperations(reader, articles) {
  const raced = new Set()
  const find = (id) => articles.find(({ article }) => article.id === id)
  const happened = (found, kind, by, more = {}) => found.history.push({ position: next(), at: now(), by: { kind: 'STAFF', name: by }, kind, ja: null, en: null, ...more })
  return {
    articles: ({ filter, first, after }, context) => {
      reader(context, 'READ_INQUIRIES')
      const has = ({ article: { ja, en, category, state, isReviewDue } }) =>
        (!filter?.search || [ja.title, ja.body, en?.title ?? '', en?.body ?? ''].some((text) => text.includes(filter.search))) && (!filter?.category || category === filter.category) && (!filter?.state || state === filter.state) && (!filter?.reviewDue || isReviewDue)
      const rows = articles.filter(has).map(({ article }) => article)
      const from = after ? Number(after) : 0
      return { __typename: 'ArticleConnection', nodes: rows.slice(from, from + first), pageInfo: { hasNextPage: from + first < rows.length, endCursor: String(from + first) } }
    },
    article: ({ id }, context) => {
      reader(context, 'READ_INQUIRIES')
      return find(id) ?? null
    },
    saveArticle: ({ input }, context) => {
      const { name } = reader(context, 'MANAGE_INQUIRIES')
      const found = input.id ? find(input.id) : articleOf({ category: input.category, state: 'DRAFT', ja: [input.ja.title, input.ja.body] }, articles.length)
      if (!found) return { __typename: 'NotFound', id: input.id }
      if (!input.id) articles.push({ ...found, history: [] })
      const { article } = found
      if (input.id && input.ja.title.startsWith('!conflict') && !raced.has(article.id)) {
        raced.add(article.id)
        Object.assign(article, { version: next(), ja: { ...article.ja, title: `${article.ja.title}（改）` }, category: 'GENERAL' })
      }
      if (input.id && article.version !== input.expectedVersion) return { __typename: 'ArticleConflict', message: 'ほかの職員が変更しました。', current: article }
      const isSame = input.ja.title === article.ja.title && input.ja.body === article.ja.body
      Object.assign(article, {
        version: next(), category: input.category, ja: isSame ? article.ja : textOf([input.ja.title, input.ja.body]), en: input.en ? textOf([input.en.title, input.en.body]) : null, isEnglishOlder: false, hasUnpublishedChanges: article.state === 'PUBLISHED',
        reviewDueOn: input.reviewDueOn ?? null, isReviewDue: Boolean(input.reviewDueOn) && input.reviewDueOn <= dayOf(Date.now()),
      })
      happened(find(article.id), 'SAVED', name, { ja: { ...input.ja }, en: input.en ? { ...input.en } : null })
      return { __typename: 'ArticleSaved', article }
    },
    changeArticle: ({ input }, context) => {
      const { name } = reader(context, 'MANAGE_ARTICLES')
      const found = find(input.id)
      if (!found) return { __typename: 'NotFound', id: input.id }
      const { article } = found
      const today = dayOf(Date.now())
      if (input.change.publish) Object.assign(article, { state: 'PUBLISHED', hasUnpublishedChanges: false, reviewedOn: today, publicUrl: 'https://example.jp/faq/new' })
      if (input.change.retire) Object.assign(article, { state: 'RETIRED', publicUrl: null })
      if (input.change.reviewed) Object.assign(article, { reviewedOn: today, reviewDueOn: input.change.reviewed, isReviewDue: false })
      article.version = next()
      happened(found, input.change.publish ? 'PUBLISHED' : input.change.retire ? 'RETIRED' : 'REVIEWED', name)
      return { __typename: 'ArticleSaved', article }
    },
  }
}

const TOPICS = ['FORGOTTEN_NUMBER', 'GBIZ_ID', 'OLD_NUMBER', 'CHANGE', 'LOGO', 'ISSUE_TIME', null, 'GENERAL']

function numbers(reader) {
  return ({ from, to }, context) => {
    reader(context, 'READ_INQUIRIES')
    const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)]
    if (last < first) return problem('to', 'reversed', '終了日は開始日以後の日付にしてください。')
    if (last - first > 365 * DAY_MS) return problem('to', 'too_long', '期間は1年以内にしてください。')
    const days = Array.from({ length: (last - first) / DAY_MS + 1 }, (_, index) => {
      const at = new Date(first + index * DAY_MS)
      const isOff = at.getUTCDay() % 6 === 0
      const received = isOff ? 4 + (index % 3) : 28 + ((index * 17) % 23)
      return { day: at.toISOString().slice(0, 10), received, answered: isOff ? 0 : received + (index % 4) - 1, closed: isOff ? 0 : 24 + ((index * 11) % 27), backlog: 35 + ((index * 7) % 31) }
    })
    const sum = (key) => days.reduce((all, day) => all + day[key], 0)
    const received = sum('received')
    return {
      __typename: 'InquiryNumbers', received, answered: sum('answered'), closed: sum('closed'), reopened: Math.round(received / 40), reopenedPermille: 27, breached: Math.round(received / 90),
      firstReply: { count: received - 5, median: 95, p90: 410 }, resolution: { count: received - 40, median: 260, p90: 1450 }, byDay: days,
      byHour: Array.from({ length: 24 }, (_, hour) => ({ hour, received: Math.round((received / 60) * (hour > 8 && hour < 18 ? 5 + (hour % 3) : 0.7)) })),
      byTopic: TOPICS.map((topic, index) => ({ topic, received: Math.round(received / (index + 2.5)) })),
      byChannel: [{ channel: 'MAIL', received: received - 20 }, { channel: 'TELEPHONE', received: 15 }, { channel: 'POST', received: 5 }],
    }
  }
}

/** `desk`: the inquiries of this run; see `operations-inquiries.mjs`. */
export function deskOperations(desk) {
  const { reader } = desk
  const templates = TEMPLATES.map(templateOf)
  const articles = ARTICLES.map(articleOf)
  return {
    inquiryContext: contextOf(desk, articles),
    deskSettings: () => ({ fourEyes: process.env.FOUR_EYES === '1', signature: '見本事務局\ninfo@example.jp' }),
    changeInquiryDraft: ({ input }, context) =>
      desk.outcome(desk.act(input, context, false, (inquiry, by, personal) => {
        inquiry.entries.push(draftChange(inquiry, input.change, { name: by.name, id: desk.me(context) }, desk.entryBy))
        return desk.changed(inquiry, personal)
      })),
    changeInquiries: ({ input }, context) => ({ __typename: 'InquiriesChanged', outcomes: input.items.map((item) => changeOne(desk, item, input.change, context, templates)) }),
    inquiryNumbers: numbers(reader),
    ...templateOperations(reader, desk, templates),
    ...articleOperations(reader, articles),
  }
}

const HTML = '<!doctype html><meta charset="utf-8"><title>本文</title><body style="font-family:sans-serif"><p>お世話になっております。<b>見本商店</b>の髙橋です。</p><table border="1"><tr><th>項目</th><th>内容</th></tr><tr><td>宣言した月</td><td>3月</td></tr></table><p>マイページ（https://example.jp/mypage）</p></body>'

/** Files and HTML parts of messages; false for any other path. */
export function serveDeskFile(pathname, response) {
  if (pathname.startsWith('/inquiries/html/')) {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
    response.end(HTML)
    return true
  }
  if (!pathname.startsWith('/inquiries/files/')) return false
  // The second file of a message is one in which something was found.
  const isClean = !pathname.endsWith('/1')
  response.statusCode = isClean ? 200 : 422
  response.setHeader('content-type', isClean ? 'application/pdf' : 'application/json')
  if (isClean) response.setHeader('content-disposition', 'attachment; filename="mihon.pdf"')
  response.end(isClean ? '%PDF-1.4\n' : JSON.stringify({ errors: [{ message: 'kept back', extensions: { code: 'VALIDATION', reason: 'file_infected' } }] }))
  return true
}
