// A list of what was done to many declarations at once, and what is under way: bulk changes, imports, files. A new one is made in a sheet over it.
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PAGE_SIZE } from '../../lib/search-params'
import { LoadingBar } from '../../ui/loading'
import { useRowKeys } from '../declarations/row-keys'
import { FaultBand, FaultPage } from '../fault'
import { More } from '../more'
import { useMoreRows } from '../more-rows'
import { type RowColumn, RowTable } from '../operations/row-table'
import { Breadcrumb, PageHeading, useWindowTitle } from '../page'

/** What is asked of a query, whatever its pages hold. */
type AnyList = Pick<UseInfiniteQueryResult, 'error' | 'data' | 'isPending' | 'isFetching' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'isPlaceholderData' | 'hasNextPage' | 'fetchNextPage' | 'refetch'>

interface Props<Row extends { id: string }> {
  title: string
  lead: string
  list: AnyList
  /** Undefined while they load. */
  rows: readonly Row[] | undefined
  columns: readonly RowColumn<Row>[]
  /** How many rows the address says, and how it is told another number. */
  shown: number | undefined
  onShow: (shown: number) => void
  onOpen: (id: string) => void
  /** How a new one is begun, beside the heading. */
  begin?: ReactNode
  /** What narrows the list. */
  above?: ReactNode
  /** What would be here, and the first step to it. */
  empty: { title: string; text: string; step?: ReactNode }
}

export function BatchList<Row extends { id: string }>({ title, lead, list, rows, columns, shown = PAGE_SIZE, onShow, onOpen, begin, above, empty }: Props<Row>) {
  const { t } = useTranslation()
  useWindowTitle(title)
  useRowKeys()
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: onShow })
  const none = rows?.length === 0
  return (
    <>
      {list.error && !list.data ? (
        <FaultPage error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
          <LoadingBar busy={list.isPending || list.isFetchingNextPage} />
          <div className="flex flex-col gap-2">
            <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: title }]} />
            <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
              <PageHeading>{title}</PageHeading>
              {/* Once only where there is nothing yet: there it is the first step. */}
              {!none && begin}
            </div>
            <p className="text-sm text-muted">
              {lead}
              <span className="max-md:hidden" data-print="hide">
                {t('app.gap')}
                {t('operations.keys')}
              </span>
            </p>
          </div>
          {above}
          {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
          {none ? (
            <div className="flex flex-col items-start gap-2 rounded-md border border-line px-4 py-6">
              <h2 className="text-base">{empty.title}</h2>
              <p className="text-sm text-muted">{empty.text}</p>
              {empty.step}
            </div>
          ) : (
            <RowTable label={title} columns={columns} rows={rows} onOpen={onOpen} />
          )}
          <More list={list} loaded={loaded} onMore={onMore} />
        </div>
      )}
      <Outlet />
    </>
  )
}
