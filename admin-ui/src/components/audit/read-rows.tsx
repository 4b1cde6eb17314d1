// The record of reads: when, who, what was shown of whom, from where, and the id that the server's log has for it.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type ReadRow, tokenReader } from '../../graphql/audit'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDeclarationNumber } from '../../lib/format'
import type { ReadsSearch } from '../../lib/search-params'
import { CopyButton } from '../../ui/copy-button'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord } from '../operations/words'
import { Moment } from './moment'
import { partWord, purposeWord } from './words'

/** Links at once in one row; the others unfold. */
const AT_ONCE = 3
const LINK = 'num inline-flex min-h-6 items-center touch:min-h-11'

interface NumberProps {
  row: ReadRow
  place: number
}

/** The first link of a row is where the keyboard stands. */
function NumberLink({ row, place }: NumberProps) {
  const declaration = row.declarations[place]
  if (!declaration) return null
  return (
    <Link to="/declarations/$id" params={{ id: declaration.id }} data-row-link={place === 0 ? row.id : undefined} className={LINK}>
      {formatDeclarationNumber(declaration.number)}
    </Link>
  )
}

/** A link to what is no declaration: mails and cases have no numbers that people know. */
function OtherLink({ row, place }: NumberProps) {
  const { t } = useTranslation()
  const mail = row.mails[place]
  const found = row.cases[place]
  const shared = { 'data-row-link': place === 0 ? row.id : undefined, className: LINK }
  const nth = row.records > 1 ? ` ${place + 1}` : ''
  if (mail)
    return (
      <Link to="/settings/mail/$id" params={{ id: mail }} {...shared}>
        {t('audit.mailLink')}
        {nth}
      </Link>
    )
  if (!found) return null
  if (!found.request)
    return (
      <Link to="/incidents/$id" params={{ id: found.id }} {...shared}>
        {t('audit.incidentLink')}
        {nth}
      </Link>
    )
  return (
    <Link to="/requests/$id" params={{ id: found.id }} {...shared}>
      {t('audit.requestLink', { kind: t(`audit.requestKind.${found.request}`) })}
      {nth}
    </Link>
  )
}

function Others({ row, named }: { row: ReadRow; named: number }) {
  const { t } = useTranslation()
  const count = (value: number) => formatCount(value, currentLanguage())
  const places = Array.from({ length: named }, (_, place) => place)
  return (
    <>
      <span className="flex flex-wrap gap-x-3">
        {places.slice(0, AT_ONCE).map((place) => (
          <OtherLink key={place} row={row} place={place} />
        ))}
      </span>
      {row.records > AT_ONCE && (
        <details>
          <summary className="min-h-6 cursor-pointer text-muted">{t('audit.moreRecords', { count: row.records - AT_ONCE, total: count(row.records - AT_ONCE) })}</summary>
          <span className="flex flex-wrap gap-x-3">
            {places.slice(AT_ONCE).map((place) => (
              <OtherLink key={place} row={row} place={place} />
            ))}
          </span>
          {row.records > named && <span className="block text-muted">{t('audit.namedOnly', { named: count(named), total: count(row.records) })}</span>}
        </details>
      )}
    </>
  )
}

function Records({ row }: { row: ReadRow }) {
  const { t } = useTranslation()
  const count = (value: number) => formatCount(value, currentLanguage())
  const named = row.declarations.length
  const others = row.mails.length || row.cases.length
  if (others > 0) return <Others row={row} named={others} />
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
      <span className="flex flex-wrap gap-x-3">
        {row.declarations.slice(0, AT_ONCE).map(({ id }, place) => (
          <NumberLink key={id} row={row} place={place} />
        ))}
      </span>
      {rest > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer text-muted">{t('audit.moreRecords', { count: rest, total: count(rest) })}</summary>
          <span className="flex flex-wrap gap-x-3">
            {row.declarations.slice(AT_ONCE).map(({ id }, index) => (
              <NumberLink key={id} row={row} place={AT_ONCE + index} />
            ))}
          </span>
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

function RequestId({ row }: { row: ReadRow }) {
  const { t } = useTranslation()
  return (
    <span className="flex items-start gap-1">
      <code className="mono min-w-0 text-xs leading-6 break-all">{row.requestId}</code>
      <CopyButton text={row.requestId} label={t('audit.copyRequestId')} />
    </span>
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
  { id: 'request', word: t('audit.column.request'), width: 'w-[20%]', cell: (row) => <RequestId row={row} /> },
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
