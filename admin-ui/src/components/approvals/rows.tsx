// The list of requests: what for, who asked and when, until when somebody can agree, and where each stands.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ApprovalRow } from '../../graphql/open-approvals'
import { useNow } from '../../lib/relative'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord, whenWord } from '../operations/words'
import { ApprovalChips } from './chips'
import { aboutWord, kindWord, leftWord } from './words'

export const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)

/** The deadline, and while somebody can decide how long is left. */
export function Until({ row: { expiresAt, status } }: { row: Pick<ApprovalRow, 'expiresAt' | 'status'> }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <>
      <Moment at={expiresAt} />
      {status === 'OPEN' && <span className="num block font-bold">{leftWord(expiresAt, now, t)}</span>}
    </>
  )
}

function State({ row }: { row: ApprovalRow }) {
  const { t } = useTranslation()
  return (
    <>
      <ApprovalChips row={row} />
      {row.decidedBy && (
        <span className="block text-muted">
          <TypedText text={t('approvals.decidedBy', { who: actorWord(row.decidedBy, t) })} />
        </span>
      )}
    </>
  )
}

/** What kind, and about whom or what: the link alone tells one row from the others. */
function What({ row }: { row: ApprovalRow }) {
  const { t } = useTranslation()
  const about = aboutWord(row, t)
  return (
    <Link to="/approvals/$id" params={{ id: row.id }} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 flex-col justify-center touch:min-h-11">
      <span className="font-bold">{kindWord(row.kind, t)}</span>
      {about !== undefined && (
        <>
          {' '}
          <span className={row.about?.__typename === 'DeclarationSubject' ? 'num' : ''}>
            <TypedText text={about} />
          </span>
        </>
      )}
    </Link>
  )
}

const columnsOf = (t: TFunction): RowColumn<ApprovalRow>[] => [
  {
    id: 'what',
    word: t('approvals.column.what'),
    width: 'w-[24%]',
    cell: (row) => <What row={row} />,
  },
  { id: 'by', word: t('approvals.column.by'), width: 'w-[18%]', cell: (row) => <TypedText text={actorWord(row.by, t)} /> },
  { id: 'requestedAt', word: t('approvals.column.requestedAt'), width: 'w-[20%]', cell: (row) => <Moment at={row.requestedAt} /> },
  { id: 'expiresAt', word: t('approvals.column.expiresAt'), width: 'w-[20%]', cell: (row) => <Until row={row} /> },
  { id: 'state', word: t('approvals.column.state'), width: 'w-[18%]', cell: (row) => <State row={row} /> },
]

export function ApprovalRows({ rows }: { rows: readonly ApprovalRow[] | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t('approvals.table')} columns={columnsOf(t)} rows={rows} onOpen={(id) => void navigate({ to: '/approvals/$id', params: { id } })} />
}
