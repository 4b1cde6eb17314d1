// What one account could have seen: how much of which kind, and the first records by name.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type ExposureFound, seenInAll, type SeenRecord } from '../../graphql/audit'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { CaseLink } from './case-link'
import { Moment } from './moment'
import { partWord } from './words'
import { WorkLink } from './work-link'

const counted = (value: number) => formatCount(value, currentLanguage())

export function SeenCounts({ found }: { found: ExposureFound | undefined }) {
  const { t } = useTranslation()
  const total = (term: string, value: number | undefined) => (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{term}</dt>
      <dd className="num text-2xl leading-snug font-bold">{value === undefined ? <Skeleton className="w-16" /> : t('audit.exposure.total', { count: value, total: counted(value) })}</dd>
    </div>
  )
  return (
    <section aria-labelledby="seen-counts" data-print="keep" className="flex flex-col gap-3">
      <h2 id="seen-counts" className="text-base">
        {t('audit.exposure.counts')}
      </h2>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        {total(t('audit.exposure.declarations'), found?.declarations)}
        {total(t('audit.exposure.mails'), found?.mails)}
        {total(t('audit.exposure.cases'), found?.cases)}
        {total(t('audit.exposure.accounts'), found?.accounts)}
        {total(t('audit.exposure.works'), found?.works)}
      </dl>
      <div className="min-h-14">
        <h3 className="text-sm text-muted">{t('audit.exposure.parts')}</h3>
        {found ? (
          <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {found.parts.map(({ part, records }) => (
              <div key={part} className="flex gap-2">
                <dt>
                  <TypedText text={partWord(part, t)} />
                </dt>
                <dd className="num font-bold">{t('audit.exposure.total', { count: records, total: counted(records) })}</dd>
              </div>
            ))}
          </dl>
        ) : (
          <Skeleton className="w-2/3" />
        )}
      </div>
    </section>
  )
}

function What({ record }: { record: SeenRecord }) {
  const { t } = useTranslation()
  const look = 'inline-flex min-h-6 items-center touch:min-h-11'
  if (record.kind === 'MAIL') {
    return (
      <Link to="/settings/mail/$id" params={{ id: record.id }} data-row-link={record.id} className={look}>
        {/* Only the id tells one mail from another: what it says is personal. */}
        {t('audit.exposure.mail')}
        <span className="mono ml-2 text-xs break-all">{record.id}</span>
      </Link>
    )
  }
  if (record.case) return <CaseLink found={record.case} data-row-link={record.id} className={look} />
  if (record.kind === 'ACCOUNT') {
    return (
      <Link to="/settings/staff/$id" params={{ id: record.id }} data-row-link={record.id} className={look}>
        {t('audit.part.account')}
      </Link>
    )
  }
  if (record.kind === 'IMPORT' || record.kind === 'BULK_CHANGE' || record.kind === 'EXPORT') return <WorkLink kind={record.kind} id={record.id} data-row-link={record.id} className={look} />
  if (record.number === null || record.number === undefined) {
    return (
      <code tabIndex={-1} data-row-link={record.id} className="mono text-xs break-all">
        {record.id}
      </code>
    )
  }
  return (
    <Link to="/declarations/$id" params={{ id: record.id }} data-row-link={record.id} className={`num ${look}`}>
      {formatDeclarationNumber(record.number)}
    </Link>
  )
}

const columnsOf = (t: TFunction): RowColumn<SeenRecord>[] => [
  { id: 'what', word: t('audit.exposure.column.what'), width: 'w-[26%]', cell: (record) => <What record={record} /> },
  { id: 'parts', word: t('audit.exposure.column.parts'), width: 'w-[30%]', cell: ({ parts }) => <TypedText text={parts.map((part) => partWord(part, t)).join(t('app.separator'))} /> },
  { id: 'times', word: t('audit.exposure.column.times'), width: 'w-[8%]', cell: ({ times }) => <span className="num">{counted(times)}</span> },
  { id: 'first', word: t('audit.exposure.column.first'), width: 'w-[18%]', cell: ({ firstAt }) => <Moment at={firstAt} /> },
  { id: 'last', word: t('audit.exposure.column.last'), width: 'w-[18%]', cell: ({ lastAt }) => <Moment at={lastAt} /> },
]

export function SeenRecords({ found, stale }: { found: ExposureFound | undefined; stale: boolean }) {
  const { t } = useTranslation()
  const total = found ? seenInAll(found) : 0
  const shown = found?.records.length ?? 0
  return (
    <section aria-labelledby="seen-records" className="flex min-w-0 flex-col gap-2">
      <h2 id="seen-records" className="text-base">
        {t('audit.exposure.records')}
      </h2>
      <p className="min-h-6 text-sm text-muted">
        {found && (total > shown ? t('audit.exposure.others', { shown: counted(shown), rest: counted(total - shown) }) : t('audit.exposure.allShown'))}
      </p>
      <RowTable label={t('audit.exposure.records')} columns={columnsOf(t)} rows={found?.records} stale={stale} printed />
    </section>
  )
}
