// When suspicions were looked for last, and the way to have it done now.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
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
  const { data, dataUpdatedAt } = useQuery(reviewSearchQuery)
  const searching = Boolean(data?.jobId)
  // When the reader wanted one: it may have ended before anybody has seen it run.
  const [asked, setAsked] = useState<number>()
  const told = useRef<number>(undefined)
  const ended = asked !== undefined && !searching && dataUpdatedAt > asked
  useEffect(() => {
    if (!ended || told.current === asked) return
    told.current = asked
    toast(t('reviews.searched'))
    void client.invalidateQueries({ queryKey: REVIEWS_KEY })
  }, [asked, client, ended, t])
  const find = useMutation({
    mutationFn: () => findReviews(newId()),
    onSuccess: () => {
      setAsked(Date.now())
      return client.invalidateQueries({ queryKey: REVIEWS_KEY })
    },
  })
  const count = (of: number | null | undefined) => formatCount(of ?? 0, currentLanguage())
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="sm" icon="search" reason={noRight ?? (searching || find.isPending ? t('reviews.searching') : undefined)} onClick={() => find.mutate()}>
          {t('reviews.search')}
        </Button>
        <p role="status" className="min-h-5 min-w-0 text-sm text-muted">
          {searching ? t('reviews.searching') : data?.endedAt ? t('reviews.lastSearch', { when: whenWord(data.endedAt), total: count(data.lookedAt) }) : data ? t('reviews.neverSearched') : ''}
        </p>
      </div>
      <DeedFault error={find.error} />
    </div>
  )
}
