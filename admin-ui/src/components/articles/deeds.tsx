// What can be done with a question: edited, published, retired, and said to be right.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Article, ARTICLES_KEY, changeArticle } from '../../graphql/articles'
import type { ArticleChangeInput } from '../../graphql/gql/graphql'
import { useCommandId } from '../../lib/command-id'
import { readDay } from '../../lib/date-text'
import { today } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button, buttonClass } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { Icon } from '../../ui/icons'
import { Box } from '../../ui/modal'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useArticleRights } from './words'

interface Change {
  change: ArticleChangeInput
  told: string
}

function useChange(article: Article) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [refused, setRefused] = useState<string>()
  const act = useMutation({
    mutationFn: ({ change }: Change) => changeArticle({ commandId: commandId([article.version, change]), id: article.id, expectedVersion: article.version, change }),
    onMutate: () => setRefused(undefined),
    onSuccess: async (outcome, { told }) => {
      await client.invalidateQueries({ queryKey: ARTICLES_KEY })
      if ('done' in outcome) return toast(told)
      return setRefused('problems' in outcome ? outcome.problems.map(problemText).join(' ') : t('gone' in outcome ? 'articles.gone' : 'articles.moved'))
    },
  })
  return { act, refused }
}

/** A year from now: what nobody looks at for longer is seldom right. */
const inAYear = () => `${Number(today().slice(0, 4)) + 1}${today().slice(4).replace('-02-29', '-02-28')}`

function ReviewBox({ open, onClose, onReviewed }: { open: boolean; onClose: () => void; onReviewed: (next: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(inAYear)
  const [error, setError] = useState<string>()
  return (
    <Box title={t('articles.reviewedTitle')} open={open} onClose={onClose}>
      <form
        noValidate
        className="flex flex-col gap-4 p-5"
        onKeyDown={blockConversionEnter}
        onSubmit={(event) => {
          event.preventDefault()
          const day = readDay(text)
          if (day !== undefined && day > today()) return onReviewed(day)
          setError(t('articles.nextMissing'))
          return document.getElementById('next-review')?.focus()
        }}
      >
        <DayInput id="next-review" label={t('articles.nextReview')} help={t('articles.reviewedHelp')} value={text} onChange={setText} error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary">
            {t('articles.reviewedSave')}
          </Button>
        </div>
      </form>
    </Box>
  )
}

type Asks = 'publish' | 'retire' | 'review' | undefined

function Questions({ article, asks, onNo, onYes }: { article: Article; asks: Asks; onNo: () => void; onYes: (what: Change) => void }) {
  const { t } = useTranslation()
  const { title } = article.ja
  const publishText = [t('articles.publishText', { title }), ...(article.isEnglishOlder ? [t('articles.publishOlder')] : [])].join(' ')
  return (
    <>
      <DeedQuestion title={t('articles.publishTitle')} text={publishText} yes={t('articles.publish')} no={t('articles.publishNo')} open={asks === 'publish'} onNo={onNo} onYes={() => onYes({ change: { publish: true }, told: t('articles.published') })} />
      <DeedQuestion danger title={t('articles.retireTitle')} text={t('articles.retireText', { title })} yes={t('articles.retire')} no={t('articles.retireNo')} open={asks === 'retire'} onNo={onNo} onYes={() => onYes({ change: { retire: true }, told: t('articles.retiredDone') })} />
      <ReviewBox open={asks === 'review'} onClose={onNo} onReviewed={(reviewed) => onYes({ change: { reviewed }, told: t('articles.reviewedDone') })} />
    </>
  )
}

export function ArticleDeeds({ article }: { article: Article }) {
  const { t } = useTranslation()
  const rights = useArticleRights()
  const { act, refused } = useChange(article)
  const [asks, setAsks] = useState<Asks>()
  const { state, hasUnpublishedChanges } = article
  const off = act.isPending ? t('sheet.saving') : rights.publish
  const isUpToDate = state === 'PUBLISHED' && !hasUnpublishedChanges
  return (
    <div className="flex flex-col gap-2" data-print="hide">
      <div className="flex flex-wrap gap-2">
        {rights.write === undefined && (
          <Link to="/articles/$id/edit" params={{ id: article.id }} className={buttonClass('primary')}>
            <Icon name="edit" />
            {t('articles.edit')}
          </Link>
        )}
        <Button icon="check" reason={off ?? (isUpToDate ? t('articles.alreadyPublished') : undefined)} onClick={() => setAsks('publish')}>
          {t(state === 'PUBLISHED' ? 'articles.publishAgain' : 'articles.publish')}
        </Button>
        <Button icon="approval" reason={off ?? (state === 'RETIRED' ? t('articles.retiredNoReview') : undefined)} onClick={() => setAsks('review')}>
          {t('articles.reviewed')}
        </Button>
        <Button icon="stop" reason={off ?? (state === 'PUBLISHED' ? undefined : t('articles.notPublished'))} onClick={() => setAsks('retire')}>
          {t('articles.retire')}
        </Button>
      </div>
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      <DeedFault error={act.error} />
      <Questions
        article={article}
        asks={asks}
        onNo={() => setAsks(undefined)}
        onYes={(what) => {
          setAsks(undefined)
          if (!act.isPending) act.mutate(what)
        }}
      />
    </div>
  )
}
