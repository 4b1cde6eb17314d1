// How or why something happened to a way in, in words; what is newer than this list by its code.
import type { TFunction } from 'i18next'
import type { Permission } from '../../graphql/gql/graphql'
import type { SecurityRow } from '../../graphql/security'
import { roleWord } from '../staff/words'

export const DETAILS = [
  'password', 'invitation', 'password_and_totp', 'password_and_recovery_code', 'passkey', 'single_sign_on', 'code_asked', 'passkey_asked', 'unknown_login', 'disabled', 'wrong_password', 'wrong_code',
  'password_link', 'api_token', 'provider_over', 'provider_denied', 'provider_fault', 'provider_unknown', 'provider_no_role', 'provider_not_fresh', 'provider_taken', 'fault', 'account', 'address', 'forgotten',
  'forgotten-address', 'second-factor', 'provider', 'mail-change', 'token', 'personal', 'export', 'sign_out', 'replaced', 'one_of_own', 'all_others_of_own', 'second_factor_reset', 'no_role', 'linked', 'unlinked',
  'exposure', 'figures', 'inquiry-numbers', 'declarations', 'bulk-change', 'incident', 'holdings', 'status_check', 'totp_set', 'totp_removed', 'recovery_codes_made', 'recovery_code_used', 'password_changed', 'password_link_sent', 'password_reset', 'passkey_added', 'passkey_removed', 'passkey_suspected',
  'identity_linked', 'identity_unlinked', 'mail_link_sent', 'token_issued', 'token_revoked',
] as const

export function securityDetailWord({ kind, detail }: Pick<SecurityRow, 'kind' | 'detail'>, t: TFunction): string {
  if (detail === '') return ''
  if (kind === 'ROLES_CHANGED') return detail.split(' ').map((code) => roleWord(code, t)).join(t('app.separator'))
  if (kind === 'ACCESS_REFUSED') return t(`permission.${detail as Permission}`, { defaultValue: detail })
  const known = DETAILS.find((item) => item === detail)
  return known ? t(`audit.security.detail.${known}`) : detail
}
