// 取り込み: files of old registers that were taken over, or are on their way. A new one is sent in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { StageChip } from '../../components/imports/stage-chip'
import { fileWord, rowsWord, stageOf } from '../../components/imports/words'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../components/fault'
import { type RowColumn, RowTable } from '../../components/operations/row-table'
import { actorWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { ImportCountPartsFragmentDoc } from '../../graphql/gql/graphql'
import { type ImportPage, importsQuery } from '../../graphql/import'
import { may } from '../../graphql/session'
import { Button, buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

type Row = ImportPage['nodes'][number]

const countsOf = (row: Row) => readFragment(ImportCountPartsFragmentDoc, row.finished ?? row.tried)

const columnsOf = (t: TFunction): RowColumn<Row>[] => [
  {
    id: 'at',
    word: t('imports.fact.uploaded'),
    width: 'w-[20%]',
    cell: (row) => (
      <Link to="/imports/$id" params={{ id: row.id }} search={{}} data-row-link={row.id} className="num -mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        <time dateTime={row.uploadedAt}>{whenWord(row.uploadedAt)}</time>
      </Link>
    ),
  },
  { id: 'file', word: t('imports.fact.file'), width: 'w-[22%]', cell: (row) => fileWord(row, t) },
  { id: 'stage', word: t('imports.column.stage'), width: 'w-[16%]', cell: (row) => <StageChip stage={stageOf({ discarded: row.discarded, started: Boolean(row.startedAt), state: row.state })} /> },
  {
    id: 'rows',
    word: t('imports.column.counts'),
    width: 'w-[24%]',
    cell: (row) => {
      const counts = countsOf(row)
      return counts ? <span className="num">{t('imports.counts', { accepted: rowsWord(counts.accepted, t), refused: rowsWord(counts.refused, t) })}</span> : <span className="text-muted">—</span>
    },
  },
  { id: 'by', word: t('imports.column.by'), width: 'w-[18%]', cell: (row) => <TypedText text={actorWord(row.uploadedBy, t)} /> },
]

export default function ImportsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const list = useInfiniteQuery(importsQuery)
  useWindowTitle(t('imports.title'))
  useRowKeys()
  const rows = list.data?.pages.flatMap((page) => page.nodes)
  const mayImport = may(session, 'IMPORT_DECLARATIONS')
  const begin = (
    <Link to="/imports/new" className={buttonClass('primary')} data-print="hide">
      {t('imports.new')}
    </Link>
  )
  return (
    <>
      {list.error && !list.data ? (
        <FaultPage error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
          <LoadingBar busy={list.isPending || list.isFetchingNextPage} />
          <div className="flex flex-col gap-2">
            <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('imports.title') }]} />
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <PageHeading>{t('imports.title')}</PageHeading>
              {mayImport && rows?.length !== 0 && begin}
            </div>
            <p className="text-sm text-muted">{t('imports.lead')}</p>
          </div>
          {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
          {rows?.length === 0 ? (
            <div className="flex flex-col items-start gap-2 rounded-md border border-line px-4 py-6">
              <h2 className="text-base">{t('imports.emptyTitle')}</h2>
              <p className="text-sm text-muted">{mayImport ? t('imports.empty') : t('sheet.noRight', { permission: t('permission.IMPORT_DECLARATIONS') })}</p>
              {mayImport && begin}
            </div>
          ) : (
            <RowTable label={t('imports.title')} columns={columnsOf(t)} rows={rows} onOpen={(id) => void navigate({ to: '/imports/$id', params: { id }, search: {} })} />
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
