// What a trial found: every refused row, and doubts about others, each with what stands there and what to do.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type FoundRow, type ImportRecord, importRowsQuery } from '../../graphql/import'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { tabLink } from '../../ui/tab'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { type RowColumn, RowTable } from '../operations/row-table'
import { codeWord, foundWord } from './words'

type Shown = FoundRow & { id: string }

function Found({ found, t }: { found: FoundRow['found']; t: TFunction }) {
  if (found.__typename !== 'OpenText') return <span className="text-muted">{t('closed.short')}</span>
  if (found.text === '') return <span className="text-muted">{t('imports.map.empty')}</span>
  return (
    <span className="break-words">
      <TypedText text={found.text} />
    </span>
  )
}

const columnsOf = (t: TFunction): RowColumn<Shown>[] => [
  { id: 'row', word: t('imports.column.row'), width: 'w-[10%]', cell: ({ row }) => <span className="num">{formatCount(row, currentLanguage())}</span> },
  {
    id: 'outcome',
    word: t('imports.column.outcome'),
    width: 'w-[14%]',
    cell: ({ refused }) => (
      <span className="inline-flex items-center gap-1">
        <Icon name={refused ? 'stop' : 'warning'} className={`size-4 ${refused ? 'text-bad' : 'text-warn'}`} />
        {t(refused ? 'imports.refused' : 'imports.warned')}
      </span>
    ),
  },
  { id: 'heading', word: t('imports.column.heading'), width: 'w-[14%]', cell: ({ heading }) => heading ?? <span className="text-muted">{t('imports.wholeRow')}</span> },
  { id: 'found', word: t('imports.column.found'), width: 'w-[24%]', cell: ({ found }) => <Found found={found} t={t} /> },
  { id: 'message', word: t('imports.column.message'), width: 'w-[38%]', cell: (row) => foundWord(row) },
]

interface Props {
  record: ImportRecord
  trial: string
  code: string | undefined
  of: 'warnings' | undefined
}

export function FoundCounts({ record, code, of }: Omit<Props, 'trial'>) {
  const { t } = useTranslation()
  const total = (refused: boolean) => record.found.filter((it) => it.refused === refused).reduce((sum, { count }) => sum + count, 0)
  const all = code === undefined
  const count = (number: number) => <span className="num">{t('imports.count', { total: formatCount(number, currentLanguage()) })}</span>
  return (
    <nav aria-label={t('imports.found')}>
      <ul className="flex flex-wrap gap-1">
        <li>
          <Link to="/imports/$id" params={{ id: record.id }} search={{}} replace resetScroll={false} {...tabLink(all && of === undefined)}>
            {t('imports.allRefused')} {count(total(true))}
          </Link>
        </li>
        <li>
          <Link to="/imports/$id" params={{ id: record.id }} search={{ of: 'warnings' }} replace resetScroll={false} {...tabLink(all && of !== undefined)}>
            {t('imports.allFound')} {count(total(true) + total(false))}
          </Link>
        </li>
        {record.found.map((found) => (
          <li key={found.code}>
            <Link to="/imports/$id" params={{ id: record.id }} search={{ code: found.code }} replace resetScroll={false} {...tabLink(code === found.code)}>
              <Icon name={found.refused ? 'stop' : 'warning'} className={`size-4 ${found.refused ? 'text-bad' : 'text-warn'}`} />
              {codeWord(found.code, t)} {count(found.count)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function FoundRows({ record, trial, code, of }: Props) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(importRowsQuery(record.id, trial, of === undefined, code))
  const rows = list.data?.pages.flatMap((page) => page.nodes.map((node) => ({ ...node, id: `${node.ordinal}` })))
  if (rows?.length === 0 && !list.isPlaceholderData) return <p className="text-sm text-muted">{t('imports.nothingFound')}</p>
  return (
    <>
      {list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      <RowTable beside label={t('imports.found')} columns={columnsOf(t)} rows={rows} stale={list.isPlaceholderData} />
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
