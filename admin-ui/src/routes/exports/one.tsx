// One file with a view of the register: how far it is, what it holds, taking it, and who took it when.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BatchBar, BatchColumns, BatchLead, BatchRecord, BatchSkeleton, Moment } from '../../components/batch/record-page'
import { ExportDeeds } from '../../components/exports/deeds'
import { exportFacts } from '../../components/exports/facts'
import { ExportStateChip } from '../../components/exports/state-chip'
import { countWord, recordsWord } from '../../components/exports/words'
import { actorWord } from '../../components/operations/words'
import { type ExportRecord, exportQuery } from '../../graphql/view-exports'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/exports/$id')

export default function ExportPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const { data, error, refetch } = useQuery(exportQuery(id))
  return (
    <BatchRecord
      list={{ to: '/exports', word: t('exports.title') }}
      isMissing={data === null}
      error={error}
      onRetry={() => void refetch()}
      onList={() => void navigate({ to: '/exports', search: {} })}
      notFound={{ title: t('exports.notFoundTitle'), text: t('exports.notFound') }}
      title={data ? t('exports.heading', { format: t(`exports.format.${data.summary.format}`), count: recordsWord(data.summary, t) }) : undefined}
      chip={data && <ExportStateChip state={data.summary.state} />}
      skeleton={<BatchSkeleton title={t('exports.facts')} terms={(['reason', 'records', 'columns', 'requested', 'until'] as const).map((name) => t(`exports.fact.${name}`))} />}
    >
      {data && <Record record={data} />}
    </BatchRecord>
  )
}

function Record({ record }: { record: ExportRecord }) {
  const { t } = useTranslation()
  const { take } = route.useSearch()
  const navigate = route.useNavigate()
  const { summary } = record
  return (
    <>
      <Lead record={record} />
      {summary.state === 'MAKING' && summary.progress && <BatchBar label={t('exports.state.MAKING')} done={summary.progress.done} total={summary.progress.total} text={(counts) => t('batch.progress', counts)} />}
      <ExportDeeds record={record} byItself={take === 'yes' && summary.state === 'MADE' && summary.taken === 0} onTaken={() => void navigate({ search: {}, replace: true })} />
      <BatchColumns title={t('exports.facts')} facts={exportFacts(record, t)}>
        <Takings record={record} />
      </BatchColumns>
    </>
  )
}

/** The first thing that whoever opens it wants to know. */
function Lead({ record: { summary, isMine } }: { record: ExportRecord }) {
  const { t } = useTranslation()
  const { state, progress, file, format } = summary
  if (state === 'FAILED') return <BatchLead tone="bad" text={t('exports.say.FAILED')} said={progress?.error} />
  if (state !== 'MADE') return <BatchLead tone={state === 'STOPPED' ? 'warn' : 'info'} text={t(`exports.say.${state}`)} />
  const unwritten = file?.unwritten ?? 0
  return (
    <BatchLead tone={unwritten > 0 ? 'warn' : 'info'} isDone text={t(isMine ? 'exports.say.MADE' : 'exports.say.madeByOther')}>
      {unwritten > 0 && <p className="font-bold">{t(format === 'XLSX' ? 'exports.shortened' : 'exports.unwritten', { count: countWord(unwritten, t) })}</p>}
    </BatchLead>
  )
}

function Takings({ record: { takings } }: { record: ExportRecord }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="takings" className="flex min-w-0 flex-col gap-2">
      <h2 id="takings" className="border-b border-line pb-1 text-base">
        {t('exports.takings')}
      </h2>
      {takings.length === 0 && <p className="text-sm text-muted">{t('exports.noTakings')}</p>}
      <ol className="flex flex-col gap-1 text-sm empty:hidden">
        {takings.map(({ at, part, by }) => (
          <li key={`${at}${part}`} className="flex flex-wrap gap-x-3">
            <Moment at={at} />
            <span>{t(`exports.part.${part}`)}</span>
            <TypedText text={actorWord(by, t)} />
          </li>
        ))}
      </ol>
    </section>
  )
}
