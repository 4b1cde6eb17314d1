// One import: which column is which, what was found in its rows, how far it is, and what became of it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { BatchBar, BatchColumns, BatchLead, BatchRecord, BatchSkeleton, Moment } from '../../components/batch/record-page'
import { ExportButton } from '../../components/export-button'
import { GuardedWords } from '../../components/guarded-words'
import { ImportDeeds } from '../../components/imports/deeds'
import { MappingForm } from '../../components/imports/mapping'
import { FoundCounts, FoundRows } from '../../components/imports/rows'
import { StageChip } from '../../components/imports/stage-chip'
import { fileWord, rowsWord, type Stage, stageOf } from '../../components/imports/words'
import type { OperationFact } from '../../components/operations/facts'
import { actorWord, whenWord } from '../../components/operations/words'
import { useSession } from '../../components/session'
import { type Counts, current, importQuery, type ImportRecord, isUnderWay } from '../../graphql/import'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/imports/$id')

export default function ImportRecordPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const navigate = route.useNavigate()
  const { data, error, refetch } = useQuery(importQuery(id))
  return (
    <BatchRecord
      list={{ to: '/imports', word: t('imports.title') }}
      isMissing={data === null}
      error={error}
      onRetry={() => void refetch()}
      onList={() => void navigate({ to: '/imports' })}
      notFound={{ title: t('imports.notFoundTitle'), text: t('imports.notFound') }}
      title={data ? t('imports.heading', { at: whenWord(data.uploadedAt) }) : undefined}
      chip={data && <StageChip stage={standing(data)} />}
      skeleton={<BatchSkeleton title={t('imports.facts')} terms={(['file', 'uploaded', 'rows'] as const).map((name) => t(`imports.fact.${name}`))} />}
    >
      {data && <Record key={data.id} record={data} />}
    </BatchRecord>
  )
}

const standing = (record: ImportRecord): Stage => stageOf({ discarded: record.discarded, started: Boolean(record.startedAt), state: current(record)?.state })

function Record({ record }: { record: ImportRecord }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { code, of, map } = route.useSearch()
  const session = useSession()
  const stage = standing(record)
  const job = current(record)
  const noRight = may(session, 'IMPORT_DECLARATIONS') ? undefined : t('sheet.noRight', { permission: t('permission.IMPORT_DECLARATIONS') })
  const file = record.file?.__typename === 'ImportFile' ? record.file : undefined
  const mayMap = !record.run && !record.discarded && stage !== 'trying'
  const mapping = mayMap && (stage === 'uploaded' || map === 'again')
  return (
    <>
      <Lead record={record} stage={stage} />
      <ImportDeeds record={record} stage={stage} />
      {record.file === null && stage !== 'discarded' && <Band tone="info" role="note">{t('imports.fileGone')}</Band>}
      {job && isUnderWay(job) && <BatchBar label={t(record.run ? 'imports.stage.running' : 'imports.stage.trying')} done={job.done} total={job.total} text={(counts) => t('imports.progress', counts)} />}
      {mapping && file && <MappingForm record={record} sheets={file.sheets} off={noRight} onMapped={() => void navigate({ to: '/imports/$id', params: { id: record.id }, search: {}, replace: true })} />}
      <BatchColumns
        title={t('imports.facts')}
        facts={factsOf(record, t)}
        aside={
          mayMap && !mapping && file && (
            <p data-print="hide">
              <Button size="sm" icon="edit" reason={noRight} onClick={() => void navigate({ to: '/imports/$id', params: { id: record.id }, search: { map: 'again' } })}>
                {t('imports.mapAgain')}
              </Button>
            </p>
          )
        }
      >
        {record.tried && record.trial && !mapping && (
          <section aria-labelledby="found" className="flex min-w-0 flex-col gap-3">
            <h2 id="found" className="border-b border-line pb-1 text-base">
              {t('imports.found')}
            </h2>
            <FoundCounts {...{ record, code, of }} />
            {record.tried.refused > 0 && record.file !== null && <Corrected id={record.id} reason={noRight} />}
            <FoundRows record={record} trial={record.trial.id} code={code} of={of} />
          </section>
        )}
      </BatchColumns>
    </>
  )
}

function Corrected({ id, reason }: { id: string; reason: string | undefined }) {
  const { t } = useTranslation()
  const saveAs = () => `${t('imports.fileName')}-${id.slice(-8)}.csv`
  return (
    <div className="flex flex-col gap-1">
      <p className="text-sm text-muted">{t('imports.correctedLead')}</p>
      <div className="flex flex-wrap gap-2">
        <ExportButton small file="import-rows.csv" question={{ id }} saveAs={saveAs} word={t('imports.corrected')} reason={reason} />
        <ExportButton small file="import-rows-cp932.csv" question={{ id }} saveAs={saveAs} word={t('imports.correctedCp932')} reason={reason} />
      </div>
    </div>
  )
}

/** The first thing that whoever opens it wants to know. */
function Lead({ record, stage }: { record: ImportRecord; stage: Stage }) {
  const { t } = useTranslation()
  const counts: Counts | undefined = stage === 'tried' ? record.tried : (record.finished ?? record.progress)
  const left = (record.tried?.rows ?? 0) - (counts?.rows ?? 0)
  const numbers = {
    accepted: rowsWord(counts?.accepted ?? 0, t),
    refused: rowsWord(counts?.refused ?? 0, t),
    repeats: rowsWord(counts?.repeats ?? 0, t),
    rows: rowsWord(record.tried?.rows ?? 0, t),
    left: rowsWord(left, t),
  }
  const error = current(record)?.error
  const failed = stage === 'failed' || stage === 'trialFailed'
  return <BatchLead tone={failed ? 'bad' : stage === 'stopped' ? 'warn' : 'info'} isDone={stage === 'done'} text={t(`imports.say.${stage}`, numbers)} said={failed ? error : undefined} />
}

function factsOf(record: ImportRecord, t: TFunction): OperationFact[] {
  const name = record.file?.__typename === 'ImportFile' ? record.file.name : undefined
  const counts = record.finished ?? record.tried
  const number = (value: number) => <span className="num">{rowsWord(value, t)}</span>
  return [
    {
      term: t('imports.fact.file'),
      value: (
        <>
          {name === undefined ? <span className="text-muted">{t(record.file ? 'closed.short' : 'imports.nameGone')}</span> : <TypedText text={name} />}
          <p className="text-muted">{fileWord(record, t)}</p>
        </>
      ),
    },
    { term: t('imports.fact.uploaded'), value: <><Moment at={record.uploadedAt} /> <TypedText text={actorWord(record.uploadedBy, t)} /></> },
    ...(counts
      ? [
          { term: t('imports.fact.rows'), value: number(counts.rows) },
          { term: t(record.finished ? 'imports.fact.accepted' : 'imports.fact.wouldAccept'), value: number(counts.accepted) },
          { term: t('imports.fact.repeats'), value: number(counts.repeats) },
          { term: t('imports.fact.refused'), value: number(counts.refused) },
          { term: t('imports.fact.warnings'), value: <span className="num">{t('imports.count', { total: formatCount(counts.warnings, currentLanguage()) })}</span> },
        ]
      : []),
    ...(record.startedAt ? [{ term: t('imports.fact.started'), value: <><Moment at={record.startedAt} /> {record.startedBy && <TypedText text={actorWord(record.startedBy, t)} />}</> }] : []),
    ...(record.reason ? [{ term: t('imports.fact.reason'), value: <GuardedWords text={record.reason} /> }] : []),
    ...(record.run?.finishedAt ? [{ term: t('imports.fact.finished'), value: <Moment at={record.run.finishedAt} /> }] : []),
  ]
}
