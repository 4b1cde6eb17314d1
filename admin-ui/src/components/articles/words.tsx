// How questions are told: where they stand, in which languages, and when somebody looks at them again.
import { useTranslation } from 'react-i18next'
import type { ArticleRow } from '../../graphql/articles'
import type { ArticleState } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { useSession } from '../session'

const LOOKS: Record<ArticleState, { tone: Tone; icon: IconName }> = {
  DRAFT: { tone: 'quiet', icon: 'edit' },
  PUBLISHED: { tone: 'good', icon: 'check' },
  RETIRED: { tone: 'quiet', icon: 'stop' },
}

export function ArticleStateChip({ article: { state, hasUnpublishedChanges } }: { article: Pick<ArticleRow, 'state' | 'hasUnpublishedChanges'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Chip {...LOOKS[state]}>{t(`articles.state.${state}`)}</Chip>
      {state === 'PUBLISHED' && hasUnpublishedChanges && (
        <Chip tone="past" icon="edit" title={t('articles.unpublishedHelp')}>
          {t('articles.unpublished')}
        </Chip>
      )}
    </span>
  )
}

export function EnglishOlder() {
  const { t } = useTranslation()
  return (
    <Chip tone="warn" icon="warning" title={t('articles.englishOlderHelp')}>
      {t('articles.englishOlder')}
    </Chip>
  )
}

export function ArticleLanguages({ article: { en, isEnglishOlder } }: { article: Pick<ArticleRow, 'en' | 'isEnglishOlder'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {t(en ? 'articles.both' : 'articles.onlyJa')}
      {isEnglishOlder && <EnglishOlder />}
    </span>
  )
}

export const dayShort = (day: string): string => formatDate(day, currentLanguage())

export function ReviewDue({ article: { reviewDueOn, isReviewDue } }: { article: Pick<ArticleRow, 'reviewDueOn' | 'isReviewDue'> }) {
  const { t } = useTranslation()
  if (!reviewDueOn) return <span className="text-muted">{t('articles.noReview')}</span>
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <span className="num">{t('articles.reviewBy', { day: dayShort(reviewDueOn) })}</span>
      {isReviewDue && (
        <Chip tone="warn" icon="clock">
          {t('articles.reviewDue')}
        </Chip>
      )}
    </span>
  )
}

/** Why the reader may not write, or say what everybody reads; undefined where they may. */
export function useArticleRights() {
  const { t } = useTranslation()
  const session = useSession()
  const lacks = (permission: 'MANAGE_INQUIRIES' | 'MANAGE_ARTICLES') => (may(session, permission) ? undefined : t('sheet.noRight', { permission: t(`permission.${permission}`) }))
  return { write: lacks('MANAGE_INQUIRIES'), publish: lacks('MANAGE_ARTICLES') }
}
