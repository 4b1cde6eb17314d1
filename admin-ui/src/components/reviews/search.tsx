// When suspicions were looked for last, and the way to have it done now. Pages of policies are asked for first, where the queue is theirs.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewKind, ReviewSearchQuery } from '../../graphql/gql/graphql'
import { askPages, findReviews, REVIEWS_KEY, reviewSearchQuery } from '../../graphql/reviews'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { newId } from '../../lib/command-id'
import { formatCount } from '../../lib/format'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { DeedFault } from '../operations/deed'
import { whenWord } from '../operations/words'
import { useSession } from '../session'

/** Has something looked for; `busy` until it has ended, which is then told. The first mutation answers before anybody has seen the job run. */
export function useSearch(look: () => Promise<unknown>, isRunning: (search: ReviewSearchQuery['reviewSearch']) => boolean) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data, dataUpdatedAt } = useQuery(reviewSearchQuery)
  const searching = data !== undefined && isRunning(data)
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
    mutationFn: look,
    onSuccess: () => {
      setAsked(Date.now())
      return client.invalidateQueries({ queryKey: REVIEWS_KEY })
    },
  })
  return { data, searching, find, busy: searching || find.isPending }
}

/** The job that asks for pages ends with a search. */
export const isAsking = ({ pages }: ReviewSearchQuery['reviewSearch']) => Boolean(pages.jobId)
const isSearching = ({ jobId }: ReviewSearchQuery['reviewSearch']) => Boolean(jobId)

const count = (of: number | null | undefined) => formatCount(of ?? 0, currentLanguage())

function lastWord(kind: ReviewKind, { endedAt, lookedAt, pages }: ReviewSearchQuery['reviewSearch'], t: TFunction) {
  if (kind === 'POLICY_PAGE') return pages.endedAt ? t('reviews.lastPages', { when: whenWord(pages.endedAt), total: count(pages.asked), failing: count(pages.failing) }) : t('reviews.neverAsked')
  return endedAt ? t('reviews.lastSearch', { when: whenWord(endedAt), total: count(lookedAt) }) : t('reviews.neverSearched')
}

export function ReviewSearchLine({ kind }: { kind: ReviewKind }) {
  const { t } = useTranslation()
  const session = useSession()
  const ofPages = kind === 'POLICY_PAGE'
  const right = ofPages ? 'RECORD_POLICY' : 'FLAG_DECLARATION'
  const noRight = may(session, right) ? undefined : t('sheet.noRight', { permission: t(`permission.${right}`) })
  const { data, searching, find, busy } = useSearch(() => (ofPages ? askPages(newId()) : findReviews(newId())), ofPages ? isAsking : isSearching)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="sm" icon="search" reason={noRight ?? (busy ? t('reviews.searching') : undefined)} onClick={() => find.mutate()}>
          {t(ofPages ? 'reviews.askPages' : 'reviews.search')}
        </Button>
        <p role="status" className="min-h-5 min-w-0 text-sm text-muted">
          {searching ? t('reviews.searching') : data ? lastWord(kind, data, t) : ''}
        </p>
      </div>
      <DeedFault error={find.error} />
    </div>
  )
}
