// How suspicions are told, and where their queues are.
import type { TFunction } from 'i18next'
import type { ReviewKind } from '../../graphql/gql/graphql'
import type { ReviewRow } from '../../graphql/reviews'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import type { RecordCommand } from '../../lib/record-commands'
import type { IconName } from '../../ui/icons'

/** In the order of the home page. */
export const REVIEW_KINDS = ['DUPLICATE', 'PROXY', 'POLICY_PAGE', 'POLICY_MISSING', 'CONTACT_BOUNCED', 'IMPORT_WARNING'] as const satisfies readonly ReviewKind[]

export const REVIEW_ICONS: Record<ReviewKind, IconName> = {
  DUPLICATE: 'copy',
  PROXY: 'user',
  POLICY_PAGE: 'offline',
  POLICY_MISSING: 'declaration',
  CONTACT_BOUNCED: 'mail',
  IMPORT_WARNING: 'flag',
}

/** As in an address. */
export const slugOf = (kind: ReviewKind): string => kind.toLowerCase().replaceAll('_', '-')
export const kindOf = (slug: string): ReviewKind | undefined => REVIEW_KINDS.find((kind) => slugOf(kind) === slug)

/** What is done with a record whose suspicion is right, by the command for it: each closes the suspicion by itself. */
export const MENDING: Record<ReviewKind, readonly RecordCommand[]> = {
  DUPLICATE: ['merge', 'link', 'stop'],
  PROXY: ['note', 'stop'],
  POLICY_PAGE: ['policy', 'note'],
  POLICY_MISSING: ['policy', 'note'],
  CONTACT_BOUNCED: ['contact', 'note'],
  IMPORT_WARNING: ['clearFlag', 'note'],
}

export const countWord = (count: number, t: TFunction) => t('reviews.count', { total: formatCount(count, currentLanguage()) })

export const weightWord = ({ kind, weight }: Pick<ReviewRow, 'kind' | 'weight'>, t: TFunction) => t(kind === 'PROXY' ? 'reviews.organizations' : 'reviews.declarations', { total: formatCount(weight, currentLanguage()) })

export const rulesWord = ({ rules }: Pick<ReviewRow, 'rules'>, t: TFunction) => rules.map((rule) => t(`reviews.rule.${rule}`)).join(t('app.separator'))
