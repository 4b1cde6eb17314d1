// The list of accounts: who, with which roles, where notices go, and whether they can sign in.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { StaffAccount } from '../../graphql/staff'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { whenWord } from '../operations/words'
import { useSession } from '../session'
import { AccountStateChip, RoleChips } from './chips'

const columnsOf = (t: TFunction, own: string): RowColumn<StaffAccount>[] => [
  {
    id: 'name',
    word: t('staff.column.name'),
    width: 'w-[21%]',
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-x-2">
        <Link to="/settings/staff/$id" params={{ id: row.id }} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 items-center font-bold touch:min-h-11">
          <TypedText text={row.name} />
        </Link>
        {row.id === own && <span className="text-muted">{t('staff.yourself')}</span>}
      </span>
    ),
  },
  {
    id: 'login',
    word: t('staff.column.login'),
    width: 'w-[15%]',
    cell: (row) => (
      <span className="break-all">
        <TypedText text={row.login} />
      </span>
    ),
  },
  { id: 'roles', word: t('staff.column.roles'), width: 'w-[25%]', cell: (row) => <RoleChips roles={row.roles} /> },
  {
    id: 'mail',
    word: t('staff.column.mail'),
    width: 'w-[22%]',
    cell: (row) =>
      row.mail ? (
        <span className="break-all">
          <TypedText text={row.mail} />
        </span>
      ) : (
        <span className="text-muted">{t('staff.noMail')}</span>
      ),
  },
  { id: 'state', word: t('staff.column.state'), width: 'w-[17%]', cell: (row) => <AccountState row={row} /> },
]

function AccountState({ row: { disabledAt } }: { row: StaffAccount }) {
  const { t } = useTranslation()
  return (
    <>
      <AccountStateChip disabled={Boolean(disabledAt)} />
      {disabledAt && (
        <time dateTime={disabledAt} className="num block text-muted">
          {t('staff.since', { when: whenWord(disabledAt) })}
        </time>
      )}
    </>
  )
}

export function AccountRows({ rows }: { rows: readonly StaffAccount[] | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const own = useSession().staff.id
  return <RowTable label={t('staff.table')} columns={columnsOf(t, own)} rows={rows} onOpen={(id) => void navigate({ to: '/settings/staff/$id', params: { id } })} />
}
