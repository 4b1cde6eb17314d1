// The rows of the ledger: one for each mail and recipient; cards where it is narrow.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailRow } from '../../graphql/mail'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { SaidLine } from '../said'
import { ClosedNote, mailLabel, MailStateChip, outcomeWord, Recipient, When } from './words'

const COLUMNS = [
  { id: 'state', width: 'w-[9.25rem]' },
  { id: 'recipient', width: '' },
  { id: 'class', width: 'w-[7rem]' },
  { id: 'queuedAt', width: 'w-[7.5rem]' },
  { id: 'outcome', width: 'w-[12.5rem] 2xl:w-72' },
  { id: 'attempts', width: 'w-[3.5rem]' },
  { id: 'nextTry', width: 'w-[7.5rem]' },
] as const
type ColumnId = (typeof COLUMNS)[number]['id']

interface Props {
  rows: MailRow[] | undefined
  /** Rows of an earlier question, shown until the new answer comes. */
  stale: boolean
  chosen: ReadonlySet<string>
  /** Undefined for those who may decide nothing. */
  onChoose: ((ids: string[], chosen: boolean) => void) | undefined
}

const HEAD = 'border-b border-control bg-surface px-1.5 py-1.5 text-left font-bold lg:sticky lg:top-14 lg:z-10'
const CELL = 'border-b border-line px-1.5 py-1.5 align-top max-lg:border-0 max-lg:p-0 max-lg:py-0.5'

// The roles are written out because a table that is laid out as cards would lose them.
export function MailTable({ rows, stale, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const all = rows !== undefined && rows.length > 0 && rows.every((row) => chosen.has(row.id))
  const some = !all && rows?.some((row) => chosen.has(row.id))
  return (
    <table role="table" aria-label={t('mailList.table')} aria-busy={stale || rows === undefined} className="records w-full table-fixed border-separate border-spacing-0 text-sm leading-normal">
      <thead role="rowgroup" className="max-lg:block max-lg:border-b max-lg:border-control">
        <tr role="row" className="max-lg:block">
          {onChoose && <th role="columnheader" scope="col" data-print="hide" className={`${HEAD} w-10 max-lg:block max-lg:w-auto max-lg:border-0 max-lg:bg-transparent max-lg:font-normal`}>
            <label className="flex min-h-6 items-center gap-2 touch:min-h-11">
              <input
                type="checkbox"
                className="size-5 accent-accent"
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = Boolean(some)
                }}
                aria-label={t('mailList.selectAll')}
                onChange={(event) => onChoose(rows?.map((row) => row.id) ?? [], event.target.checked)}
              />
              <span aria-hidden="true" className="lg:hidden">
                {t('mailList.selectAll')}
              </span>
            </label>
          </th>}
          {COLUMNS.map(({ id, width }) => (
            <th key={id} role="columnheader" scope="col" className={`${HEAD} ${width} max-lg:sr-only`}>
              {t(`mailList.${id}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className={stale ? 'opacity-60' : ''}>
        {rows ? rows.map((row) => <Row key={row.id} row={row} chosen={chosen.has(row.id)} onChoose={onChoose} />) : Array.from({ length: 8 }, (_, index) => <SkeletonRow key={index} choosable={Boolean(onChoose)} />)}
      </tbody>
    </table>
  )
}

function Row({ row, chosen, onChoose }: { row: MailRow; chosen: boolean; onChoose: Props['onChoose'] }) {
  const { t } = useTranslation()
  return (
    <tr role="row" data-current={chosen} className={`bg-bg focus-within:bg-hover hover:bg-hover data-[current=true]:bg-selected max-lg:relative max-lg:block max-lg:border-b max-lg:border-line max-lg:py-3 ${onChoose ? 'max-lg:pl-10' : ''}`}>
      {onChoose && (
        <td role="cell" data-print="hide" className={`${CELL} max-lg:absolute max-lg:top-2.5 max-lg:left-0`}>
          <label className="flex min-h-6 items-center justify-center touch:min-h-11">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={chosen}
              aria-label={t('mailList.selectOne', { what: mailLabel(row, t) })}
              onChange={(event) => onChoose([row.id], event.target.checked)}
            />
          </label>
        </td>
      )}
      {COLUMNS.map(({ id }) => {
        const content = CONTENT[id](row)
        return (
          <td key={id} role="cell" className={`${CELL} max-lg:flex max-lg:gap-3 ${content ? '' : 'max-lg:hidden'}`}>
            {id !== 'state' && id !== 'recipient' && (
              <span data-card-label className="w-24 shrink-0 text-muted lg:hidden">
                {t(`mailList.${id}`)}
              </span>
            )}
            <span className="block min-w-0">{content}</span>
          </td>
        )
      })}
    </tr>
  )
}

const CONTENT: Record<ColumnId, (row: MailRow) => ReactNode> = {
  state: (row) => <MailStateChip state={row.state} />,
  recipient: (row) => <RecipientCell row={row} />,
  class: (row) => <ClassWord row={row} />,
  queuedAt: (row) => <When at={row.queuedAt} />,
  outcome: (row) => row.outcome && <OutcomeCell outcome={row.outcome} reply={row.reply} />,
  attempts: (row) => <span className="num">{row.attempt}</span>,
  nextTry: (row) => row.nextTryAt && <When at={row.nextTryAt} />,
}

function ClassWord({ row }: { row: MailRow }) {
  const { t } = useTranslation()
  return <span title={t(`mailClassHelp.${row.class}`)}>{t(`mailClass.${row.class}`)}</span>
}

function OutcomeCell({ outcome, reply }: Pick<MailRow, 'reply'> & { outcome: string }) {
  const { t } = useTranslation()
  return (
    <>
      {outcomeWord(outcome, t)}
      {reply && <SaidLine said={reply} className="line-clamp-2 text-xs text-muted" />}
    </>
  )
}

function RecipientCell({ row }: { row: MailRow }) {
  const { t } = useTranslation()
  const { heading } = row
  return (
    <>
      <Link to="/settings/mail/$id" params={{ id: row.id }} data-row-link={row.id} className="inline-block min-h-6 font-medium no-underline hover:underline">
        {heading.__typename === 'MailHeading' ? <TypedText text={heading.subject} /> : <ClosedNote closed={heading} />}
        {/* Closed ones are told apart by when they were queued. */}
        {heading.__typename !== 'MailHeading' && <span className="sr-only"> {mailLabel(row, t)}</span>}
      </Link>
      {heading.__typename === 'MailHeading' && (
        <span className="block text-[0.8125rem]">
          <Recipient heading={heading} />
        </span>
      )}
    </>
  )
}

function SkeletonRow({ choosable }: { choosable: boolean }) {
  return (
    <tr role="row" className="max-lg:block max-lg:py-3">
      {choosable && (
        <td role="cell" className={CELL}>
          <Skeleton className="size-5" />
        </td>
      )}
      {COLUMNS.map(({ id }) => (
        <td key={id} role="cell" className={`${CELL} h-14 max-lg:block max-lg:h-auto`}>
          <Skeleton className="w-4/5" />
        </td>
      ))}
    </tr>
  )
}
