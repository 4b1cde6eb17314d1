// The mock's tokens of programs: one of each state. A name that begins with `stale` asks first who one is, `shown` was issued before.
const DAY = 86_400_000
const at = (days) => new Date(Date.now() + days * DAY).toISOString()
const id = (number) => `01990000-0000-7000-8000-0000000e${String(number).padStart(4, '0')}`
const HANAKO = { kind: 'STAFF', name: '見本 花子' }
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })

const token = (number, name, scopes, status, more = {}) => ({
  id: id(number), name, scopes, status, issuedAt: at(-40), expiresAt: at(50), usedAt: at(-0.1), revokedAt: null, issuedBy: HANAKO, revokedBy: null, ...more,
})
let tokens = [
  token(3, '見本県 補助金システム', ['READ_DECLARATIONS', 'READ_PERSONAL'], 'GOOD'),
  token(2, '見本市 統計', ['READ_DECLARATIONS'], 'EXPIRED', { expiresAt: at(-3), usedAt: null }),
  token(1, '見本庁 点検', ['READ_DECLARATIONS'], 'REVOKED', { revokedAt: at(-2), revokedBy: HANAKO }),
]

export function operationTokens(reader) {
  const proved = new Set()
  return {
    apiTokens: (_, context) => reader(context, 'MANAGE_API_TOKENS') && tokens,
    issueApiToken: ({ input }, context) => {
      const { name: by } = reader(context, 'MANAGE_API_TOKENS')
      if (input.name.startsWith('stale') && !proved.has(context.token)) {
        proved.add(context.token)
        return { __typename: 'FreshSignInNeeded', message: 'x' }
      }
      if (input.name.startsWith('shown')) return problem('commandId', 'shown_before', 'このトークンはすでに発行されていて、もう一度表示することはできません。一覧で取り消して、新しく発行してください。')
      if (input.expiresAt <= at(0)) return problem('expiresAt', 'past', '有効期限は、今より後の日時にしてください。')
      const made = token(tokens.length + 1, input.name, input.scopes, 'GOOD', { issuedAt: at(0), expiresAt: input.expiresAt, usedAt: null, issuedBy: { kind: 'STAFF', name: by } })
      tokens = [made, ...tokens]
      return { __typename: 'ApiTokenIssued', id: made.id, token: `sengen_${'mihon'.repeat(8)}abc` }
    },
    revokeApiToken: ({ input }, context) => {
      const { name: by } = reader(context, 'MANAGE_API_TOKENS')
      const found = tokens.find((item) => item.id === input.id)
      if (!found) return { __typename: 'NotFound', id: input.id }
      Object.assign(found, { status: 'REVOKED', revokedAt: at(0), revokedBy: { kind: 'STAFF', name: by } })
      return { __typename: 'ApiTokenRevoked', id: input.id }
    },
  }
}
