// 書き出し: files with a view of the register, one's own and, for whoever may audit, everybody's. A new one is asked for in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../components/declarations/row-keys'
import { ExportStateChip } from '../../components/exports/state-chip'
import { recordsWord } from '../../components/exports/words'
import { FaultBand, FaultPage } from '../../components/fault'
import { type RowColumn, RowTable } from '../../components/operations/row-table'
import { actorWord, whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { may } from '../../graphql/session'
import { type ExportRow, exportsQuery } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Button, buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/exports')

const columnsOf = (t: TFunction, everybody: boolean): RowColumn<ExportRow>[] => [
  {
    id: 'file',
    word: t('exports.fact.file'),
    width: 'w-[24%]',
    cell: (row) => (
      <>
        <Link to="/exports/$id" params={{ id: row.id }} search={{}} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
          {t(`exports.format.${row.format}`)}
        </Link>
        <span className="block text-muted">
          {t('exports.columnCount', { count: row.columns.length })}
          {(row.file?.isPersonal ?? row.asksForPersons) && `${t('app.separator')}${t('exports.personal.short')}`}
        </span>
      </>
    ),
  },
  { id: 'records', word: t('exports.fact.records'), width: 'w-[12%]', cell: (row) => <span className="num">{recordsWord(row, t)}</span> },
  { id: 'state', word: t('exports.fact.state'), width: 'w-[16%]', cell: (row) => <ExportStateChip state={row.state} /> },
  ...(everybody ? [{ id: 'by', word: t('exports.fact.by'), width: 'w-[14%]', cell: (row: ExportRow) => <TypedText text={actorWord(row.requestedBy, t)} /> }] : []),
  { id: 'at', word: t('exports.fact.requestedAt'), width: 'w-[16%]', cell: (row) => <Moment at={row.requestedAt} /> },
  {
    id: 'taken',
    word: t('exports.fact.taken'),
    width: 'w-[12%]',
    cell: (row) => (row.taken === 0 ? <span className="text-muted">{t('exports.notTaken')}</span> : <span className="num">{t('exports.times', { total: formatCount(row.taken, currentLanguage()) })}</span>),
  },
  { id: 'until', word: t('exports.fact.until'), width: 'w-[16%]', cell: (row) => (row.endedAt ? <span className="text-muted">{t('exports.isOver')}</span> : <Moment at={row.expiresAt} />) },
]

const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)

function Owners({ of }: { of: 'MINE' | 'ALL' }) {
  const { t } = useTranslation()
  const look = (current: boolean) => `flex min-h-11 items-center rounded-md border px-3 text-sm no-underline text-text hover:bg-hover ${current ? 'border-accent bg-selected font-bold' : 'border-control'}`
  return (
    <nav aria-label={t('exports.owners')} data-print="hide">
      <ul className="flex flex-wrap gap-2">
        {(['MINE', 'ALL'] as const).map((owner) => (
          <li key={owner}>
            <Link to="/exports" search={owner === 'ALL' ? { of: 'ALL' } : {}} replace aria-current={of === owner ? 'true' : undefined} className={look(of === owner)}>
              {t(`exports.owner.${owner}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export default function ExportsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const audits = may(session, 'READ_AUDIT')
  const { of: asked } = route.useSearch()
  const of = audits ? (asked ?? (may(session, 'EXPORT_DECLARATIONS') ? 'MINE' : 'ALL')) : 'MINE'
  const list = useInfiniteQuery(exportsQuery(of))
  useWindowTitle(t('exports.title'))
  useRowKeys()
  const rows = list.data?.pages.flatMap((page) => page.rows)
  return (
    <>
      {list.error && !list.data ? (
        <FaultPage error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
          <LoadingBar busy={list.isPending || list.isFetchingNextPage} />
          <div className="flex flex-col gap-2">
            <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('exports.title') }]} />
            <PageHeading>{t('exports.title')}</PageHeading>
            <p className="text-sm text-muted">{t('exports.lead')}</p>
          </div>
          {audits && may(session, 'EXPORT_DECLARATIONS') && <Owners of={of} />}
          {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
          {rows?.length === 0 ? (
            <div className="flex flex-col items-start gap-2 rounded-md border border-line px-4 py-6">
              <h2 className="text-base">{t('exports.emptyTitle')}</h2>
              <p className="text-sm text-muted">{t('exports.empty')}</p>
              <Link to="/declarations" search={{}} className={buttonClass()}>
                {t('exports.toList')}
              </Link>
            </div>
          ) : (
            <RowTable label={t('exports.title')} columns={columnsOf(t, of === 'ALL')} rows={rows} onOpen={(id) => void navigate({ to: '/exports/$id', params: { id }, search: {} })} />
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
