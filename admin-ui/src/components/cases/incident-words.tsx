// Incidents in words and chips, and their table.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { IncidentRow } from '../../graphql/cases'
import type { IncidentCategory, IncidentStatus } from '../../graphql/gql/graphql'
import { today } from '../../lib/format'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { type RowColumn, RowTable } from '../operations/row-table'
import { whenWord } from '../operations/words'
import { Due } from './due'

const LOOKS: Record<IncidentStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'bad', icon: 'warning' },
  FIRST_REPORTED: { tone: 'warn', icon: 'clock' },
  FINAL_REPORTED: { tone: 'good', icon: 'check' },
  CLOSED: { tone: 'quiet', icon: 'check' },
}

export const incidentTitle = ({ awareAt }: Pick<IncidentRow, 'awareAt'>, t: TFunction) => t('incidents.heading', { when: whenWord(awareAt) })

export const categoriesWord = (categories: readonly IncidentCategory[], t: TFunction) =>
  categories.length === 0 ? t('incidents.noCategory') : categories.map((category) => t(`incidents.category.${category}`)).join(t('app.separator'))

export function IncidentChip({ status }: { status: IncidentStatus }) {
  const { t } = useTranslation()
  return <Chip {...LOOKS[status]}>{t(`incidents.state.${status}`)}</Chip>
}

export function NextDue({ row: { nextDue }, day }: { row: Pick<IncidentRow, 'nextDue'>; day: string }) {
  const { t } = useTranslation()
  if (!nextDue) return <span className="text-muted">{t('cases.noDue')}</span>
  return (
    <>
      <span className="block">{t(`incidents.stage.${nextDue.stage}`)}</span>
      <Due on={nextDue.on} today={day} />
    </>
  )
}

const columnsOf = (day: string, t: TFunction): RowColumn<IncidentRow>[] => [
  {
    id: 'what',
    word: t('incidents.column.what'),
    width: 'w-[24%]',
    cell: (row) => (
      <Link to="/incidents/$id" params={{ id: row.id }} data-row-link={row.id} className="num -mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
        {whenWord(row.awareAt)}
      </Link>
    ),
  },
  { id: 'categories', word: t('incidents.column.categories'), width: 'w-[24%]', cell: (row) => categoriesWord(row.categories, t) },
  { id: 'persons', word: t('incidents.column.persons'), width: 'w-[14%]', cell: (row) => <span className="num">{typeof row.persons === 'number' ? t('incidents.persons', { count: row.persons }) : t('incidents.unknown')}</span> },
  { id: 'due', word: t('incidents.column.due'), width: 'w-[22%]', cell: (row) => <NextDue row={row} day={day} /> },
  { id: 'state', word: t('incidents.column.state'), width: 'w-[16%]', cell: (row) => <IncidentChip status={row.status} /> },
]

export function IncidentRows({ rows }: { rows: readonly IncidentRow[] | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t('incidents.table')} columns={columnsOf(today(), t)} rows={rows} onOpen={(id) => void navigate({ to: '/incidents/$id', params: { id } })} />
}
