// The queues on the home page: how much there is of each, since when, and what the reader works on.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { reviewQueuesQuery } from '../../graphql/reviews'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { relativeTo, useNow } from '../../lib/relative'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { FaultBand } from '../fault'
import { REVIEW_ICONS, REVIEW_KINDS, slugOf } from './words'

export function ReviewQueues() {
  const { t } = useTranslation()
  const now = useNow()
  const { data, error, refetch } = useQuery(reviewQueuesQuery)
  return (
    <>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5" aria-busy={!data && !error}>
        {REVIEW_KINDS.map((kind) => {
          const queue = data?.find((item) => item.kind === kind)
          return (
            <li key={kind}>
              <Link to="/reviews/$kind" params={{ kind: slugOf(kind) }} search={{}} className="flex h-full min-h-26 flex-col gap-1 rounded-md border border-line px-4 py-3 text-text no-underline hover:bg-hover">
                <span className="flex items-center gap-2 text-sm">
                  <Icon name={REVIEW_ICONS[kind]} className="size-5" />
                  {t(`reviews.kind.${kind}`)}
                </span>
                {queue ? (
                  <>
                    <span className={queue.open ? 'num text-2xl font-bold' : 'text-muted'}>{queue.open ? t('reviews.count', { total: formatCount(queue.open, currentLanguage()) }) : t('reviews.none')}</span>
                    <span className="text-sm text-muted">
                      {queue.oldestFoundAt && t('reviews.oldest', { when: relativeTo(queue.oldestFoundAt, now, currentLanguage()) })}
                      {queue.mine > 0 && `${t('app.separator')}${t('reviews.mine', { total: formatCount(queue.mine, currentLanguage()) })}`}
                    </span>
                  </>
                ) : (
                  <Skeleton className="h-8 w-16" />
                )}
              </Link>
            </li>
          )
        })}
      </ul>
    </>
  )
}
