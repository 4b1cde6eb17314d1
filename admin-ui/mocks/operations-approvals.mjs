// The mock's requests: open ones of each kind, and some that were dealt with. What is agreed to is done at once.
const HOUR = 3600_000
const at = (hours) => new Date(Date.now() + hours * HOUR).toISOString()
const id = (number) => `01990000-0000-7000-8000-0000000c${String(number).padStart(4, '0')}`
const HANAKO = { kind: 'STAFF', name: '見本 花子' }
const SYSTEM = { kind: 'SYSTEM', name: 'approval' }
const ICHIRO = { id: '01990000-0000-7000-8000-0000000a0001', name: '見本 一郎' }
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })
const OPEN_HOURS = 24

const open = (text) => text && { __typename: 'OpenText', text }
const entry = (kind, by, reason = null, when = at(0)) => ({ at: when, kind, reason: open(reason), void: null, by })

function request(number, by, act, { reason, hours = 0, ends = [], ...summary }) {
  const about = act.declarationId ? { __typename: 'DeclarationSubject', declarationId: act.declarationId, number: act.number } : { __typename: 'StaffSubject', staffId: act.staffId, name: act.name }
  return {
    by: by.name,
    summary: { id: id(number), kind: act.declarationId ? 'declaration.forget' : 'staff.roles', requestedAt: at(-hours), expiresAt: at(OPEN_HOURS - hours), status: 'OPEN', isBypass: false, about, by, decidedBy: null, ...summary },
    content: { __typename: act.declarationId ? 'ForgetPersonContent' : 'ChangeRolesContent', ...act, reason: open(act.reason) },
    contentHash: `mock-${number}`,
    history: [entry('REQUESTED', by, reason, at(-hours)), ...ends],
  }
}

export function operationApprovals(reader, declarations, forget) {
  const roles = (now, then) => ({ staffId: ICHIRO.id, name: ICHIRO.name, now, roles: then })
  const forgetting = (declaration, person, reason, effect = { isKept: true, alsoAs: [], mentions: 0 }) => ({ declarationId: declaration.id, number: declaration.facts.DECLARATION_NO, person, reason, effect })
  const records = [
    request(1, { kind: 'STAFF', name: '見本 代行' }, forgetting(declarations[0], 'CONTACT', '本人からの求め(電話)', { isKept: true, alsoAs: ['REPRESENTATIVE'], mentions: 2 }), { reason: '本人からの求め(電話)', hours: 20 }),
    request(2, HANAKO, roles(['REGISTRAR'], ['REGISTRAR', 'APPROVER']), { reason: '12月からの担当交代のため', hours: 2 }),
    // One from before requests said what they are about.
    request(3, HANAKO, roles(['SUPPORT'], ['ADMINISTRATOR']), { reason: '担当交代', hours: 90, status: 'LAPSED', about: null }),
    request(4, HANAKO, roles(['REGISTRAR'], ['ADMINISTRATOR']), { reason: '夜間の障害対応', hours: 200, status: 'CARRIED_OUT', isBypass: true, decidedBy: HANAKO, ends: [entry('BYPASSED', HANAKO, '承認者が全員不在のため', at(-199)), entry('CARRIED_OUT', SYSTEM, null, at(-199))] }),
  ]
  const told = (record, name) => ({ ...record, summary: { ...record.summary, isMine: record.by === name } })
  const newest = () => records.toSorted((a, b) => b.summary.requestedAt.localeCompare(a.summary.requestedAt))

  function decide(input, context, permission, act) {
    const { name } = reader(context, permission)
    const record = records.find((item) => item.summary.id === input.id)
    if (!record) return { __typename: 'NotFound', id: input.id }
    const own = record.by === name
    const refused = record.summary.status === 'OPEN' ? act(record, own, { kind: 'STAFF', name }) : problem('id', 'not_open', 'この申請はすでに処理されています。今の状態を確認してください。')
    return refused ?? { __typename: 'ApprovalDecided', approval: told(record, name) }
  }

  function end(record, status, by, ...entries) {
    Object.assign(record.summary, { status, decidedBy: status === 'WITHDRAWN' ? null : by })
    record.history.push(...entries)
  }

  function done(record, by, first) {
    end(record, 'CARRIED_OUT', by, first, entry('CARRIED_OUT', SYSTEM))
    if (record.content.declarationId) forget(record.content, record.summary.by)
  }

  function ask(act, reason, context, permission) {
    const by = { kind: 'STAFF', name: reader(context, permission).name }
    const record = request(records.length + 10, by, act, { reason })
    records.push(record)
    return { __typename: 'ApprovalRequested', id: record.summary.id }
  }

  return {
    openApprovals: (_, context) => {
      const { name } = reader(context, 'READ_APPROVALS')
      return newest().toReversed().filter(({ summary }) => summary.status === 'OPEN').map((record) => told(record, name).summary)
    },
    approvals: ({ first }, context) => {
      const { name } = reader(context, 'READ_APPROVALS')
      return { nodes: newest().slice(0, first).map((record) => told(record, name).summary), nextBefore: null }
    },
    approval: (args, context) => {
      const { name } = reader(context, 'READ_APPROVALS')
      const record = records.find((item) => item.summary.id === args.id)
      return record ? told(record, name) : null
    },
    approve: ({ input, contentHash }, context) =>
      decide(input, context, 'APPROVE', (record, own, by) => {
        if (own) return problem('id', 'own_request', '自分の申請は、承認や却下ができません。ほかの承認者に依頼してください。')
        if (record.contentHash !== contentHash) return problem('id', 'other_content', '表示した内容と異なります。画面を開き直してください。')
        return done(record, by, entry('APPROVED', by))
      }),
    rejectRequest: ({ input, reason }, context) =>
      decide(input, context, 'APPROVE', (record, own, by) => (own ? problem('id', 'own_request', '自分の申請は、承認や却下ができません。') : end(record, 'REJECTED', by, entry('REJECTED', by, reason)))),
    withdrawRequest: ({ input }, context) =>
      decide(input, context, 'READ_APPROVALS', (record, own, by) => (own ? end(record, 'WITHDRAWN', by, entry('WITHDRAWN', by)) : problem('id', 'not_yours', '申請を取り下げられるのは、申請した人だけです。'))),
    bypassApproval: ({ input, reason }, context) =>
      decide(input, context, 'BYPASS_APPROVAL', (record, own, by) => {
        if (!own) return problem('id', 'not_yours', '実行できるのは、自分の申請だけです。')
        record.summary.isBypass = true
        return done(record, by, entry('BYPASSED', by, reason))
      }),
    requestStaffRoles: ({ input }, context) => ask({ staffId: input.id, name: ICHIRO.name, now: [], roles: input.roles }, input.reason, context, 'MANAGE_STAFF'),
    requestForgetting: ({ input }, context) => {
      const declaration = declarations.find((item) => item.id === input.declarationId)
      if (!declaration) return { __typename: 'NotFound', id: input.declarationId }
      const { facts, forgotten } = declaration
      const isStale = input.reason.startsWith('!conflict') && !context.raced.has(input.declarationId)
      context.raced.add(input.declarationId)
      if (isStale) return { __typename: 'RequestStale', message: '表示した後に変更されています。' }
      if (forgotten?.includes(input.person)) return problem('person', 'nothing_kept', 'この役割の個人の情報は、記録がないか、すでに消去されています。')
      const names = { CONTACT: facts.CONTACT_NAME, REPRESENTATIVE: facts.REPRESENTATIVE_NAME, SOLE_TRADER: facts.NAME }[input.person]
      if (names?.split(/\s/).some((name) => name.length > 1 && input.reason.includes(name))) return problem('reason', 'names_the_person', '理由は消去後も残ります。氏名・メール・電話など、本人が分かる言葉を除いてください。')
      return ask(forgetting(declaration, input.person, input.reason), input.reason, context, 'FORGET_PERSON')
    },
  }
}
