// 一括変更: what was done to many declarations at once, and what is under way. A new one is made in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { BatchList } from '../../components/batch/list-page'
import { Moment } from '../../components/batch/record-page'
import { StageChip } from '../../components/bulk/stage-chip'
import { actionTitle, countWord, stageOf } from '../../components/bulk/words'
import type { RowColumn } from '../../components/operations/row-table'
import { actorWord } from '../../components/operations/words'
import { useSession } from '../../components/session'
import { type BulkPage, bulkChangesQuery } from '../../graphql/bulk'
import { may } from '../../graphql/session'
import { buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/bulk-changes')

type Row = BulkPage['nodes'][number]

const columnsOf = (t: TFunction): RowColumn<Row>[] => [
  {
    id: 'action',
    word: t('bulk.fact.action'),
    width: 'w-[30%]',
    cell: (row) => (
      <Link to="/bulk-changes/$id" params={{ id: row.id }} search={{}} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        {actionTitle(row.action, t)}
      </Link>
    ),
  },
  { id: 'count', word: t('bulk.fact.count'), width: 'w-[12%]', cell: (row) => <span className="num">{countWord(row.count, t)}</span> },
  { id: 'stage', word: t('bulk.column.stage'), width: 'w-[18%]', cell: (row) => <StageChip stage={stageOf(Boolean(row.startedAt), row.state)} /> },
  { id: 'by', word: t('bulk.column.by'), width: 'w-[20%]', cell: (row) => <TypedText text={actorWord(row.frozenBy, t)} /> },
  { id: 'at', word: t('bulk.fact.frozen'), width: 'w-[20%]', cell: (row) => <Moment at={row.frozenAt} /> },
]

export default function BulkChangesPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { shown } = route.useSearch()
  const session = useSession()
  const list = useInfiniteQuery(bulkChangesQuery)
  const mayChange = may(session, 'CHANGE_MANY')
  const begin = mayChange && (
    <div className="flex flex-wrap gap-2" data-print="hide">
      <Link to="/declarations" search={{}} className={buttonClass('primary')}>
        {t('bulk.toList')}
      </Link>
      {may(session, 'CHECK_STATUS') && (
        <Link to="/status-check" search={{}} className={buttonClass()}>
          {t('bulk.toNumbers')}
        </Link>
      )}
    </div>
  )
  return (
    <BatchList
      title={t('bulk.title')}
      lead={t('bulk.lead')}
      list={list}
      rows={list.data?.pages.flatMap((page) => page.nodes)}
      columns={columnsOf(t)}
      shown={shown}
      onShow={(next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })}
      onOpen={(id) => void navigate({ to: '/bulk-changes/$id', params: { id }, search: {} })}
      begin={begin}
      empty={{ title: t('bulk.emptyTitle'), text: mayChange ? t('bulk.empty') : t('sheet.noRight', { permission: t('permission.CHANGE_MANY') }), step: begin }}
    />
  )
}
