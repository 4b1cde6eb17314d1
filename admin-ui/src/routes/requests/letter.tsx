// The letter to whoever asked, to print. It is Japanese whatever the console speaks: it goes to people in Japan.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultPage } from '../../components/fault'
import { OperationNotFound } from '../../components/operations/not-found'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { letterOf } from '../../components/cases/letter'
import { requestTitle } from '../../components/cases/request-words'
import { requestQuery, type RequestRecord } from '../../graphql/cases'
import { formatEra, today } from '../../lib/format'
import { Button } from '../../ui/button'
import { TextArea, TextInput } from '../../ui/field'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/requests/$id/letter')
const OFFICE = '自己宣言 事務局'

interface Head {
  name: string
  address: string
  contact: string
}

/** As configured; what is not is typed, and holds for this letter alone. */
const headOf = (configured: RequestRecord['letterhead'] | undefined): Head => ({ name: configured?.name ?? OFFICE, address: configured?.address ?? '', contact: configured?.contact ?? '' })

export default function LetterPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const [typed, setTyped] = useState<Partial<Head>>({})
  useWindowTitle(t('requests.letterTitle'), t('requests.title'))
  const { data, error, isPending, refetch } = useQuery(requestQuery(id))
  if (data === null) return <OperationNotFound title={t('requests.notFoundTitle')} text={t('requests.notFound')} to="/requests" word={t('requests.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const letter = data && letterOf(data)
  const head = { ...headOf(data?.letterhead), ...typed }
  return (
    <article className="flex max-w-3xl flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={isPending} />
      <Breadcrumb crumbs={[{ label: t('requests.title'), link: { to: '/requests' } }, { label: data ? requestTitle(data.summary, t) : '…', link: { to: '/requests/$id', params: { id } } }, { label: t('requests.letterTitle') }]} />
      <div className="flex flex-col gap-3" data-print="hide">
        <PageHeading className="text-2xl">{t('requests.letterTitle')}</PageHeading>
        <p className="text-sm text-muted">{t('requests.letterLead')}</p>
        <details className="max-w-xl rounded-md border border-line px-4 py-2" open={data && !data.letterhead.address ? true : undefined}>
          <summary className="min-h-6 cursor-pointer font-bold touch:min-h-11">{t('requests.letterHead')}</summary>
          <div className="flex flex-col gap-3 py-2">
            <p className="text-sm text-muted">{t('requests.letterHeadHelp')}</p>
            <TextInput label={t('requests.letterOffice')} value={head.name} onChange={(event) => setTyped({ ...typed, name: event.target.value })} />
            <TextArea label={t('requests.letterAddress')} rows={2} value={head.address} onChange={(event) => setTyped({ ...typed, address: event.target.value })} />
            <TextArea label={t('requests.letterContact')} rows={2} value={head.contact} onChange={(event) => setTyped({ ...typed, contact: event.target.value })} />
          </div>
        </details>
        <div>
          <Button icon="print" look="primary" reason={letter ? undefined : t('requests.letterNone')} onClick={() => window.print()}>
            {t('cases.print')}
          </Button>
        </div>
      </div>
      {data && !letter && <p className="rounded-md border border-line px-4 py-5">{t('requests.letterNone')}</p>}
      {letter && (
        <div lang="ja" className="flex flex-col gap-5 rounded-md border border-line px-8 py-10 leading-loose print:border-0 print:p-0">
          <p className="text-right">{formatEra(today())}</p>
          <p>
            <TypedText text={`${letter.to} 様`} />
          </p>
          <p className="text-right whitespace-pre-wrap">
            <TypedText text={[head.name, head.address].filter(Boolean).join('\n')} />
          </p>
          <h2 className="text-center text-xl">{letter.title}</h2>
          <p>拝啓　時下ますますご清栄のこととお慶び申し上げます。</p>
          {letter.paragraphs.map((paragraph, index) => (
            <p key={index} className="whitespace-pre-wrap">
              <TypedText text={`　${paragraph}`} />
            </p>
          ))}
          <p className="text-right">敬具</p>
          <p className="text-center">記</p>
          <dl className="flex flex-col gap-2">
            {letter.items.map(({ term, text }, index) => (
              <div key={term} data-print="keep">
                <dt className="font-bold">
                  {index + 1}　{term}
                </dt>
                <dd className="pl-8 break-words whitespace-pre-wrap">
                  <TypedText text={text} />
                </dd>
              </div>
            ))}
          </dl>
          <p className="text-right">以上</p>
          {head.contact && (
            <p className="text-sm whitespace-pre-wrap" data-print="keep">
              お問い合わせ先{'\n'}
              <TypedText text={[head.name, head.contact].join('\n')} />
            </p>
          )}
        </div>
      )}
    </article>
  )
}
