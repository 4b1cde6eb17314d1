// Under the rows of a list that grows: how many there are, the way to more, and there too why more did not come.
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button'
import { FaultBand } from './fault'

interface Props {
  list: Pick<UseInfiniteQueryResult, 'error' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'>
  /** How many rows there are. */
  loaded: number
  onMore: () => void
  /** Where the list scrolls by itself: what keeps this in sight. */
  className?: string
}

export function More({ list, loaded, onMore, className = '' }: Props) {
  const { t } = useTranslation()
  if (loaded === 0) return null
  return (
    <div className={`flex flex-wrap items-center gap-4 ${className}`} data-print="hide">
      {list.isFetchNextPageError && (
        // It comes below the fold that the button stood at.
        <div ref={(band) => band?.scrollIntoView({ block: 'nearest' })} className="w-full max-w-3xl">
          <FaultBand error={list.error} onRetry={() => void list.fetchNextPage()} />
        </div>
      )}
      {list.hasNextPage && !list.isFetchNextPageError && (
        <Button data-more onClick={onMore}>
          {t('action.more')}
        </Button>
      )}
      <p role="status" className="text-sm text-muted">
        {list.isFetchingNextPage ? t('app.loading') : t('app.loadedRows', { count: loaded })}
        {!list.hasNextPage && `${t('app.joint')}${t('app.end')}`}
      </p>
    </div>
  )
}
