// 件数と時間: how many inquiries came and went in some days, and how long it took. The days stand in the address.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { problemsOf } from '../../components/audit/refused'
import { ExportButton } from '../../components/export-button'
import { FaultBand, FaultPage } from '../../components/fault'
import { PeriodForm } from '../../components/inquiry-numbers/period'
import { Charts, Times, Totals } from '../../components/inquiry-numbers/sheet'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { PrintedBy } from '../../components/printed-by'
import { Fault } from '../../graphql/execute'
import { type InquiryNumbers, inquiryNumbersQuery, type Period, presetPeriod, readPeriod, searchOf } from '../../graphql/inquiry-numbers'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { LoadingBar, Skeleton } from '../../ui/loading'

const route = getRouteApi('/shell/inquiries/numbers')

const dayWord = (day: string) => formatDate(day, currentLanguage(), 'dateWithDay')

function Sheet({ numbers, period, stale }: { numbers: InquiryNumbers | undefined; period: Period; stale: boolean }) {
  const { t } = useTranslation()
  const isEmpty = numbers && numbers.received + numbers.answered + numbers.closed === 0 && numbers.byDay.every(({ backlog }) => backlog === 0)
  return (
    <div aria-busy={stale || !numbers} className={`flex flex-col gap-6 ${stale ? 'opacity-60' : ''}`}>
      <section aria-labelledby="number-totals" className="flex flex-col gap-2">
        <h2 id="number-totals" className="text-base">
          {t('inquiryNumbers.period', { from: dayWord(period.from), to: dayWord(period.to) })}
        </h2>
        <Totals numbers={numbers} />
      </section>
      <ExportButton file="inquiry-numbers.csv" question={period} saveAs={() => `inquiry-numbers-${period.from.replaceAll('-', '')}-${period.to.replaceAll('-', '')}.csv`} word={t('inquiryNumbers.download')} small />
      {isEmpty && (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('inquiryNumbers.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t('inquiryNumbers.empty')}</p>
        </div>
      )}
      {!numbers && <Skeleton className="h-72 w-full max-w-4xl" />}
      {numbers && !isEmpty && (
        <>
          <Times numbers={numbers} />
          <Charts numbers={numbers} />
        </>
      )}
    </div>
  )
}

export default function InquiryNumbersPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const period = readPeriod(search)
  const shown = period ?? presetPeriod('last30')
  const asked = { from: search.from ?? shown.from, to: search.until ?? shown.to }
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({ ...inquiryNumbersQuery(shown), enabled: period !== undefined })
  useWindowTitle(t('inquiryNumbers.title'), t('nav.inquiries'))
  const problems = problemsOf(error)
  if (error instanceof Fault && error.code === 'FORBIDDEN') return <FaultPage error={error} />
  const wrong = period === undefined ? t('day.unreadable') : problems[0] && problemText(problems[0])
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={isFetching} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('nav.inquiries'), link: { to: '/inquiries', search: {} } }, { label: t('inquiryNumbers.title') }]} />
        <PageHeading>{t('inquiryNumbers.title')}</PageHeading>
        <p className="max-w-4xl text-sm text-muted">{t('inquiryNumbers.lead')}</p>
      </div>
      {/* Typed text begins anew with another address. */}
      <PeriodForm key={`${asked.from} ${asked.to}`} asked={asked} error={wrong} onAsk={(next) => void navigate({ search: searchOf(next), replace: true, resetScroll: false })} />
      {error && problems.length === 0 && <FaultBand error={error} onRetry={() => void refetch()} />}
      {/* What was asked before is no answer to a question that is refused. */}
      {wrong === undefined && !error && <Sheet numbers={data} period={data?.period ?? shown} stale={isPlaceholderData} />}
      <PrintedBy />
    </div>
  )
}
