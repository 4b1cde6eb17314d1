// The declarations of a suspicion beside each other, with what can be compared, and the commands that mend what is wrong.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ReviewKind } from '../../graphql/gql/graphql'
import type { ReviewDeclaration } from '../../graphql/reviews'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatDate, formatDeclarationNumber } from '../../lib/format'
import { RIGHTS } from '../../lib/record-commands'
import { TypedText } from '../../ui/typed-text'
import { FlagChip, StarMark, StateChip } from '../chips'
import { type RowColumn, RowTable } from '../operations/row-table'
import { useSession } from '../session'
import { DeclarationName } from './rows'
import { MENDING } from './words'

function Mend({ declaration, kind }: { declaration: ReviewDeclaration; kind: ReviewKind }) {
  const { t } = useTranslation()
  const session = useSession()
  const commands = MENDING[kind].filter((command) => may(session, RIGHTS[command]))
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {commands.map((command) => (
        <li key={command}>
          <Link to="/declarations/$id/do/$command" params={{ id: declaration.id, command }} search={{}} className="flex min-h-6 items-center touch:min-h-11">
            {t(`reviews.mend.${command as (typeof MENDED)[number]}`)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Those that have words. */
const MENDED = ['merge', 'link', 'stop', 'note', 'policy', 'contact', 'clearFlag'] as const

const columnsOf = (kind: ReviewKind, t: TFunction): RowColumn<ReviewDeclaration>[] => [
  {
    id: 'name',
    word: t('list.column.name'),
    width: 'w-[24%]',
    cell: (row) => (
      <>
        <Link to="/declarations/$id" params={{ id: row.id }} className="inline-flex min-h-6 items-center font-bold touch:min-h-11">
          <DeclarationName declaration={row} />
        </Link>
        {'kana' in row.name && row.name.kana && (
          <span className="block text-xs text-muted">
            <TypedText text={row.name.kana} />
          </span>
        )}
      </>
    ),
  },
  { id: 'number', word: t('list.column.number'), width: 'w-[13%]', cell: (row) => <span className="num">{formatDeclarationNumber(row.number)}</span> },
  { id: 'corporate', word: t('matched.CORPORATE_NUMBER'), width: 'w-[13%]', cell: (row) => (row.corporateNumber ? <span className="num">{row.corporateNumber}</span> : <span className="text-muted">—</span>) },
  { id: 'place', word: t('reviews.column.place'), width: 'w-[15%]', cell: (row) => <TypedText text={[row.prefecture?.name, row.city].filter(Boolean).join(' ') || '—'} /> },
  { id: 'declared', word: t('filter.declared'), width: 'w-[11%]', cell: (row) => <span className="num">{formatDate(row.declaredOn, currentLanguage())}</span> },
  {
    id: 'standing',
    word: t('reviews.column.standing'),
    width: 'w-[12%]',
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-1">
        <StateChip state={row.state} />
        <StarMark star={row.star} />
        {row.flags.map((flag) => (
          <FlagChip key={flag} flag={flag} />
        ))}
      </span>
    ),
  },
  { id: 'mend', word: t('reviews.column.mend'), width: 'w-[12%]', cell: (row) => <Mend declaration={row} kind={kind} /> },
]

export function ReviewRecords({ kind, rows }: { kind: ReviewKind; rows: readonly ReviewDeclaration[] | undefined }) {
  const { t } = useTranslation()
  return <RowTable label={t('reviews.records')} columns={columnsOf(kind, t)} rows={rows} />
}
