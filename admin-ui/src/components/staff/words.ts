// How accounts and sessions are told.
import type { TFunction } from 'i18next'
import type { Role } from '../../graphql/gql/graphql'
import { ROLES, type StaffRecord } from '../../graphql/staff'
import { deviceOf } from '../../lib/user-agent'

/** By the server's own code, small; a newer one is told as it comes. */
export function roleWord(code: string, t: TFunction): string {
  const known = ROLES.find((role) => role.toLowerCase() === code)
  return known ? t(`role.${known}`) : code
}

export const rolesWord = (roles: readonly Role[], t: TFunction): string => roles.map((role) => t(`role.${role}`)).join(t('app.separator'))

/** What an account is now, for somebody who meets it changed. */
export const recordWord = ({ roles, disabledAt }: Pick<StaffRecord, 'roles' | 'disabledAt'>, t: TFunction): string =>
  t('staffRoles.now', { roles: rolesWord(roles, t), state: t(`staff.state.${disabledAt ? 'DISABLED' : 'ENABLED'}`) })

/** Whatever of it is known; what no browser of ours would say is shown as it is, cut to a line. */
export function deviceWord(userAgent: string | null | undefined, t: TFunction): string {
  const { browser, system } = deviceOf(userAgent)
  if (browser && system) return t('account.device', { browser, system })
  return browser ?? system ?? (userAgent?.trim().slice(0, 60) || t('account.unknownDevice'))
}
