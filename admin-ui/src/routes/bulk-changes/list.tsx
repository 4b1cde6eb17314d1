// 一括変更: what was done to many declarations at once, and what is under way. A new one is made in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { StageChip } from '../../components/bulk/stage-chip'
import { actionWord, countWord, stageOf } from '../../components/bulk/words'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { type RowColumn, RowTable } from '../../components/operations/row-table'
import { actorWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { type BulkPage, bulkChangesQuery } from '../../graphql/bulk'
import { Button, buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

type Row = BulkPage['nodes'][number]

const columnsOf = (t: TFunction): RowColumn<Row>[] => [
  {
    id: 'action',
    word: t('bulk.fact.action'),
    width: 'w-[30%]',
    cell: (row) => (
      <Link to="/bulk-changes/$id" params={{ id: row.id }} search={{}} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        {actionWord(row.action, t)}
      </Link>
    ),
  },
  { id: 'count', word: t('bulk.fact.count'), width: 'w-[12%]', cell: (row) => <span className="num">{countWord(row.count, t)}</span> },
  { id: 'stage', word: t('bulk.column.stage'), width: 'w-[18%]', cell: (row) => <StageChip stage={stageOf(Boolean(row.startedAt), row.state)} /> },
  { id: 'by', word: t('bulk.column.by'), width: 'w-[20%]', cell: (row) => <TypedText text={actorWord(row.frozenBy, t)} /> },
  {
    id: 'at',
    word: t('bulk.fact.frozen'),
    width: 'w-[20%]',
    cell: (row) => (
      <time dateTime={row.frozenAt} className="num">
        {whenWord(row.frozenAt)}
      </time>
    ),
  },
]

export default function BulkChangesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const list = useInfiniteQuery(bulkChangesQuery)
  useWindowTitle(t('bulk.title'))
  useRowKeys()
  const rows = list.data?.pages.flatMap((page) => page.nodes)
  return (
    <>
      {list.error && !list.data ? (
        <FaultPage error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
          <LoadingBar busy={list.isPending || list.isFetchingNextPage} />
          <div className="flex flex-col gap-2">
            <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('bulk.title') }]} />
            <PageHeading>{t('bulk.title')}</PageHeading>
            <p className="text-sm text-muted">{t('bulk.lead')}</p>
          </div>
          {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
          {rows?.length === 0 ? (
            <div className="flex flex-col items-start gap-2 rounded-md border border-line px-4 py-6">
              <h2 className="text-base">{t('bulk.emptyTitle')}</h2>
              <p className="text-sm text-muted">{t('bulk.empty')}</p>
              <Link to="/declarations" search={{}} className={buttonClass()}>
                {t('bulk.toList')}
              </Link>
            </div>
          ) : (
            <RowTable label={t('bulk.title')} columns={columnsOf(t)} rows={rows} onOpen={(id) => void navigate({ to: '/bulk-changes/$id', params: { id }, search: {} })} />
          )}
          {list.hasNextPage && (
            <p>
              <Button data-more onClick={() => void list.fetchNextPage()}>
                {t('action.more')}
              </Button>
            </p>
          )}
        </div>
      )}
      <Outlet />
    </>
  )
}
