// 書き出し: files with a view of the register, one's own and, for whoever may audit, everybody's. A new one is asked for in a sheet over it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { BatchList } from '../../components/batch/list-page'
import { Moment } from '../../components/batch/record-page'
import { ExportStateChip } from '../../components/exports/state-chip'
import { recordsWord } from '../../components/exports/words'
import type { RowColumn } from '../../components/operations/row-table'
import { actorWord } from '../../components/operations/words'
import { useSession } from '../../components/session'
import { may } from '../../graphql/session'
import { type ExportRow, exportsQuery } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { buttonClass } from '../../ui/button'
import { tabLink } from '../../ui/tab'
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
    cell: (row) => (row.taken === 0 ? <span className="text-muted">{t('exports.notTaken')}</span> : <span className="num">{t('exports.times', { count: row.taken, total: formatCount(row.taken, currentLanguage()) })}</span>),
  },
  { id: 'until', word: t('exports.fact.until'), width: 'w-[16%]', cell: (row) => (row.endedAt ? <span className="text-muted">{t('exports.isOver')}</span> : <Moment at={row.expiresAt} />) },
]

function Owners({ of }: { of: 'MINE' | 'ALL' }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('exports.owners')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {(['MINE', 'ALL'] as const).map((owner) => (
          <li key={owner}>
            <Link to="/exports" search={owner === 'ALL' ? { of: 'ALL' } : {}} replace {...tabLink(of === owner)}>
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
  const navigate = route.useNavigate()
  const session = useSession()
  const audits = may(session, 'READ_AUDIT')
  const mayExport = may(session, 'EXPORT_DECLARATIONS')
  const { of: asked, shown } = route.useSearch()
  const of = audits ? (asked ?? (mayExport ? 'MINE' : 'ALL')) : 'MINE'
  const list = useInfiniteQuery(exportsQuery(of))
  const begin = mayExport && (
    <Link to="/declarations" search={{}} className={buttonClass('primary')} data-print="hide">
      {t('exports.toList')}
    </Link>
  )
  return (
    <BatchList
      title={t('exports.title')}
      lead={t('exports.lead')}
      list={list}
      rows={list.data?.pages.flatMap((page) => page.rows)}
      columns={columnsOf(t, of === 'ALL')}
      shown={shown}
      onShow={(next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })}
      onOpen={(id) => void navigate({ to: '/exports/$id', params: { id }, search: {} })}
      begin={begin}
      above={audits && mayExport && <Owners of={of} />}
      empty={{ title: t('exports.emptyTitle'), text: t('exports.empty'), step: begin }}
    />
  )
}
