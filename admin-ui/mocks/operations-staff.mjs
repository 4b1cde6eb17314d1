// The mock's accounts: some of each kind, invitations, and sessions of whoever asks. Names with 競 are changed by somebody else meanwhile.
const HOUR = 3600_000
const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString()
const id = (number) => `01990000-0000-7000-8000-0000000a${String(number).padStart(4, '0')}`
const HANAKO = { kind: 'STAFF', name: '見本 花子' }
const DAIKO = { kind: 'STAFF', name: '見本 代行' }
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })

let position = 100
const entry = (kind, by, more = {}, at = new Date().toISOString()) => ({ at, position: String(++position), kind, roles: null, reason: null, by, ...more })

function account(number, name, login, roles, more = {}) {
  const history = [entry('JOINED', { kind: 'STAFF', name }, { roles }, ago(700)), entry('SIGNED_IN', { kind: 'STAFF', name }, {}, ago(3))]
  return { account: { id: id(number), login, name, mail: `${login}@example.jp`, roles, disabledAt: null, hasSecondFactor: number % 2 === 1, ...more }, disabledBecause: null, history }
}

const records = [
  account(1, '見本 一郎', 'ichiro', ['REGISTRAR', 'SUPPORT']),
  account(2, '見本 運太', 'unta', ['OPERATOR']),
  account(3, '見本 監査', 'kansa', ['AUDITOR', 'VIEWER'], { mail: null }),
  account(4, '見本 競子', 'kyoko', ['VIEWER']),
  account(5, '見本 休太', 'kyuta', ['SUPPORT'], { disabledAt: ago(50) }),
]
records[4].disabledBecause = 'ON_LEAVE'
records[4].history.push(entry('DISABLED', DAIKO, { reason: 'ON_LEAVE' }, ago(50)))

const invitation = (number, mail, roles, hours) => ({ staffId: id(number), mail, roles, createdAt: ago(hours), expiresAt: ago(hours - 24), by: HANAKO })
let invitations = [invitation(20, 'jiro@example.jp', ['REGISTRAR'], 2), invitation(21, 'saburo@example.jp', ['VIEWER', 'SUPPORT'], 20)]

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  null,
]
let own = AGENTS.map((userAgent, place) => ({ id: String(place), isThis: place === 0, createdAt: ago(place * 30 + 1), lastSeenAt: ago(place * 7), address: userAgent && `192.0.2.${place + 10}`, userAgent }))

/** With its version and its history the newest first, as the API has them. */
const told = ({ account: shown, disabledBecause, history }) => ({
  account: shown, disabledBecause, samePerson: [], version: history.findLast(({ kind }) => kind !== 'SIGNED_IN').position, history: ({ first }) => history.toReversed().slice(0, first),
})

export function operationStaff(reader) {
  const raced = new Set()
  const change = (input, context, act) => {
    const { name } = reader(context, 'MANAGE_STAFF')
    const record = records.find((item) => item.account.id === input.id)
    if (!record) return { __typename: 'NotFound', id: input.id }
    if (record.account.name.includes('競') && !raced.has(input.id)) {
      raced.add(input.id)
      record.account.roles = ['SUPPORT']
      record.history.push(entry('ROLES_CHANGED', DAIKO, { roles: ['SUPPORT'] }))
    }
    if (told(record).version !== input.expectedVersion) return { __typename: 'AccountConflict', account: told(record) }
    return act(record, { kind: 'STAFF', name }) ?? { __typename: 'AccountChanged', account: told(record) }
  }
  return {
    staffAccounts: (_, context) => reader(context, 'READ_STAFF') && { nodes: records.map((record) => record.account), invitations },
    staffAccount: (args, context) => {
      reader(context, 'READ_STAFF')
      const record = records.find((item) => item.account.id === args.id)
      return record ? told(record) : null
    },
    inviteStaff: ({ input }, context) => {
      reader(context, 'MANAGE_STAFF')
      if (!/^[\x21-\x7e]+@[\w.-]+\.\w+$/.test(input.mail)) return problem('mail', 'address_unreadable', 'メールアドレスとして読み取れません。「taro@example.jp」のように入力してください。')
      const made = invitation(30 + invitations.length, input.mail, input.roles, 0)
      invitations = [made, ...invitations]
      return { __typename: 'StaffInvited', staffId: made.staffId }
    },
    revokeStaffInvitation: ({ staffId }, context) => {
      reader(context, 'MANAGE_STAFF')
      const before = invitations.length
      invitations = invitations.filter((item) => item.staffId !== staffId)
      return invitations.length < before
    },
    changeStaffRoles: ({ input, roles }, context) =>
      change(input, context, (record, by) => {
        const wanted = roles.filter((role) => ['ADMINISTRATOR', 'APPROVER'].includes(role) && !record.account.roles.includes(role))
        if (wanted.length > 0) return { __typename: 'NeedsApproval', roles: wanted }
        if (roles.join() === record.account.roles.join()) return problem('id', 'unchanged', '変更がありません。役割を選び直してください。')
        record.account.roles = roles
        record.history.push(entry('ROLES_CHANGED', by, { roles }))
        return undefined
      }),
    disableStaff: ({ input, reason }, context) =>
      change(input, context, (record, by) => {
        record.account.disabledAt = new Date().toISOString()
        record.disabledBecause = reason
        record.history.push(entry('DISABLED', by, { reason }))
      }),
    enableStaff: ({ input }, context) =>
      change(input, context, (record, by) => {
        record.account.disabledAt = null
        record.disabledBecause = null
        record.history.push(entry('ENABLED', by))
      }),
    ownSessions: () => own,
    endOwnSession: (args) => {
      const before = own.length
      own = own.filter((session) => session.id !== args.id)
      return own.length < before
    },
    endOtherSessions: () => {
      const before = own.length
      own = own.filter((session) => session.isThis)
      return before - own.length
    },
  }
}
