// When suspicions were looked for last, and the way to have it done now.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { findReviews, REVIEWS_KEY, reviewSearchQuery } from '../../graphql/reviews'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { newId } from '../../lib/command-id'
import { formatCount } from '../../lib/format'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { DeedFault } from '../operations/deed'
import { whenWord } from '../operations/words'
import { useSession } from '../session'

export function ReviewSearchLine() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const noRight = may(useSession(), 'FLAG_DECLARATION') ? undefined : t('sheet.noRight', { permission: t('permission.FLAG_DECLARATION') })
  const { data } = useQuery(reviewSearchQuery)
  const searching = Boolean(data?.jobId)
  const again = () => client.invalidateQueries({ queryKey: REVIEWS_KEY })
  const wasSearching = useRef(false)
  useEffect(() => {
    // What it found is asked for as soon as it has ended.
    if (wasSearching.current && !searching) {
      toast(t('reviews.searched'))
      void client.invalidateQueries({ queryKey: REVIEWS_KEY })
    }
    wasSearching.current = searching
  }, [client, searching, t])
  const find = useMutation({ mutationFn: () => findReviews(newId()), onSuccess: again })
  const count = (of: number | null | undefined) => formatCount(of ?? 0, currentLanguage())
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="sm" icon="search" reason={noRight ?? (searching || find.isPending ? t('reviews.searching') : undefined)} onClick={() => find.mutate()}>
          {t('reviews.search')}
        </Button>
        <p role="status" className="num min-h-5 text-sm text-muted">
          {searching ? t('reviews.searching') : data?.endedAt ? t('reviews.lastSearch', { when: whenWord(data.endedAt), total: count(data.lookedAt) }) : data ? t('reviews.neverSearched') : ''}
        </p>
      </div>
      <DeedFault error={find.error} />
    </div>
  )
}
