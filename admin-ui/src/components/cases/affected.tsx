// The records that an account may have seen: a page at a time, and as CSV. It names records, not persons.
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { affectedCsv, affectedQuery, type IncidentRecord } from '../../graphql/cases'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { FaultBand } from '../fault'
import { whenWord } from '../operations/words'

const PARTS = ['sole_trader_name', 'premises', 'representative', 'contact', 'free_text', 'mail', 'case'] as const

const partsWord = (parts: readonly string[], t: TFunction) => parts.map((part) => t(`incidents.part.${PARTS.find((known) => known === part) ?? 'other'}`)).join(t('app.separator'))

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

const CELL = 'border-b border-line px-2 py-1 text-left align-top'

function AffectedList({ id, version }: { id: string; version: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery({ ...affectedQuery(id), queryKey: [...affectedQuery(id).queryKey, version] })
  const save = useMutation({ mutationFn: () => affectedCsv(id), onSuccess: (text) => saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), `incident-${id}.csv`) })
  if (list.error && !list.data) return <FaultBand error={list.error} onRetry={() => void list.refetch()} />
  const first = list.data?.pages[0]
  const rows = list.data?.pages.flatMap((page) => page?.nodes ?? [])
  const count = (value: number) => formatCount(value, currentLanguage())
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <p role="status">{first ? <span className="num font-bold">{t('incidents.affectedCount', { records: count(first.records), persons: count(first.persons) })}</span> : <Skeleton className="w-40" />}</p>
        <Button size="sm" reason={save.isPending ? t('incidents.csvBusy') : undefined} onClick={() => save.mutate()} data-print="hide">
          {t('incidents.csv')}
        </Button>
      </div>
      <p className="text-sm text-muted">{t('incidents.affectedLead')}</p>
      {save.error && <FaultBand error={save.error} />}
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
                  {row.number ? (
                    <Link to="/declarations/$id" params={{ id: row.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
                      {formatDeclarationNumber(row.number)}
                    </Link>
                  ) : (
                    t('incidents.noDeclaration')
                  )}
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
