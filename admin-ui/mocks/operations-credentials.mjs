// The mock's passwords and second factors: one for everybody. The code that is right is 123456, the password any of 15 characters or more.
const CODES = Array.from({ length: 10 }, (_, index) => `abcd-efgh-ijk2-34${String(index).padStart(2, '0').replaceAll('0', 'a').replaceAll('1', 'b').replaceAll('8', 'c').replaceAll('9', 'd')}`)
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })
const shortOrCommon = (password) => {
  if ([...password].length < 15) return problem('password', 'too_short', 'パスワードは15文字以上で入力してください。')
  return /^password/i.test(password) ? problem('password', 'common', 'よく使われているか、推測されやすいパスワードです。') : undefined
}
const REFUSED = { __typename: 'SignInRefused', retryAfterSeconds: null }
const LINK = 'mock-password-token'

export const factor = { secondFactor: 'NONE', secondFactorSince: null, recoveryCodesLeft: 0, mustSetUpSecondFactor: false }

const made = () => {
  factor.recoveryCodesLeft = 10
  return { __typename: 'RecoveryCodes', codes: CODES }
}

export const operationCredentials = (session) => ({
  refreshSession: ({ input }, context) => (input.password.length < 15 || (factor.secondFactor === 'TOTP' && input.code !== '123456') ? REFUSED : session(context.login)),
  beginTotp: () => ({ __typename: 'TotpBegun', secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', url: 'otpauth://totp/Sengen:mihon?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sengen' }),
  confirmTotp: ({ code }) => {
    if (code !== '123456') return problem('code', 'wrong_code', 'コードが違います。アプリに表示されている6桁の数字を入力してください。')
    Object.assign(factor, { secondFactor: 'TOTP', secondFactorSince: new Date().toISOString() })
    return made()
  },
  makeRecoveryCodes: made,
  removeTotp: () => {
    Object.assign(factor, { secondFactor: 'NONE', secondFactorSince: null, recoveryCodesLeft: 0 })
    return { __typename: 'TotpRemoved', secondFactor: 'NONE' }
  },
  changePassword: ({ input }, context) => shortOrCommon(input.password) ?? (input.current.length < 15 ? REFUSED : session(context.login)),
  passwordLink: ({ token }) => (token === LINK ? { login: 'mihon', expiresAt: new Date(Date.now() + 86_400_000).toISOString() } : null),
  requestPasswordLink: () => ({ __typename: 'PasswordLinkRequested', hours: 24 }),
  acceptPasswordLink: ({ input }) => shortOrCommon(input.password) ?? { __typename: 'PasswordSet', login: 'mihon' },
  sendPasswordLink: () => ({ __typename: 'PasswordLinkSent', expiresAt: new Date(Date.now() + 86_400_000).toISOString() }),
  resetSecondFactor: ({ staffId }) => ({ __typename: 'SecondFactorReset', staffId }),
})
