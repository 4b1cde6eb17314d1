// A question that is written: a new one, or one that is there.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useArticleRights } from '../../components/articles/words'
import { FaultBlock } from '../../components/fault'
import { FormSkeleton, useLeaveQuestion } from '../../components/form-sheet'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { ArticleForm } from '../../forms/article'
import { type Article, articleQuery } from '../../graphql/articles'
import { spelledOut } from '../../lib/typed-text'
import { TypedText } from '../../ui/typed-text'

export default function EditArticlePage() {
  const { id } = useParams({ strict: false })
  return id === undefined ? <NewArticle /> : <ChangedArticle key={id} id={id} />
}

function Frame({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation()
  const { write } = useArticleRights()
  useWindowTitle(spelledOut(title), t('articles.title'))
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <Breadcrumb crumbs={[{ label: t('nav.inquiries'), link: { to: '/inquiries', search: {} } }, { label: t('articles.title'), link: { to: '/articles', search: {} } }, { label: title }]} />
      <PageHeading>
        <TypedText text={title} />
      </PageHeading>
      {write === undefined ? children : <p>{write}</p>}
    </div>
  )
}

/** The form, with the question before what was typed is lost. */
function Form({ article }: { article?: Article }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { onDirty, settle, box } = useLeaveQuestion({ title: t('sheet.discardTitle'), text: t('sheet.discard'), yes: t('sheet.discardYes'), no: t('sheet.discardNo') })
  const show = (id: string | undefined) => void navigate(id === undefined ? { to: '/articles', search: {} } : { to: '/articles/$id', params: { id } })
  return (
    <>
      <ArticleForm
        article={article}
        onDirty={onDirty}
        onCancel={() => show(article?.id)}
        onSaved={({ id }) => {
          settle()
          show(id)
        }}
      />
      {box}
    </>
  )
}

function NewArticle() {
  const { t } = useTranslation()
  return (
    <Frame title={t('articles.newTitle')}>
      <Form />
    </Frame>
  )
}

function ChangedArticle({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(articleQuery(id))
  if (data === null) return <Frame title={t('articles.notFoundTitle')}>{t('articles.notFound')}</Frame>
  return (
    <Frame title={data ? t('articles.editTitle', { title: data.article.ja.title }) : '…'}>
      {data && <Form article={data.article} />}
      {!data && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </Frame>
  )
}
