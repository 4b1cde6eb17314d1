// What happened to ways in: when, what and why, to whose account, by whom, from where, and the id that the server's log has for it.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SecurityKind } from '../../graphql/gql/graphql'
import { kindOf, SECURITY_KINDS, type SecurityQuestion, type SecurityRow } from '../../graphql/security'
import { SelectInput } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord } from '../operations/words'
import { Moment } from './moment'
import { RequestId } from './request-id'
import { securityDetailWord } from './security-words'

export function KindChoice({ kind, onChange }: { kind: SecurityKind | undefined; onChange: (kind: SecurityKind | undefined) => void }) {
  const { t } = useTranslation()
  const change = (event: ChangeEvent<HTMLSelectElement>) => onChange(kindOf(event.target.value))
  return (
    <div className="min-w-0 basis-full text-sm sm:basis-72" data-print="hide">
      <SelectInput id="audit-kind" label={t('audit.security.kindLabel')} value={kind ?? ''} onChange={change}>
        <option value="">{t('audit.security.allKinds')}</option>
        {SECURITY_KINDS.map((each) => (
          <option key={each} value={each}>
            {t(`audit.security.kind.${each}`)}
          </option>
        ))}
      </SelectInput>
    </div>
  )
}

interface CellProps {
  row: SecurityRow
  question: SecurityQuestion
}

/** Whose account, as the way to all about it; a login that nobody has is told apart from another by its mark. */
function Whose({ row, question }: CellProps) {
  const { t } = useTranslation()
  if (!row.account || !row.staffId) return <span className="text-muted">{row.mark ? t('audit.security.mark', { mark: row.mark }) : t('audit.security.nobody')}</span>
  const word = <TypedText text={actorWord(row.account, t)} />
  if (row.staffId === question.staff) return word
  return (
    <Link to="/audit/security" search={{ ...question, staff: row.staffId }} title={t('audit.onlyThisAccount')} className="-mt-0.5 inline-flex min-h-6 items-center text-text decoration-dotted touch:min-h-11">
      {word}
    </Link>
  )
}

const columnsOf = (question: SecurityQuestion, t: TFunction): RowColumn<SecurityRow>[] => [
  { id: 'at', word: t('audit.column.at'), width: 'w-[13%]', cell: (row) => <Moment at={row.at} /> },
  {
    id: 'what',
    word: t('audit.security.column.what'),
    width: 'w-[24%]',
    cell: (row) => (
      // Where the keyboard stands in a row.
      <span tabIndex={-1} data-row-link={row.id}>
        <span className="block font-bold">{row.kind ? t(`audit.security.kind.${row.kind}`) : t('audit.security.unknownKind')}</span>
        <span className="block break-words text-muted">
          <TypedText text={securityDetailWord(row, t)} />
        </span>
      </span>
    ),
  },
  { id: 'whose', word: t('audit.security.column.whose'), width: 'w-[17%]', cell: (row) => <Whose row={row} question={question} /> },
  { id: 'by', word: t('audit.security.column.by'), width: 'w-[13%]', cell: (row) => (row.by ? <TypedText text={actorWord(row.by, t)} /> : <span className="text-muted">{t('audit.security.notSignedIn')}</span>) },
  { id: 'address', word: t('audit.security.column.address'), width: 'w-[13%]', cell: (row) => <span className="num break-all">{row.address ?? ''}</span> },
  { id: 'request', word: t('audit.column.request'), width: 'w-[20%]', cell: (row) => <RequestId id={row.requestId} /> },
]

interface Props {
  rows: readonly SecurityRow[] | undefined
  question: SecurityQuestion
  stale: boolean
}

export function SecurityRows({ rows, question, stale }: Props) {
  const { t } = useTranslation()
  return <RowTable label={t('audit.security.title')} columns={columnsOf(question, t)} rows={rows} stale={stale} printed />
}
