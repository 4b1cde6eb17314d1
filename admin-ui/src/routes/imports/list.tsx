// 取り込み: files of old registers that were taken over, or are on their way. A new one is sent in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { BatchList } from '../../components/batch/list-page'
import { Moment } from '../../components/batch/record-page'
import { StageChip } from '../../components/imports/stage-chip'
import { fileWord, rowsWord, stageOf } from '../../components/imports/words'
import type { RowColumn } from '../../components/operations/row-table'
import { actorWord } from '../../components/operations/words'
import { useSession } from '../../components/session'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { ImportCountPartsFragmentDoc } from '../../graphql/gql/graphql'
import { type ImportPage, importsQuery } from '../../graphql/import'
import { may } from '../../graphql/session'
import { buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/imports')

type Row = ImportPage['nodes'][number]

const countsOf = (row: Row) => readFragment(ImportCountPartsFragmentDoc, row.finished ?? row.tried)

const columnsOf = (t: TFunction): RowColumn<Row>[] => [
  {
    id: 'at',
    word: t('imports.fact.uploaded'),
    width: 'w-[20%]',
    cell: (row) => (
      <Link to="/imports/$id" params={{ id: row.id }} search={{}} data-row-link={row.id} className="num -mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        <Moment at={row.uploadedAt} />
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
  const navigate = route.useNavigate()
  const { shown } = route.useSearch()
  const list = useInfiniteQuery(importsQuery)
  const mayImport = may(useSession(), 'IMPORT_DECLARATIONS')
  const begin = mayImport && (
    <Link to="/imports/new" className={buttonClass('primary')} data-print="hide">
      {t('imports.new')}
    </Link>
  )
  return (
    <BatchList
      title={t('imports.title')}
      lead={t('imports.lead')}
      list={list}
      rows={list.data?.pages.flatMap((page) => page.nodes)}
      columns={columnsOf(t)}
      shown={shown}
      onShow={(next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })}
      onOpen={(id) => void navigate({ to: '/imports/$id', params: { id }, search: {} })}
      begin={begin}
      empty={{ title: t('imports.emptyTitle'), text: mayImport ? t('imports.empty') : t('sheet.noRight', { permission: t('permission.IMPORT_DECLARATIONS') }), step: begin }}
    />
  )
}
