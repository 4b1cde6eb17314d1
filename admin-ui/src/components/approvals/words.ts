// How requests are told.
import type { TFunction } from 'i18next'
import type { Role, VoidReason } from '../../graphql/gql/graphql'
import type { ApprovalRecord } from '../../graphql/approvals'
import type { ApprovalRow } from '../../graphql/open-approvals'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import { timeLeft } from '../../lib/time-left'

const FORGETTING = 'declaration.forget'
const BULK = 'declaration.bulk'
const MERGE = 'declaration.merge'
const EXPORT = 'declaration.export'

/** What kind of act it asks for; a newer one is told by its code. */
export function kindWord(kind: string, t: TFunction): string {
  if (kind === 'staff.roles') return t('approvals.what.staff-roles')
  if (kind === BULK) return t('approvals.what.declaration-bulk')
  if (kind === 'declaration.import') return t('approvals.what.declaration-import')
  if (kind === EXPORT) return t('approvals.what.declaration-export')
  if (kind === MERGE) return t('approvals.what.declaration-merge')
  if (kind === 'declaration.number') return t('approvals.what.declaration-number')
  return kind === FORGETTING ? t('approvals.what.declaration-forget') : kind
}

/** Whose account. */
export const nameWord = (name: string | null | undefined, t: TFunction): string => name || t('approvals.noName')

/** Which declaration. */
export const numberWord = (number: string | null | undefined, t: TFunction): string => (number ? formatDeclarationNumber(number) : t('approvals.noNumber'))

/** Whom or what a request in the list is about; undefined for an older one, whose content says it. */
export function aboutWord({ about }: Pick<ApprovalRow, 'about'>, t: TFunction): string | undefined {
  if (!about) return undefined
  if (about.__typename === 'BulkChangeSubject' || about.__typename === 'ImportSubject' || about.__typename === 'ExportSubject') return undefined
  if (about.__typename === 'DeclarationSubject') return t('approvals.about.declaration', { number: numberWord(about.number, t) })
  return about.name ? t('approvals.about.staff', { name: about.name }) : t('approvals.noName')
}

/** Which is merged into which. */
export const mergeNumbers = ({ survivor, merged }: { survivor: { number: string }; merged: { number: string } }, t: TFunction) => ({ survivor: numberWord(survivor.number, t), merged: numberWord(merged.number, t) })

/** In one line, as the heading has it. */
export function titleWord({ content, summary }: Pick<ApprovalRecord, 'content' | 'summary'>, t: TFunction): string {
  switch (content.__typename) {
    case 'ChangeRolesContent':
      return t('approvals.titleRoles', { name: nameWord(content.name, t) })
    case 'ForgetPersonContent':
      return t('approvals.titleForget', { person: t(`person.${content.person}`), number: numberWord(content.number, t) })
    case 'ChangeManyContent':
      return t('approvals.titleBulk', { name: t(`history.bulkAction.${content.action}`), total: formatCount(content.count, currentLanguage()) })
    case 'ImportContent':
      return t('approvals.titleImport', { total: formatCount(content.count, currentLanguage()) })
    case 'ExportViewContent':
      return t('approvals.titleExport', { total: formatCount(content.count, currentLanguage()) })
    case 'SendNumberContent':
      return t('approvals.titleNumber', { number: numberWord(content.number, t) })
    case 'MergeContent':
      return content.comparison ? t('approvals.titleMerge', mergeNumbers(content.comparison, t)) : kindWord(summary.kind, t)
    default:
      return kindWord(summary.kind, t)
  }
}

/** Why a request ended without anybody's decision. */
export const voidWord = (why: VoidReason, kind: string, t: TFunction): string => t(why === 'CHANGED' && (kind === FORGETTING || kind === MERGE) ? 'approvals.void.CHANGED_declaration' : `approvals.void.${why}`)

export function leftWord(until: string, now: number, t: TFunction): string {
  const left = timeLeft(until, now)
  return 'count' in left ? t(`approvals.left.${left.unit}`, { count: left.count }) : t(`approvals.left.${left.unit}`)
}

export function rolesChange(now: readonly Role[], then: readonly Role[]) {
  return { added: then.filter((role) => !now.includes(role)), removed: now.filter((role) => !then.includes(role)) }
}
