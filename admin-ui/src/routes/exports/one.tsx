// One file with a view of the register: how far it is, what it holds, taking it, and who took it when.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportDeeds } from '../../components/exports/deeds'
import { exportFacts } from '../../components/exports/facts'
import { ExportStateChip } from '../../components/exports/state-chip'
import { countWord, recordsWord } from '../../components/exports/words'
import { FaultBand, FaultPage } from '../../components/fault'
import { OperationFacts } from '../../components/operations/facts'
import { actorWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { SaidText } from '../../components/said'
import { type ExportRecord, exportQuery, isBeingMade } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { ProgressBar } from '../../ui/progress'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/exports/$id')

export default function ExportPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { data: record, error, refetch } = useQuery(exportQuery(id))
  const title = record ? t('exports.heading', { format: t(`exports.format.${record.summary.format}`), count: recordsWord(record.summary, t) }) : t('exports.title')
  useWindowTitle(record ? title : undefined, t('exports.title'))
  if (error && !record) return <FaultPage error={error} onRetry={() => void refetch()} />
  if (record === null) return <NotFound />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={record === undefined} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('exports.title'), link: { to: '/exports' } }, { label: title }]} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <PageHeading>{title}</PageHeading>
          {record && <ExportStateChip state={record.summary.state} />}
        </div>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {record ? <Record record={record} /> : <OperationFacts title={t('exports.facts')} facts={exportFacts(undefined, t)} />}
    </div>
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
      {isBeingMade(summary) && summary.progress && <Bar done={summary.progress.done} total={summary.progress.total} />}
      <ExportDeeds record={record} byItself={take === 'yes' && summary.state === 'MADE' && summary.taken === 0} onTaken={() => void navigate({ search: {}, replace: true })} />
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,36rem)_minmax(0,1fr)]">
        <OperationFacts title={t('exports.facts')} facts={exportFacts(record, t)} />
        <Takings record={record} />
      </div>
    </>
  )
}

function Bar({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation()
  const count = (value: number) => formatCount(value, currentLanguage())
  return <ProgressBar label={t('exports.state.MAKING')} done={done} total={total === 0 ? undefined : total} text={t('exports.progress', { done: count(done), total: count(total) })} />
}

/** The first thing that whoever opens it wants to know. */
function Lead({ record: { summary, isMine } }: { record: ExportRecord }) {
  const { t } = useTranslation()
  const { state, progress, file } = summary
  if (state === 'FAILED')
    return (
      <Band tone="bad" role="note">
        <p className="font-bold">{t('exports.say.FAILED')}</p>
        {progress?.error && <SaidText said={progress.error} />}
      </Band>
    )
  if (state === 'MADE')
    return (
      <Band tone={file && file.unwritten > 0 ? 'warn' : 'info'} role="status" icon="check">
        <p>{t(isMine ? 'exports.say.MADE' : 'exports.say.madeByOther')}</p>
        {file && file.unwritten > 0 && <p className="font-bold">{t(summary.format === 'XLSX' ? 'exports.shortened' : 'exports.unwritten', { count: countWord(file.unwritten, t) })}</p>}
      </Band>
    )
  return (
    <Band tone={state === 'STOPPED' ? 'warn' : 'info'} role="status">
      {t(`exports.say.${state}`)}
    </Band>
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
            <time dateTime={at} className="num">
              {whenWord(at)}
            </time>
            <span>{t(`exports.part.${part}`)}</span>
            <TypedText text={actorWord(by, t)} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function NotFound() {
  const { t } = useTranslation()
  useWindowTitle(t('exports.notFoundTitle'))
  return (
    <div className="flex flex-col items-start gap-3 px-4 py-6 lg:px-6">
      <PageHeading>{t('exports.notFoundTitle')}</PageHeading>
      <p>{t('exports.notFound')}</p>
      <Link to="/exports" search={{}} className={buttonClass()}>
        {t('exports.title')}
      </Link>
    </div>
  )
}
