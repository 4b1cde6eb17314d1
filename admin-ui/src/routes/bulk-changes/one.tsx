// One bulk change: what it would do, how far it is, what became of each record, and the way back.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BulkDeeds } from '../../components/bulk/deeds'
import { OutcomeCounts } from '../../components/bulk/counts'
import { bulkFacts } from '../../components/bulk/facts'
import { BulkRows } from '../../components/bulk/rows'
import { StageChip } from '../../components/bulk/stage-chip'
import { actionWord, countWord, stageOf } from '../../components/bulk/words'
import { ExportButton } from '../../components/export-button'
import { FaultBand, FaultPage } from '../../components/fault'
import { OperationFacts } from '../../components/operations/facts'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { SaidText } from '../../components/said'
import { bulkChangeQuery, type BulkRecord, current, isUnderWay, type Progress } from '../../graphql/bulk'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { ProgressBar } from '../../ui/progress'

const route = getRouteApi('/shell/bulk-changes/$id')

export default function BulkChangePage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { data: record, error, refetch } = useQuery(bulkChangeQuery(id))
  const title = record ? t('bulk.heading', { name: actionWord(record.action, t) }) : t('bulk.title')
  useWindowTitle(record ? title : undefined, t('bulk.title'))
  if (error && !record) return <FaultPage error={error} onRetry={() => void refetch()} />
  if (record === null) return <NotFound />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={record === undefined} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('bulk.title'), link: { to: '/bulk-changes' } }, { label: title }]} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <PageHeading>{title}</PageHeading>
          {record && <StageChip stage={stageOf(Boolean(record.startedAt), current(record)?.state)} />}
        </div>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {record ? <Record record={record} /> : <OperationFacts title={t('bulk.facts')} facts={bulkFacts(undefined, t)} />}
    </div>
  )
}

const changedOf = (progress: Progress | undefined) => progress?.counts.find(({ outcome }) => outcome === 'CHANGED')?.count ?? 0

function Record({ record }: { record: BulkRecord }) {
  const { t } = useTranslation()
  const { outcome } = route.useSearch()
  const progress = current(record)
  const ran = record.run !== undefined
  const stage = stageOf(ran, progress?.state)
  return (
    <>
      <Lead record={record} />
      <BulkDeeds record={record} stage={stage} changed={changedOf(record.trial)} />
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <OperationFacts title={t('bulk.facts')} facts={bulkFacts(record, t)} />
        {progress && (
          <section aria-labelledby="records" className="flex min-w-0 flex-col gap-3">
            <h2 id="records" className="border-b border-line pb-1 text-base">
              {t(ran ? 'bulk.result' : 'bulk.trialResult')}
            </h2>
            {isUnderWay(progress) && <Bar progress={progress} ran={ran} />}
            <OutcomeCounts id={record.id} progress={progress} ran={ran} chosen={outcome} />
            {!isUnderWay(progress) && (
              <ExportButton small file="bulk-change.csv" question={{ id: record.id }} saveAs={() => `${t('bulk.fileName')}-${record.id.slice(-8)}.csv`} word={t('bulk.csv')} />
            )}
            <BulkRows id={record.id} progress={progress} ran={ran} outcome={outcome} />
          </section>
        )}
      </div>
    </>
  )
}

function Bar({ progress, ran }: { progress: Progress; ran: boolean }) {
  const { t } = useTranslation()
  const count = (value: number) => formatCount(value, currentLanguage())
  return <ProgressBar label={t(ran ? 'bulk.stage.running' : 'bulk.stage.trying')} done={progress.done} total={progress.total} text={t('bulk.progress', { done: count(progress.done), total: count(progress.total) })} />
}

/** The first thing that whoever opens it wants to know. */
function Lead({ record }: { record: BulkRecord }) {
  const { t } = useTranslation()
  const progress = current(record)
  const ran = record.run !== undefined
  const stage = stageOf(ran, progress?.state)
  const changed = changedOf(progress)
  const left = (progress?.total ?? 0) - changed
  const numbers = { changed: countWord(changed, t), left: countWord(left, t), open: countWord((progress?.total ?? 0) - (progress?.done ?? 0), t) }
  if (stage === 'unknown') return null
  if (stage === 'failed' || stage === 'trialFailed')
    return (
      <Band tone="bad" role="note">
        <p className="font-bold">{t(`bulk.say.${stage}`, numbers)}</p>
        {progress?.error && <SaidText said={progress.error} />}
      </Band>
    )
  return (
    <Band tone={stage === 'stopped' ? 'warn' : 'info'} role="status" icon={stage === 'done' ? 'check' : undefined}>
      {t(`bulk.say.${stage}`, numbers)}
    </Band>
  )
}

function NotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('bulk.notFoundTitle'))
  return (
    <div className="flex flex-col items-start gap-3 px-4 py-6 lg:px-6">
      <PageHeading>{t('bulk.notFoundTitle')}</PageHeading>
      <p>{t('bulk.notFound')}</p>
      <Link to="/bulk-changes" className={buttonClass()}>
        {t('bulk.title')}
      </Link>
    </div>
  )
}
