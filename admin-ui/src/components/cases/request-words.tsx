// Requests of data subjects in words and chips, and their table.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { RequestRow } from '../../graphql/cases'
import type { PrivacyRequestStatus } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate, today } from '../../lib/format'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { Due } from './due'

const LOOKS: Record<PrivacyRequestStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'warn', icon: 'clock' },
  PAUSED: { tone: 'quiet', icon: 'pause' },
  DECIDED: { tone: 'busy', icon: 'edit' },
  ANSWERED: { tone: 'good', icon: 'mail' },
  CLOSED: { tone: 'quiet', icon: 'check' },
}

export const requestTitle = ({ kind }: Pick<RequestRow, 'kind'>, t: TFunction) => t('requests.heading', { kind: t(`requests.kind.${kind}`) })

export function RequestChips({ row: { status, outcome } }: { row: Pick<RequestRow, 'status' | 'outcome'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Chip {...LOOKS[status]}>{t(`requests.state.${status}`)}</Chip>
      {outcome && <span className="text-sm">{t(`requests.outcome.${outcome}`)}</span>}
    </span>
  )
}

/** Whether the term still runs: once it is decided it has ended. */
export const hasTerm = (status: PrivacyRequestStatus) => status === 'OPEN' || status === 'PAUSED'

const columnsOf = (day: string, t: TFunction): RowColumn<RequestRow>[] => [
  {
    id: 'what',
    word: t('requests.column.what'),
    width: 'w-[24%]',
    cell: (row) => (
      <Link to="/requests/$id" params={{ id: row.id }} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        {requestTitle(row, t)}
      </Link>
    ),
  },
  { id: 'received', word: t('requests.column.received'), width: 'w-[17%]', cell: (row) => <time dateTime={row.receivedOn} className="num">{formatDate(row.receivedOn, currentLanguage(), 'dateWithDay')}</time> },
  { id: 'due', word: t('requests.column.due'), width: 'w-[20%]', cell: (row) => (hasTerm(row.status) ? <Due on={row.dueOn} today={day} still={row.status === 'PAUSED'} /> : <time dateTime={row.dueOn} className="num text-muted">{formatDate(row.dueOn, currentLanguage(), 'dateWithDay')}</time>) },
  { id: 'handler', word: t('requests.column.handler'), width: 'w-[17%]', cell: (row) => (row.handler ? <TypedText text={row.handler} /> : <span className="text-muted">{t('requests.noHandler')}</span>) },
  { id: 'state', word: t('requests.column.state'), width: 'w-[22%]', cell: (row) => <RequestChips row={row} /> },
]

export function RequestRows({ rows }: { rows: readonly RequestRow[] | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t('requests.table')} columns={columnsOf(today(), t)} rows={rows} onOpen={(id) => void navigate({ to: '/requests/$id', params: { id } })} />
}
