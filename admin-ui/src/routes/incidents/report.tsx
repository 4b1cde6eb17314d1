// The nine items of the report on one page to print, and as text and JSON to hand in.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { incidentTitle } from '../../components/cases/incident-words'
import { CaseTextView } from '../../components/cases/text'
import { FaultPage } from '../../components/fault'
import { OperationNotFound } from '../../components/operations/not-found'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { PrintedBy } from '../../components/printed-by'
import { incidentQuery } from '../../graphql/cases'
import { saveFile } from '../../lib/save-file'
import { Button } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/incidents/$id/report')

export default function ReportPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  useWindowTitle(t('incidents.report'), t('incidents.title'))
  const { data, error, isPending, refetch } = useQuery(incidentQuery(id))
  if (data === null) return <OperationNotFound title={t('incidents.notFoundTitle')} text={t('incidents.notFound')} to="/incidents" word={t('incidents.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const report = data?.report?.__typename === 'IncidentReport' ? data.report : undefined
  const hidden = data?.report && !report ? data.report : undefined
  return (
    <article className="flex max-w-3xl flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={isPending} />
      <Breadcrumb crumbs={[{ label: t('incidents.title'), link: { to: '/incidents' } }, { label: data ? incidentTitle(data.summary, t) : '…', link: { to: '/incidents/$id', params: { id } } }, { label: t('incidents.report') }]} />
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
          <PageHeading className="text-2xl">{t('incidents.report')}</PageHeading>
          <p className="text-sm text-muted" data-print="hide">
            {t('incidents.reportLead')}
          </p>
        </div>
        {report && (
          <div className="flex flex-wrap gap-2" data-print="hide">
            <Button icon="print" onClick={() => window.print()}>
              {t('cases.print')}
            </Button>
            <Button onClick={() => saveFile(new Blob([report.text], { type: 'text/plain;charset=utf-8' }), `incident-report-${id}.txt`)}>{t('cases.downloadText')}</Button>
            <Button onClick={() => saveFile(new Blob([report.json], { type: 'application/json' }), `incident-report-${id}.json`)}>{t('cases.download')}</Button>
          </div>
        )}
      </div>
      <PrintedBy />
      {data && !data.report && <p className="rounded-md border border-line px-4 py-5">{t('incidents.reportNone')}</p>}
      {hidden && (
        <p>
          <CaseTextView text={hidden} />
        </p>
      )}
      {report && (
        <ol lang="ja" className="flex flex-col gap-4">
          {report.items.map(({ item, heading, text }, index) => (
            <li key={item} data-print="keep">
              <h2 className="text-base">
                {index + 1}. {heading}
              </h2>
              {text ? (
                <p className="break-words whitespace-pre-wrap">
                  <TypedText text={text} />
                </p>
              ) : (
                <p className="text-muted">{t('incidents.unwritten')}</p>
              )}
            </li>
          ))}
        </ol>
      )}
    </article>
  )
}
