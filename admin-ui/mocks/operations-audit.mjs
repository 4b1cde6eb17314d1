// The mock's record of reads: 400 invented ones of three accounts, back over 40 days. A declaration whose number ends in 9 is found only after two empty answers.
const DAY = 86_400_000
const staffId = (number) => `01990000-0000-7000-8000-0000000a${String(number).padStart(4, '0')}`
const MAILS = Array.from({ length: 130 }, (_, index) => ({ id: `01991000-0000-7000-8000-${String(index + 1).padStart(12, '0')}` }))
const CASES = Array.from({ length: 12 }, (_, index) => ({ id: `01992000-0000-7000-8000-${String(index + 1).padStart(12, '0')}` }))
const READERS = [[1, '見本 一郎'], [4, '見本 競子'], [5, '見本 休太']]
const KINDS = [
  { part: 'contact', purpose: 'console:Declaration', records: 1 },
  { part: 'representative', purpose: 'console:Declaration', records: 1 },
  { part: 'sole_trader_name', purpose: 'console:DeclarationList', records: 23 },
  { part: 'free_text', purpose: 'console', records: 2 },
  { part: 'mail', purpose: 'console:MailList', records: 4 },
  { part: 'case', purpose: 'console:OnePrivacyRequest', records: 1 },
  { part: 'contact', purpose: 'privacy-request:01992000-0000-7000-8000-000000000001', records: 1 },
  { part: 'premises', purpose: 'token:YearlyReport', records: 5 },
  { part: 'made_later', purpose: 'console:SomethingNewer', records: 1 },
]
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })
const ORDER = problem('until', 'order', '終わりの日時は、始まりの日時より後にしてください。')
const SHAPE = problem('staff', 'shape', '職員の番号の形式が正しくありません。一覧から選んでください。')
const isId = (text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)

const record = (declarations, mails) =>
  Array.from({ length: 400 }, (_, index) => {
    const [number, name] = READERS[index % 11 === 7 ? 2 : index % 3 === 1 ? 1 : 0]
    const kind = KINDS[(index * 5) % KINDS.length]
    const source = { mail: mails, case: CASES }[kind.part] ?? declarations
    return {
      ...kind,
      at: new Date(Date.now() - 60_000 - (index * 40 * DAY) / 400).toISOString(),
      by: { kind: 'STAFF', name },
      staffId: staffId(number),
      requestId: `01990000-0000-7000-8000-0000000d${String(1000 - (index >> 1)).padStart(4, '0')}`,
      seen: Array.from({ length: kind.records }, (__, place) => source[(index * 7 + place) % source.length]),
    }
  })

const told = (read, place) => ({
  ...read, id: `${place}`, declarations: ['mail', 'case'].includes(read.part) ? [] : read.seen.slice(0, 20).map(({ id, facts }) => ({ id, number: facts.DECLARATION_NO })),
})

function gather(reads) {
  const found = new Map()
  for (const read of reads.toReversed()) {
    for (const seen of read.seen) {
      const known = found.get(seen.id) ?? { id: seen.id, kind: { mail: 'MAIL', case: 'CASE' }[read.part] ?? 'DECLARATION', number: seen.facts?.DECLARATION_NO ?? null, case: read.part === 'case' ? { id: seen.id, request: 'DISCLOSURE' } : null, parts: new Set(), times: 0, firstAt: read.at }
      found.set(seen.id, { ...known, parts: known.parts.add(read.part), times: known.times + 1, lastAt: read.at })
    }
  }
  return [...found.values()].map((seen) => ({ ...seen, parts: [...seen.parts].toSorted() }))
}

export function auditOperations(reader, declarations) {
  const all = record(declarations, MAILS)
  const within = ({ since, until, staff }) => all.map(told).filter((read) => read.at >= since && read.at < until && (!staff || read.staffId === staff))
  const exposure = (args) => {
    const records = gather(within(args))
    const parts = [...new Set(records.flatMap((seen) => seen.parts))].toSorted()
    return {
      __typename: 'Exposure',
      declarations: records.filter(({ kind }) => kind === 'DECLARATION').length,
      mails: records.filter(({ kind }) => kind === 'MAIL').length,
      cases: records.filter(({ kind }) => kind === 'CASE').length,
      accounts: 0,
      works: 0,
      parts: parts.map((part) => ({ part, records: records.filter((seen) => seen.parts.includes(part)).length })),
      records,
    }
  }
  return {
    reads: (args, context) => {
      reader(context, 'READ_AUDIT')
      const { since, until, staff, declarationNumber: number, before, first } = args
      if (since >= until) return ORDER
      if (staff && !isId(staff)) return SHAPE
      if (number && !declarations.some(({ facts }) => facts.DECLARATION_NO === number)) return problem('declarationNumber', 'unknown', 'この自己宣言IDの記録はありません。番号を確かめてください。')
      const empty = Number(/^empty\.(\d)$/.exec(before ?? '')?.[1] ?? 0)
      if (number?.endsWith('9') && empty < 2) {
        return { __typename: 'Reads', nodes: [], nextBefore: `empty.${empty + 1}`, lookedBackTo: new Date(Date.parse(until) - (empty + 1) * DAY).toISOString() }
      }
      const rows = within(args).filter((read) => !number || read.declarations.some((seen) => seen.number === number))
      const place = before && !before.startsWith('empty') ? rows.findIndex((read) => read.id === before) + 1 : 0
      const nodes = rows.slice(place, place + first)
      const more = place + first < rows.length
      return { __typename: 'Reads', nodes, nextBefore: more ? nodes.at(-1).id : null, lookedBackTo: more ? nodes.at(-1).at : null }
    },
    exposure: (args, context) => {
      reader(context, 'READ_AUDIT')
      if (args.since >= args.until) return ORDER
      if (!isId(args.staff)) return SHAPE
      const found = exposure(args)
      return { ...found, records: found.records.slice(0, 100) }
    },
    /** The sheet; undefined for those who may not have it. */
    sheet: (args, permissions) => {
      if (!permissions?.includes('READ_AUDIT')) return undefined
      const lines = exposure(args).records.map(({ kind, number, id, parts, times, firstAt, lastAt }) => [{ MAIL: 'メール', CASE: '案件' }[kind] ?? '宣言', number ?? id, '', parts.join('、'), times, firstAt, lastAt].join(','))
      return `\uFEFF${['種類,自己宣言ID,事業者名,表示された項目,表示された回数,最初の表示,最後の表示', ...lines].join('\r\n')}\r\n`
    },
  }
}
