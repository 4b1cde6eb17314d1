// The mock's state: reads at any moment, and corrections with conflicts. Answers have the shapes of schema.graphql.
import { makeRegister, PREFECTURES } from './data.mjs'
import { findFolded, fold } from './fold.mjs'

const { declarations, events } = makeRegister()
const byId = new Map(declarations.map((declaration) => [declaration.id, declaration]))
const FACT_EVENTS = new Set(['REGISTERED', 'MADE', 'CORRECTED', 'STOPPED', 'CONTACT_CHANGED', 'PERSON_FORGOTTEN', 'REINSTATED', 'STEPPED_UP', 'STEPPED_DOWN', 'DIAGNOSIS_RECORDED', 'POLICY_RECORDED', 'POLICY_WITHDRAWN', 'PUBLISHED', 'UNPUBLISHED', 'LOGO_SUSPENDED', 'LOGO_RESTORED'])
const PERSONAL = { representative: ['REPRESENTATIVE_TITLE', 'REPRESENTATIVE_NAME'], contact: ['CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_EMAIL', 'CONTACT_PHONE'] }
const FORGOTTEN = { __typename: 'Forgotten', subject: '01990000-0000-7000-8000-0000000dead0' }
const WITHHELD = { __typename: 'Withheld', permission: 'READ_PERSONAL' }
const commands = new Map()

const eventsOf = (id) => events.filter((event) => event.id === id)
const head = () => String(events.length)
const prefectureOf = (name) => PREFECTURES.find((item) => item.name === name) ?? null
const ENTITIES = { 法人: 'CORPORATION', 個人事業主: 'SOLE_TRADER', その他団体: 'OTHER_BODY' }

/** The normal form of a typed text; null when it cannot be read. */
function valueOf(field, typed) {
  const narrow = typed.normalize('NFKC')
  if (field === 'EMPLOYEES') return /\d+/.exec(narrow.replaceAll(',', ''))?.[0] ?? null
  if (field === 'CAPITAL_YEN') {
    const digits = /\d+/.exec(narrow.replaceAll(',', ''))?.[0]
    return digits ? String(Number(digits) * (narrow.includes('万') ? 10_000 : 1)) : null
  }
  if (field === 'CORPORATE_NUMBER' || field === 'DECLARATION_NO' || field === 'POSTAL_CODE') return narrow.replaceAll(/\D/g, '')
  if (field === 'POLICY_URL') return /^https?:/.test(typed) ? typed : null
  return typed
}

const fieldText = (field, typed) => (typed ? { typed, value: valueOf(field, typed) } : null)

/** Undoes what was not yet so at that moment: facts are stored as they are today, changes carry the old values. */
function factsAt(declaration, asOf, upTo) {
  const facts = { ...declaration.facts }
  for (const event of eventsOf(declaration.id).toReversed()) {
    const later = (asOf && event.effectiveAt > asOf) || (upTo && event.position > Number(upTo))
    if (later) for (const change of event.changes) facts[change.field] = change.old ?? ''
  }
  return facts
}

function stateAt(declaration, asOf, upTo) {
  if (declaration.stopped !== undefined) {
    const { stopped } = declaration
    const isPlan = stopped?.on > new Date().toISOString().slice(0, 10)
    return { state: stopped && !isPlan ? 'STOPPED' : 'ACTIVE', stop: isPlan ? null : stopped, plannedStop: isPlan ? stopped : null }
  }
  const stop = eventsOf(declaration.id).find((event) => event.kind === 'STOPPED' && (!asOf || !event.stop.on || event.effectiveAt <= asOf) && (!upTo || event.position <= Number(upTo)))
  return { state: stop ? 'STOPPED' : declaration.superseded ? 'SUPERSEDED' : 'ACTIVE', stop: stop?.stop ?? null, plannedStop: null }
}

function nameOf({ facts: today, forgotten }, reader, facts = today) {
  if (facts.ENTITY_TYPE !== '個人事業主') return { __typename: 'OrganizationName', name: facts.NAME, kana: facts.NAME_KANA || null }
  if (forgotten?.includes('SOLE_TRADER')) return FORGOTTEN
  return reader.personal ? { __typename: 'PersonName', name: facts.NAME, kana: facts.NAME_KANA || null } : WITHHELD
}

function row(declaration, reader, matched = null) {
  const { facts } = declaration
  return {
    __typename: 'DeclarationRow', id: declaration.id, number: facts.DECLARATION_NO, star: facts.STAR === '2' ? 'TWO' : 'ONE', state: stateAt(declaration).state,
    declaredOn: facts.DECLARED_ON, entityType: ENTITIES[facts.ENTITY_TYPE], name: nameOf(declaration, reader), tradeName: facts.TRADE_NAME || null,
    corporateNumber: facts.CORPORATE_NUMBER || null, prefecture: prefectureOf(facts.PREFECTURE), city: facts.CITY, flags: declaration.flags,
    changedAt: eventsOf(declaration.id).at(-1).recordedAt, matched,
    industry: /^[A-T]/.test(facts.INDUSTRY ?? '') ? { __typename: 'Industry', code: facts.INDUSTRY[0], name: facts.INDUSTRY } : null,
    size: Number.parseInt(valueOf('EMPLOYEES', facts.EMPLOYEES ?? '') ?? '', 10) > 20 ? 'SME' : 'MICRO', pledge: 'UNKNOWN', provenance: 'IMPORT', published: true,
    policy: facts.POLICY_URL ? 'WEB' : 'NONE', contact: facts.CONTACT_EMAIL ? 'ADDRESS' : 'NONE', stoppedOn: stateAt(declaration).stop?.on ?? null,
  }
}

function match(declaration, search, reader) {
  const { facts } = declaration
  const needle = fold(search)
  const digits = search.normalize('NFKC').replaceAll(/[\s-]/g, '')
  const closed = facts.ENTITY_TYPE === '個人事業主' && (!reader.personal || declaration.forgotten?.includes('SOLE_TRADER'))
  for (const field of closed ? ['TRADE_NAME'] : ['NAME', 'NAME_KANA', 'TRADE_NAME']) {
    const found = findFolded(facts[field], needle)
    if (found) return { field, text: facts[field], ...found }
  }
  if (!/^\d{2,}$/.test(digits)) return null
  for (const field of ['DECLARATION_NO', 'CORPORATE_NUMBER']) {
    const start = facts[field].indexOf(digits)
    if (start >= 0) return { field, text: facts[field], start, length: digits.length, reading: digits }
  }
  return null
}

const ORDERS = {
  DECLARED_ON_DESC: (a, b) => b.declaredOn.localeCompare(a.declaredOn) || b.number.localeCompare(a.number),
  DECLARED_ON_ASC: (a, b) => a.declaredOn.localeCompare(b.declaredOn) || a.number.localeCompare(b.number),
  NUMBER_ASC: (a, b) => a.number.localeCompare(b.number),
  NUMBER_DESC: (a, b) => b.number.localeCompare(a.number),
  CHANGED_ASC: (a, b) => a.changedAt.localeCompare(b.changedAt) || a.number.localeCompare(b.number),
  CHANGED_DESC: (a, b) => b.changedAt.localeCompare(a.changedAt) || b.number.localeCompare(a.number),
}

/** What is counted beside the choices: the facet, the key of a filter, what a row has there, and the key of a count. */
const FACETS = [
  ['states', 'states', (item) => [item.state], 'state'],
  ['stars', 'stars', (item) => [item.star], 'star'],
  ['prefectures', 'prefectures', (item) => [item.prefecture?.code], 'prefecture'],
  ['flags', 'flags', (item) => item.flags, 'flag'],
  ['industries', 'industries', (item) => [item.industry?.code], 'industry'],
  ['sizes', 'sizes', (item) => [item.size], 'size'],
  ['pledges', 'pledges', (item) => [item.pledge], 'pledge'],
  ['provenances', 'provenances', (item) => [item.provenance], 'provenance'],
  ['policies', 'policies', (item) => [item.policy], 'policy'],
  ['contacts', 'contacts', (item) => [item.contact], 'contact'],
  ['published', 'published', (item) => [item.published], 'published'],
]

const inSpans = (item, filter) =>
  (!filter.city || (item.city ?? '').startsWith(filter.city)) &&
  (!filter.declaredFrom || filter.declaredFrom <= item.declaredOn) &&
  (!filter.declaredTo || item.declaredOn <= filter.declaredTo) &&
  (!filter.changedFrom || filter.changedFrom <= item.changedAt.slice(0, 10)) &&
  (!filter.changedTo || item.changedAt.slice(0, 10) <= filter.changedTo) &&
  !filter.unreachable

function passes(item, filter, except) {
  const chosen = (key) => [filter[key] ?? []].flat()
  return inSpans(item, filter) && FACETS.every(([name, key, values]) => name === except || chosen(key).length === 0 || values(item).some((value) => chosen(key).includes(value)))
}

function facetsOf(rows, filter) {
  const counted = FACETS.map(([name, , values, word]) => {
    const counts = new Map()
    for (const item of rows.filter((other) => passes(other, filter, name))) for (const value of values(item)) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
    const named = (value) => (word === 'prefecture' ? PREFECTURES.find((item) => item.code === value) : word === 'industry' ? { code: value, name: value } : value)
    return [name, [...counts].map(([value, count]) => ({ [word]: named(value), count }))]
  })
  return { ...Object.fromEntries(counted), estimated: [] }
}

export function list({ filter, search, sort, first, after }, reader) {
  if (search && search.length > 200) {
    return { __typename: 'InvalidInput', problems: [{ field: 'search', code: 'too_long', message: '検索語は200文字までにしてください。' }] }
  }
  const wanted = search?.trim()
  const all = declarations.flatMap((declaration) => {
    const found = wanted ? match(declaration, wanted, reader) : null
    return wanted && !found ? [] : [row(declaration, reader, found)]
  })
  const chosen = all.filter((item) => passes(item, filter ?? {})).toSorted(ORDERS[sort ?? 'DECLARED_ON_DESC'])
  const start = after ? chosen.findIndex((item) => item.id === after) + 1 : 0
  const nodes = chosen.slice(start, start + first)
  return {
    __typename: 'DeclarationConnection', nodes, position: head(), total: { count: chosen.length, kind: 'EXACT' },
    pageInfo: { hasNextPage: start + first < chosen.length, endCursor: nodes.at(-1)?.id ?? null },
    facets: facetsOf(all, filter ?? {}),
  }
}

const openText = (text, closed) => (text ? (closed ? WITHHELD : { __typename: 'OpenText', text }) : null)

function versionOf(id) {
  return String(eventsOf(id).findLast((event) => FACT_EVENTS.has(event.kind)).position)
}

export function read({ id, asOf, recordedUpTo }, reader) {
  const declaration = byId.get(id)
  if (!declaration) return { __typename: 'NotFound', id }
  const facts = factsAt(declaration, asOf, recordedUpTo)
  const today = declaration.facts
  const now = !asOf && !recordedUpTo
  const part = (role, names, typename, open) => {
    if (declaration.forgotten?.includes(role)) return FORGOTTEN
    return reader.personal || names === null ? { __typename: typename, ...open } : WITHHELD
  }
  const text = (field) => fieldText(field, facts[field])
  const sole = facts.ENTITY_TYPE === '個人事業主'
  const score = Number(valueOf('EMPLOYEES', facts.EMPLOYEES))
  return {
    __typename: 'Declaration', id, version: versionOf(id), now, asOf: asOf ?? new Date().toISOString().slice(0, 10), recordedUpTo: recordedUpTo ?? null,
    existed: !asOf || asOf >= facts.DECLARED_ON, number: facts.DECLARATION_NO, star: facts.STAR === '2' ? 'TWO' : 'ONE', ...stateAt(declaration, asOf, recordedUpTo),
    declaredOn: facts.DECLARED_ON, pledgeVersion: facts.PLEDGE_VERSION === '6か条' ? 'SIX_RULES' : 'FIVE_RULES', entityType: ENTITIES[facts.ENTITY_TYPE],
    published: declaration.published ?? facts.PUBLISH_CONSENT === '同意', name: nameOf(declaration, reader, facts), tradeName: text('TRADE_NAME'), corporateNumber: text('CORPORATE_NUMBER'),
    representative: part('REPRESENTATIVE', PERSONAL.representative, 'Representative', { title: text('REPRESENTATIVE_TITLE'), name: text('REPRESENTATIVE_NAME') }),
    contact: part('CONTACT', PERSONAL.contact, 'Contact', { name: text('CONTACT_NAME'), department: text('CONTACT_DEPARTMENT'), email: text('CONTACT_EMAIL'), phone: text('CONTACT_PHONE') }),
    premises: part(sole ? 'SOLE_TRADER' : undefined, sole ? [] : null, 'Premises', { postalCode: text('POSTAL_CODE'), street: text('STREET'), building: text('BUILDING') }),
    remarks: part('REMARKS', [], 'Remarks', { text: text('REMARKS') }),
    prefecture: prefectureOf(facts.PREFECTURE), prefectureText: text('PREFECTURE'), city: text('CITY'), industry: text('INDUSTRY'), employees: text('EMPLOYEES'),
    capitalYen: text('CAPITAL_YEN'), sizeClass: { class: Number.isNaN(score) ? 'UNKNOWN' : score <= 20 ? 'MICRO' : 'SME', ruleVersion: '2026-03' },
    logoAllowed: !declaration.logoSuspended, policyMedium: facts.POLICY_URL ? 'WEB' : null, diagnosisBand: null, diagnosis: null,
    diagnosisScore: text('DIAGNOSIS_SCORE'), policyUrl: text('POLICY_URL'), policyPublishedOn: text('POLICY_PUBLISHED_ON'), publishConsent: text('PUBLISH_CONSENT'),
    flags: declaration.flags, differsFromToday: now ? [] : Object.keys(facts).filter((field) => facts[field] !== today[field]),
    others: declarations.filter((other) => other !== declaration && other.organizationId === declaration.organizationId).map((other) => row(other, reader)),
    organizationId: declaration.organizationId,
    history: eventsOf(id).filter((event) => !recordedUpTo || event.position <= Number(recordedUpTo)).map((event) => ({
      ...event, position: String(event.position), command: String(event.position), reason: openText(event.reason, !reader.personal),
      changes: event.changes.map((change) => ({ field: change.field, old: openText(change.old), new: openText(change.new) })),
    })),
  }
}

function problemsOf({ kind, since, reason, changes }) {
  const problems = []
  const add = (field, code, message) => problems.push({ field, code, message })
  if (reason.trim() === '') add('reason', 'missing', '修正の理由を入力してください。')
  if (kind === 'CHANGE' && !since) add('since', 'missing', '変わった日を入力してください。')
  for (const { field, value } of changes) {
    const digits = value.normalize('NFKC').replaceAll(/\D/g, '')
    if (field === 'CORPORATE_NUMBER' && value && digits.length !== 13) add('changes.CORPORATE_NUMBER', 'length', `法人番号は13桁です(いま${digits.length}桁)。`)
    if (field === 'EMPLOYEES' && value && !/\d/.test(value.normalize('NFKC'))) add('changes.EMPLOYEES', 'unreadable', '従業員数を数として読み取れません。')
  }
  return problems
}

function conflictOf(declaration, input) {
  const newer = eventsOf(declaration.id).filter((event) => event.position > Number(input.expectedVersion) && FACT_EVENTS.has(event.kind))
  const base = factsAt(declaration, null, input.expectedVersion)
  const theirs = new Set(newer.flatMap((event) => event.changes.map((change) => change.field)))
  const mine = new Map(input.changes.map((change) => [change.field, change.value]))
  const last = newer.at(-1)
  return {
    __typename: 'Conflict', version: versionOf(declaration.id), by: last.actor, at: last.recordedAt, kind: last.kind, reason: openText(last.reason),
    fields: [...new Set([...theirs, ...mine.keys()])].map((field) => ({
      field, base: openText(base[field]), theirs: openText(declaration.facts[field]), mine: openText(mine.get(field)), changedByThem: theirs.has(field), changedByMe: mine.has(field),
    })),
  }
}

function record(declaration, input, actor) {
  const now = new Date().toISOString()
  const changes = input.changes.map(({ field, value }) => ({ field, old: declaration.facts[field], new: value }))
  for (const { field, value } of input.changes) declaration.facts[field] = value
  events.push({
    id: declaration.id, position: events.length + 1, recordedAt: now, effectiveAt: input.since ?? declaration.facts.DECLARED_ON, kind: 'CORRECTED', correctionKind: input.kind,
    since: input.since ?? null, reason: input.reason, actor, changes,
  })
}

/** For trying the conflict view: a colleague changes the same field a moment before. */
export function interfere(id, changes) {
  const declaration = byId.get(id)
  if (declaration) record(declaration, { kind: 'ERROR', reason: '届出書を再確認', changes }, { kind: 'STAFF', name: '若葉 三郎' })
}

/** A command of a record: `made` changes the record and answers its event. */
export function command(input, made) {
  const done = commands.get(input.commandId)
  if (done) return done
  const declaration = byId.get(input.declarationId)
  if (!declaration) return { __typename: 'NotFound', id: input.declarationId }
  if (versionOf(declaration.id) !== input.expectedVersion) return conflictOf(declaration, { changes: [], ...input })
  events.push({ id: declaration.id, position: events.length + 1, recordedAt: new Date().toISOString(), ...made(declaration) })
  const answer = { __typename: 'DeclarationChanged', position: head(), version: versionOf(declaration.id), declarationId: declaration.id }
  commands.set(input.commandId, answer)
  return answer
}

export function correct(input, reader) {
  const done = commands.get(input.commandId)
  if (done) return done
  const declaration = byId.get(input.declarationId)
  if (!declaration) return { __typename: 'NotFound', id: input.declarationId }
  const problems = problemsOf(input)
  if (problems.length > 0) return { __typename: 'InvalidInput', problems }
  if (versionOf(declaration.id) !== input.expectedVersion) return conflictOf(declaration, input)
  record(declaration, input, { kind: 'STAFF', name: reader.name })
  const answer = { __typename: 'DeclarationChanged', position: head(), version: head(), declarationId: declaration.id }
  commands.set(input.commandId, answer)
  return answer
}

/** Nothing about the person in that role is told any more, on any day; that it is so stands in the history. */
export function forget({ declarationId, person, reason }, actor) {
  const declaration = byId.get(declarationId)
  declaration.forgotten = [...(declaration.forgotten ?? []), person]
  const now = new Date().toISOString()
  events.push({ id: declarationId, position: events.length + 1, recordedAt: now, effectiveAt: now.slice(0, 10), kind: 'PERSON_FORGOTTEN', person, reason, actor, changes: [] })
}

export { declarations, PREFECTURES }
