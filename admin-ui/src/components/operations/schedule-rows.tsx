// The list of schedules: what each does and when, how it stands, its next firing and its last.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { ScheduleEntryPartsFragmentDoc, type SchedulePartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { cronSentence } from '../../lib/cron-text'
import { relativeTo, useNow } from '../../lib/relative'
import { Chip } from '../../ui/chip'
import { TypedText } from '../../ui/typed-text'
import { JobStateChip, ScheduleStateChip } from './chips'
import { type RowColumn, RowTable } from './row-table'
import { commandWord, timesWord, whenWord } from './words'

/** Its fields must be told apart. */
const CRON = 'block [word-spacing:0.35em]'

export type ScheduleRow = SchedulePartsFragment & { last?: FragmentType<typeof ScheduleEntryPartsFragmentDoc> | null }

const columnsOf = (t: TFunction): RowColumn<ScheduleRow>[] => [
  {
    id: 'name',
    word: t('schedules.column.name'),
    width: 'w-[27%]',
    cell: (row) => (
      <>
        <Link to="/settings/schedules/$id" params={{ id: row.id }} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
          <TypedText text={row.name} />
        </Link>
        <span className="block text-sm text-muted">{commandWord(row.command, t)}</span>
      </>
    ),
  },
  {
    id: 'when',
    word: t('schedules.column.when'),
    width: 'w-[22%]',
    cell: (row) => <Times row={row} />,
  },
  { id: 'state', word: t('schedules.column.state'), width: 'w-[11%]', cell: (row) => <ScheduleStateChip state={row.state} /> },
  { id: 'next', word: t('schedules.column.next'), width: 'w-[20%]', cell: (row) => <NextFiring next={row.next} /> },
  { id: 'last', word: t('schedules.column.last'), width: 'w-[20%]', cell: (row) => <LastEntry last={row.last} /> },
]

function Times({ row }: { row: ScheduleRow }) {
  const { t } = useTranslation()
  const known = cronSentence(row.expression, currentLanguage()) !== undefined
  return (
    <>
      <span className={known ? 'block' : CRON}>{timesWord(row, t)}</span>
      {known && <code className={`text-muted ${CRON}`}>{row.expression}</code>}
    </>
  )
}

function NextFiring({ next }: { next: readonly string[] }) {
  const { t } = useTranslation()
  const now = useNow()
  const first = next[0]
  if (!first) return <span className="text-muted">{t('schedules.noNext')}</span>
  return (
    <>
      <time dateTime={first} className="num block">
        {whenWord(first)}
      </time>
      <span className="block text-muted">{relativeTo(first, now, currentLanguage())}</span>
    </>
  )
}

function LastEntry({ last }: Pick<ScheduleRow, 'last'>) {
  const { t } = useTranslation()
  const entry = readFragment(ScheduleEntryPartsFragmentDoc, last)
  if (!entry) return <span className="text-muted">{t('schedules.noLast')}</span>
  if (entry.__typename === 'ScheduleMiss') {
    return (
      <>
        <span className="num block">{whenWord(entry.lastDueAt)}</span>
        <Chip tone="warn" icon="warning">
          {t('schedules.missed', { count: entry.count })}
        </Chip>
      </>
    )
  }
  return (
    <>
      <time dateTime={entry.dueAt} className="num block">
        {whenWord(entry.dueAt)}
      </time>
      <span className="flex flex-wrap gap-1">
        {entry.job && <JobStateChip state={entry.job.state} />}
        {entry.late && (
          <Chip tone="warn" icon="clock">
            {t('schedules.late')}
          </Chip>
        )}
      </span>
    </>
  )
}

export function ScheduleRows({ rows }: { rows: readonly ScheduleRow[] | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t('schedules.table')} columns={columnsOf(t)} rows={rows} onOpen={(id) => void navigate({ to: '/settings/schedules/$id', params: { id } })} />
}
