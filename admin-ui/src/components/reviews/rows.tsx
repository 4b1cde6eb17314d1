// A queue as a table: about which declarations, what matched, since when, and who works on it or what was decided.
import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ReviewKind, ReviewView } from '../../graphql/gql/graphql'
import type { ReviewDeclaration, ReviewRow } from '../../graphql/reviews'
import { currentLanguage } from '../../i18n'
import { formatDeclarationNumber } from '../../lib/format'
import { relativeTo, useNow } from '../../lib/relative'
import { Chip } from '../../ui/chip'
import { TypedText } from '../../ui/typed-text'
import { FlagSummary } from '../chips'
import { NameNote, useNameText } from '../name'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord, whenWord } from '../operations/words'
import { rulesWord, slugOf, weightWord } from './words'

export function DeclarationName({ declaration }: { declaration: ReviewDeclaration }) {
  const nameText = useNameText()
  return (
    <>
      <TypedText text={nameText(declaration)} /> <NameNote name={declaration.name} />
    </>
  )
}

function What({ row }: { row: ReviewRow }) {
  const { t } = useTranslation()
  const [first, ...others] = row.declarations
  const more = row.weight - row.declarations.length
  return (
    <Link to="/reviews/$kind/$id" params={{ kind: slugOf(row.kind), id: row.id }} data-row-link={row.id} className="-mt-0.5 inline-flex min-h-6 flex-col justify-center touch:min-h-11">
      <span className="font-bold">{first ? <DeclarationName declaration={first} /> : t('reviews.noRecord')}</span>
      {others.map((other) => (
        <span key={other.id}>
          <DeclarationName declaration={other} />
        </span>
      ))}
      {others.length > 0 && more > 0 && <span className="num text-muted">{t('reviews.more', { total: more })}</span>}
    </Link>
  )
}

function Numbers({ row }: { row: ReviewRow }) {
  return (
    <>
      {row.declarations.map(({ id, number }) => (
        <span key={id} className="num block">
          {formatDeclarationNumber(number)}
        </span>
      ))}
    </>
  )
}

function Why({ row }: { row: ReviewRow }) {
  const { t } = useTranslation()
  if (row.kind === 'IMPORT_WARNING') return <FlagSummary flags={row.declarations[0]?.flags ?? []} />
  return (
    <>
      <span className="block">{rulesWord(row, t)}</span>
      {row.weight > 1 && <span className="num block text-muted">{weightWord(row, t)}</span>}
    </>
  )
}

function Claimed({ row }: { row: ReviewRow }) {
  const { t } = useTranslation()
  const now = useNow()
  if (!row.claim) return <span className="text-muted">{t('reviews.free')}</span>
  return (
    <>
      <Chip tone="busy" icon="user">
        {row.claim.mine ? t('reviews.byMe') : actorWord(row.claim.by, t)}
      </Chip>
      <span className="num block text-muted">{t('reviews.until', { when: relativeTo(row.claim.until, now, currentLanguage()) })}</span>
    </>
  )
}

const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)

function columnsOf(view: ReviewView, t: TFunction): RowColumn<ReviewRow>[] {
  const shared: RowColumn<ReviewRow>[] = [
    { id: 'what', word: t('reviews.column.what'), width: 'w-[28%]', cell: (row) => <What row={row} /> },
    { id: 'number', word: t('list.column.number'), width: 'w-[14%]', cell: (row) => <Numbers row={row} /> },
    { id: 'why', word: t('reviews.column.why'), width: 'w-[24%]', cell: (row) => <Why row={row} /> },
  ]
  if (view === 'DECIDED')
    return [
      ...shared,
      { id: 'verdict', word: t('reviews.column.verdict'), width: 'w-[14%]', cell: (row) => (row.decision ? t(`reviews.verdict.${row.decision.verdict}`) : null) },
      {
        id: 'decided',
        word: t('reviews.column.decided'),
        width: 'w-[20%]',
        cell: (row) =>
          row.decision && (
            <>
              <Moment at={row.decision.at} />
              <span className="block text-muted">
                <TypedText text={actorWord(row.decision.by, t)} />
              </span>
            </>
          ),
      },
    ]
  return [
    ...shared,
    { id: 'found', word: t('reviews.column.found'), width: 'w-[18%]', cell: (row) => <Moment at={row.foundAt} /> },
    { id: 'claim', word: t('reviews.column.claim'), width: 'w-[16%]', cell: (row) => <Claimed row={row} /> },
  ]
}

interface Props {
  kind: ReviewKind
  view: ReviewView
  rows: readonly ReviewRow[] | undefined
  stale: boolean
}

export function ReviewRows({ kind, view, rows, stale }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <RowTable label={t(`reviews.kind.${kind}`)} columns={columnsOf(view, t)} rows={rows} stale={stale} onOpen={(id) => void navigate({ to: '/reviews/$kind/$id', params: { kind: slugOf(kind), id } })} />
}
