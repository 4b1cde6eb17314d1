// The records that an account may have seen: a page at a time, and as CSV. It names records, not persons.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { affectedQuery, type IncidentRecord } from '../../graphql/cases'
import type { IncidentAffectedQuery } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { CaseLink } from '../audit/case-link'
import { partWord } from '../audit/words'
import { WorkLink } from '../audit/work-link'
import { ExportButton } from '../export-button'
import { FaultBand } from '../fault'
import { whenWord } from '../operations/words'

const partsWord = (parts: readonly string[], t: TFunction) => parts.map((part) => partWord(part, t)).join(t('app.separator'))

export function Affected({ record }: { record: IncidentRecord }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="affected" className="flex min-w-0 flex-col gap-2">
      <h2 id="affected" className="border-b border-line pb-1 text-base">
        {t('incidents.affected')}
      </h2>
      {record.scope ? <AffectedList id={record.summary.id} version={record.version} /> : <p className="text-sm text-muted">{t('incidents.affectedNone')}</p>}
    </section>
  )
}

type Row = NonNullable<IncidentAffectedQuery['incidentAffected']>['nodes'][number]

/** What may have been seen, as the way to it. */
function Which({ row }: { row: Row }) {
  const { t } = useTranslation()
  const look = 'inline-flex min-h-6 items-center touch:min-h-11'
  if (row.case) return <CaseLink found={row.case} className={look} />
  if (row.kind === 'MAIL')
    return (
      <Link to="/settings/mail/$id" params={{ id: row.id }} className={look}>
        {t('audit.exposure.mail')}
      </Link>
    )
  if (row.kind === 'ACCOUNT')
    return (
      <Link to="/settings/staff/$id" params={{ id: row.id }} className={look}>
        {t('audit.part.account')}
      </Link>
    )
  if (row.kind === 'IMPORT' || row.kind === 'BULK_CHANGE' || row.kind === 'EXPORT') return <WorkLink kind={row.kind} id={row.id} className={look} />
  return row.number ? (
    <Link to="/declarations/$id" params={{ id: row.id }} className={look}>
      {formatDeclarationNumber(row.number)}
    </Link>
  ) : (
    <code className="mono text-xs break-all">{row.id}</code>
  )
}

const CELL = 'border-b border-line px-2 py-1 text-left align-top'

function AffectedList({ id, version }: { id: string; version: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery({ ...affectedQuery(id), queryKey: [...affectedQuery(id).queryKey, version] })
  if (list.error && !list.data) return <FaultBand error={list.error} onRetry={() => void list.refetch()} />
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page?.nodes ?? [])
  const count = (value: number) => formatCount(value, currentLanguage())
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <p role="status">{first ? <span className="num font-bold">{t('incidents.affectedCount', { records: count(first.records), persons: count(first.persons) })}</span> : <Skeleton className="w-40" />}</p>
        <ExportButton file="incident.csv" question={{ id }} saveAs={() => `incident-${id}.csv`} word={t('incidents.csv')} small />
      </div>
      <p className="text-sm text-muted">{t('incidents.affectedLead')}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('incidents.affected')} tabIndex={0} className="overflow-x-auto">
        <table className="w-full min-w-[40rem] border-separate border-spacing-0 text-sm">
          <thead>
            <tr>
              {(['number', 'parts', 'reads', 'first', 'last'] as const).map((column) => (
                <th key={column} scope="col" className={`${CELL} bg-surface whitespace-nowrap`}>
                  {t(`incidents.affectedColumn.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows?.map((row) => (
              <tr key={row.id}>
                <th scope="row" className={`${CELL} num font-normal`}>
                  <Which row={row} />
                </th>
                <td className={CELL}>{partsWord(row.parts, t)}</td>
                <td className={`${CELL} num`}>{count(row.reads)}</td>
                <td className={`${CELL} num`}>{whenWord(row.firstAt)}</td>
                <td className={`${CELL} num`}>{whenWord(row.lastAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {list.hasNextPage && (
        <div data-print="hide">
          <Button size="sm" reason={list.isFetchingNextPage ? t('app.loading') : undefined} onClick={() => void list.fetchNextPage()}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </>
  )
}
