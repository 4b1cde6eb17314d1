// The records of a bulk change: what becomes of each, what is different, and why it is left as it is.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { BulkOutcome } from '../../graphql/gql/graphql'
import { type BulkRow, bulkRowsQuery, type Progress } from '../../graphql/bulk'
import { formatDeclarationNumber } from '../../lib/format'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { useRowKeys } from '../declarations/row-keys'
import { FaultBand } from '../fault'
import { type RowColumn, RowTable } from '../operations/row-table'
import { OutcomeWord } from './counts'
import { sideWord, whatWord } from './words'

type Shown = BulkRow & { id: string }

function Differences({ row, t }: { row: BulkRow; t: TFunction }) {
  if (row.differences.length === 0) return <span className="text-muted">—</span>
  return (
    <ul>
      {row.differences.map((of) => (
        <li key={of.what}>
          <span className="text-muted">{whatWord(of.what, t)}: </span>
          <span className="sr-only">{t('bulk.before')}</span>
          <del className="text-muted">
            <TypedText text={sideWord(of, of.before, t)} />
          </del>
          <span aria-hidden="true"> → </span>
          <span className="sr-only">{t('bulk.after')}</span>
          <ins className="font-medium no-underline">
            <TypedText text={sideWord(of, of.after, t)} />
          </ins>
        </li>
      ))}
    </ul>
  )
}

const columnsOf = (ran: boolean, t: TFunction): RowColumn<Shown>[] => [
  {
    id: 'number',
    word: t('list.column.number'),
    width: 'w-[16%]',
    cell: (row) =>
      row.number ? (
        <Link to="/declarations/$id" params={{ id: row.declarationId }} data-row-link={row.id} className="num inline-flex min-h-6 items-center touch:min-h-11">
          {formatDeclarationNumber(row.number)}
        </Link>
      ) : (
        <span className="text-muted">{t('bulk.noNumber')}</span>
      ),
  },
  {
    id: 'outcome',
    word: t('bulk.column.outcome'),
    width: 'w-[18%]',
    cell: (row) => {
      const outcome = ran ? row.outcome : row.trial
      return outcome ? <OutcomeWord outcome={outcome} ran={ran} /> : <span className="text-muted">{t('bulk.open')}</span>
    },
  },
  { id: 'differences', word: t('bulk.column.differences'), width: 'w-[36%]', cell: (row) => <Differences row={row} t={t} /> },
  { id: 'message', word: t('bulk.column.message'), width: 'w-[30%]', cell: (row) => (row.message ? <TypedText text={row.message} /> : <span className="text-muted">—</span>) },
]

export function BulkRows({ id, progress, ran, outcome }: { id: string; progress: Progress; ran: boolean; outcome: BulkOutcome | undefined }) {
  const { t } = useTranslation()
  useRowKeys()
  // Not with every record that becomes known: that would be a question each second.
  const known = progress.done === progress.total ? progress.done : 0
  const list = useInfiniteQuery(bulkRowsQuery(id, ran ? 'RUN' : 'TRIAL', outcome, known))
  const rows = list.data?.pages.flatMap((page) => page.nodes.map((node) => ({ ...node, id: `${node.ordinal}` })))
  if (rows?.length === 0 && !list.isPlaceholderData) return <p className="text-sm text-muted">{t('bulk.noRows')}</p>
  return (
    <>
      {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      <RowTable beside label={t('bulk.rows')} columns={columnsOf(ran, t)} rows={rows} stale={list.isPlaceholderData} />
      {list.hasNextPage && (
        <p data-print="hide">
          <Button data-more onClick={() => void list.fetchNextPage()} reason={list.isFetchingNextPage ? t('app.loading') : undefined}>
            {t('action.more')}
          </Button>
        </p>
      )}
    </>
  )
}
