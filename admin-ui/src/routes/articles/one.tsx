// One question: what it says in both languages, where it stands, and everything that happened to it.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ArticleDeeds } from '../../components/articles/deeds'
import { ArticleHistory } from '../../components/articles/history'
import { ArticleStateChip, dayShort, EnglishOlder, ReviewDue, useArticleRights } from '../../components/articles/words'
import { FaultBand, FaultPage } from '../../components/fault'
import { whenShort } from '../../components/inquiries/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { type Article, articleQuery } from '../../graphql/articles'
import { useKeys } from '../../lib/keys'
import { spelledOut } from '../../lib/typed-text'
import { buttonClass } from '../../ui/button'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

export default function ArticlePage() {
  const { id = '' } = useParams({ strict: false })
  // A record of its own: nothing of the one before shows through.
  return <ArticleOf key={id} id={id} />
}

function NotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('articles.notFoundTitle'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('articles.notFoundTitle')}</PageHeading>
      <p className="mt-2 mb-4">{t('articles.notFound')}</p>
      <Link to="/articles" search={{}} className={buttonClass()}>
        {t('articles.toList')}
      </Link>
    </section>
  )
}

function Text({ text, language, isOlder = false }: { text: Article['ja'] | null | undefined; language: 'ja' | 'en'; isOlder?: boolean }) {
  const { t } = useTranslation()
  const id = `article-${language}`
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2 rounded-md border border-line px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2">
        <h2 id={id} className="text-sm text-muted">
          {t(`articles.${language}`)}
        </h2>
        {isOlder && <EnglishOlder />}
        {text && (
          <time dateTime={text.revisedAt} className="num ml-auto text-xs text-muted">
            {t('articles.revisedAt', { when: whenShort(text.revisedAt) })}
          </time>
        )}
      </div>
      {text ? (
        <div lang={language} className="flex flex-col gap-2">
          <h3 className="text-base">
            <TypedText text={text.title} />
          </h3>
          <div className="break-words whitespace-pre-wrap">
            <TypedText text={text.body} />
          </div>
        </div>
      ) : (
        <p className="text-muted">{t('articles.noEn')}</p>
      )}
    </section>
  )
}

function Standing({ article }: { article: Article }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <ArticleStateChip article={article} />
      <span>{t(`inquiries.tag.${article.category}`)}</span>
      <span className="flex flex-wrap gap-x-1">
        <span className="text-muted">{t('articles.column.review')}:</span>
        <ReviewDue article={article} />
      </span>
      <span className="num text-muted">{article.reviewedOn ? t('articles.reviewedOn', { day: dayShort(article.reviewedOn) }) : t('articles.neverReviewed')}</span>
      {article.publicUrl && (
        <a href={article.publicUrl} target="_blank" rel="noreferrer" className="inline-flex min-h-6 items-center">
          {t('articles.publicUrl')}
        </a>
      )}
    </div>
  )
}

function ArticleOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { write } = useArticleRights()
  const { data, error, isPending, refetch } = useQuery(articleQuery(id))
  useWindowTitle(data ? spelledOut(data.article.ja.title) : undefined, t('articles.title'))
  useKeys({
    e: () => data && write === undefined && void navigate({ to: '/articles/$id/edit', params: { id } }),
    u: () => void navigate({ to: '/articles', search: {} }),
  })
  if (data === null) return <NotFound />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('nav.inquiries'), link: { to: '/inquiries', search: {} } }, { label: t('articles.title'), link: { to: '/articles', search: {} } }, { label: data?.article.ja.title ?? '…' }]} />
      <header className="flex flex-col gap-2">
        <PageHeading className="text-2xl">{data ? <TypedText text={data.article.ja.title} /> : <Skeleton className="w-96 max-w-full" />}</PageHeading>
        {data ? <Standing article={data.article} /> : <Skeleton className="w-72" />}
        {data && <ArticleDeeds article={data.article} />}
      </header>
      {data ? (
        <div className="grid items-start gap-6 2xl:grid-cols-[minmax(0,1fr)_24rem]">
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Text text={data.article.ja} language="ja" />
            <Text text={data.article.en} language="en" isOlder={data.article.isEnglishOlder} />
          </div>
          <ArticleHistory history={data.history} />
        </div>
      ) : (
        <Skeleton className="h-72 w-full" />
      )}
    </article>
  )
}
