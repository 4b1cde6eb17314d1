// One bulk change: what it would do, how far it is, what became of each record, and the way back.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BatchBar, BatchColumns, BatchLead, BatchRecord, BatchSkeleton } from '../../components/batch/record-page'
import { BulkDeeds } from '../../components/bulk/deeds'
import { OutcomeCounts } from '../../components/bulk/counts'
import { bulkFacts } from '../../components/bulk/facts'
import { BulkRows } from '../../components/bulk/rows'
import { StageChip } from '../../components/bulk/stage-chip'
import { actionWord, countWord, stageOf } from '../../components/bulk/words'
import { ExportButton } from '../../components/export-button'
import { bulkChangeQuery, type BulkRecord, current, isUnderWay, type Progress } from '../../graphql/bulk'

const route = getRouteApi('/shell/bulk-changes/$id')

export default function BulkChangePage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const { data, error, refetch } = useQuery(bulkChangeQuery(id))
  return (
    <BatchRecord
      list={{ to: '/bulk-changes', word: t('bulk.title') }}
      isMissing={data === null}
      error={error}
      onRetry={() => void refetch()}
      onList={() => void navigate({ to: '/bulk-changes' })}
      notFound={{ title: t('bulk.notFoundTitle'), text: t('bulk.notFound') }}
      title={data ? t('bulk.heading', { name: actionWord(data.action, t) }) : undefined}
      chip={data && <StageChip stage={stageOf(Boolean(data.startedAt), current(data)?.state)} />}
      skeleton={<BatchSkeleton title={t('bulk.facts')} terms={(['action', 'count', 'reason', 'frozen'] as const).map((name) => t(`bulk.fact.${name}`))} />}
    >
      {data && <Record record={data} />}
    </BatchRecord>
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
      <BatchColumns title={t('bulk.facts')} facts={bulkFacts(record, t)}>
        {progress && (
          <section aria-labelledby="records" className="flex min-w-0 flex-col gap-3">
            <h2 id="records" className="border-b border-line pb-1 text-base">
              {t(ran ? 'bulk.result' : 'bulk.trialResult')}
            </h2>
            {isUnderWay(progress) && <BatchBar label={t(ran ? 'bulk.stage.running' : 'bulk.stage.trying')} done={progress.done} total={progress.total} text={(counts) => t('batch.progress', counts)} />}
            <OutcomeCounts id={record.id} progress={progress} ran={ran} chosen={outcome} />
            {!isUnderWay(progress) && (
              <ExportButton small file="bulk-change.csv" question={{ id: record.id }} saveAs={() => `${t('bulk.fileName')}-${record.id.slice(-8)}.csv`} word={t('bulk.csv')} />
            )}
            <BulkRows id={record.id} progress={progress} ran={ran} outcome={outcome} />
          </section>
        )}
      </BatchColumns>
    </>
  )
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
  const failed = stage === 'failed' || stage === 'trialFailed'
  return <BatchLead tone={failed ? 'bad' : stage === 'stopped' ? 'warn' : 'info'} isDone={stage === 'done'} text={t(`bulk.say.${stage}`, numbers)} said={failed ? progress?.error : undefined} />
}
