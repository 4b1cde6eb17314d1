// The record of reads: when, who, what was shown of whom, from where, and the id that the server's log has for it.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type ReadRow, tokenReader } from '../../graphql/audit'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import type { ReadsSearch } from '../../lib/search-params'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord } from '../operations/words'
import { CaseLink } from './case-link'
import { Moment } from './moment'
import { RequestId } from './request-id'
import { partWord, purposeWord } from './words'

/** Links at once in one row; the others unfold. */
const AT_ONCE = 3
const LINK = 'num inline-flex min-h-6 items-center touch:min-h-11'

interface LinkProps {
  row: ReadRow
  place: number
}

/** The first link of a row is where the keyboard stands. Mails, imports and cases have no numbers that people know. */
function RecordLink({ row, place }: LinkProps) {
  const { t } = useTranslation()
  const [declaration, mail, imported, found] = [row.declarations[place], row.mails[place], row.imports[place], row.cases[place]]
  const shared = { 'data-row-link': place === 0 ? row.id : undefined, className: LINK }
  const nth = row.records > 1 ? ` ${place + 1}` : ''
  if (declaration)
    return (
      <Link to="/declarations/$id" params={{ id: declaration.id }} {...shared}>
        {formatDeclarationNumber(declaration.number)}
      </Link>
    )
  if (mail)
    return (
      <Link to="/settings/mail/$id" params={{ id: mail }} {...shared}>
        {t('audit.mailLink')}
        {nth}
      </Link>
    )
  if (imported)
    return (
      <Link to="/imports/$id" params={{ id: imported }} {...shared}>
        {t('audit.work.IMPORT')}
        {nth}
      </Link>
    )
  return found ? <CaseLink found={found} nth={nth} {...shared} /> : null
}

const Links = ({ row, from, to }: { row: ReadRow; from: number; to: number }) => (
  <span className="flex flex-wrap gap-x-3">
    {Array.from({ length: Math.max(0, to - from) }, (_, index) => (
      <RecordLink key={from + index} row={row} place={from + index} />
    ))}
  </span>
)

/** What was shown; `named`: those of it that can be linked to, which may be fewer. */
function Records({ row }: { row: ReadRow }) {
  const { t } = useTranslation()
  const count = (value: number) => formatCount(value, currentLanguage())
  const named = row.declarations.length || row.mails.length || row.imports.length || row.cases.length
  if (named === 0) {
    // Where the keyboard stands in a row without a link.
    return (
      <span tabIndex={-1} data-row-link={row.id}>
        {t(row.part === 'mail' ? 'audit.mailCount' : 'audit.recordCount', { count: row.records, total: count(row.records) })}
      </span>
    )
  }
  const rest = row.records - Math.min(named, AT_ONCE)
  return (
    <>
      <Links row={row} from={0} to={Math.min(named, AT_ONCE)} />
      {rest > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer text-muted">{t('audit.moreRecords', { count: rest, total: count(rest) })}</summary>
          <Links row={row} from={AT_ONCE} to={named} />
          {row.records > named && <span className="block text-muted">{t('audit.namedOnly', { named: count(named), total: count(row.records) })}</span>}
        </details>
      )}
    </>
  )
}

/** The account, as the way to all of its reads. */
function Who({ row, question }: { row: ReadRow; question: ReadsSearch }) {
  const { t } = useTranslation()
  const word = <TypedText text={actorWord(row.by, t)} />
  const reader = row.tokenId ? tokenReader(row.tokenId) : row.staffId
  if (!reader || reader === question.staff) return word
  return (
    <Link to="/audit" search={{ ...question, shown: undefined, staff: reader }} title={t('audit.onlyThisAccount')} className="-mt-0.5 inline-flex min-h-6 items-center text-text decoration-dotted touch:min-h-11">
      {word}
    </Link>
  )
}

const columnsOf = (question: ReadsSearch, t: TFunction): RowColumn<ReadRow>[] => [
  { id: 'at', word: t('audit.column.at'), width: 'w-[13%]', cell: (row) => <Moment at={row.at} /> },
  { id: 'who', word: t('audit.column.who'), width: 'w-[15%]', cell: (row) => <Who row={row} question={question} /> },
  { id: 'part', word: t('audit.column.part'), width: 'w-[14%]', cell: (row) => <TypedText text={partWord(row.part, t)} /> },
  { id: 'records', word: t('audit.column.records'), width: 'w-[22%]', cell: (row) => <Records row={row} /> },
  {
    id: 'purpose',
    word: t('audit.column.purpose'),
    width: 'w-[16%]',
    cell: (row) => (
      <span title={row.purpose} className="break-words">
        <TypedText text={purposeWord(row.purpose, t)} />
      </span>
    ),
  },
  { id: 'request', word: t('audit.column.request'), width: 'w-[20%]', cell: (row) => <RequestId id={row.requestId} /> },
]

interface Props {
  rows: readonly ReadRow[] | undefined
  question: ReadsSearch
  stale: boolean
}

export function ReadRows({ rows, question, stale }: Props) {
  const { t } = useTranslation()
  return <RowTable label={t('audit.reads.title')} columns={columnsOf(question, t)} rows={rows} stale={stale} printed />
}
