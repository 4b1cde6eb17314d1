// How requests are told.
import type { TFunction } from 'i18next'
import type { Role } from '../../graphql/gql/graphql'
import type { ApprovalRecord } from '../../graphql/approvals'
import { timeLeft } from '../../lib/time-left'

/** What kind of act it asks for; a newer one is told by its code. */
export const kindWord = (kind: string, t: TFunction): string => (kind === 'staff.roles' ? t('approvals.what.staff-roles') : kind)

/** Whom it is about; undefined when that cannot be read any more. */
export function subjectWord({ content }: Pick<ApprovalRecord, 'content'>, t: TFunction): string | undefined {
  return content.__typename === 'ChangeRolesContent' ? content.name || t('approvals.noName') : undefined
}

/** In one line, as the heading has it. */
export function titleWord(record: ApprovalRecord, t: TFunction): string {
  const name = subjectWord(record, t)
  return name === undefined ? kindWord(record.summary.kind, t) : t('approvals.titleRoles', { name })
}

export function leftWord(until: string, now: number, t: TFunction): string {
  const left = timeLeft(until, now)
  return 'count' in left ? t(`approvals.left.${left.unit}`, { count: left.count }) : t(`approvals.left.${left.unit}`)
}

export function rolesChange(now: readonly Role[], then: readonly Role[]) {
  return { added: then.filter((role) => !now.includes(role)), removed: now.filter((role) => !then.includes(role)) }
}
