// The list of tokens: what for, what they may read, whether they are good, and when a program last came with one.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ApiTokenStatus } from '../../graphql/gql/graphql'
import type { ApiToken } from '../../graphql/tokens'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { Button } from '../../ui/button'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { type RowColumn, RowTable } from '../operations/row-table'
import { actorWord, whenWord } from '../operations/words'

const LOOKS: Record<ApiTokenStatus, { tone: Tone; icon: IconName }> = {
  GOOD: { tone: 'good', icon: 'check' },
  EXPIRED: { tone: 'past', icon: 'clock' },
  REVOKED: { tone: 'quiet', icon: 'stop' },
}

/** Breaks between the day and the time, not inside either: the columns are narrow. */
function Moment({ at }: { at: string }) {
  const language = currentLanguage()
  return (
    <time dateTime={at}>
      <span className="num inline-block">{formatInstant(at, language, 'date')}</span> <span className="num inline-block">{formatInstant(at, language, 'time')}</span>
    </time>
  )
}

function State({ row: { status, revokedAt, revokedBy } }: { row: ApiToken }) {
  const { t } = useTranslation()
  const { tone, icon } = LOOKS[status]
  return (
    <>
      <Chip tone={tone} icon={icon}>
        {t(`tokens.state.${status}`)}
      </Chip>
      {revokedAt && (
        <span className="block text-muted">
          <TypedText text={revokedBy ? t('tokens.revokedBy', { when: whenWord(revokedAt), who: actorWord(revokedBy, t) }) : whenWord(revokedAt)} />
        </span>
      )}
    </>
  )
}

interface Props {
  /** Undefined while they load. */
  rows: readonly ApiToken[] | undefined
  /** Why nothing can be taken back now. */
  busy: string | undefined
  onRevoke: (row: ApiToken) => void
}

const columnsOf = (t: TFunction, { busy, onRevoke }: Omit<Props, 'rows'>): RowColumn<ApiToken>[] => [
  {
    id: 'name',
    word: t('tokens.column.name'),
    width: 'w-[22%]',
    cell: ({ name }) => (
      <span className="font-bold break-words">
        <TypedText text={name} />
      </span>
    ),
  },
  {
    id: 'scopes',
    word: t('tokens.column.scopes'),
    width: 'w-[19%]',
    cell: ({ scopes }) => (
      <ul>
        {scopes.map((scope) => (
          <li key={scope}>{t(`tokens.scope.${scope}`)}</li>
        ))}
      </ul>
    ),
  },
  { id: 'state', word: t('tokens.column.state'), width: 'w-[16%]', cell: (row) => <State row={row} /> },
  { id: 'expires', word: t('tokens.column.expires'), width: 'w-[11%]', cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
  { id: 'used', word: t('tokens.column.used'), width: 'w-[11%]', cell: ({ usedAt }) => (usedAt ? <Moment at={usedAt} /> : <span className="text-muted">{t('tokens.neverUsed')}</span>) },
  {
    id: 'by',
    word: t('tokens.column.by'),
    width: 'w-[12%]',
    cell: ({ issuedBy, issuedAt }) => (
      <>
        <span className="block break-words">
          <TypedText text={actorWord(issuedBy, t)} />
        </span>
        <span className="text-muted">
          <Moment at={issuedAt} />
        </span>
      </>
    ),
  },
  {
    id: 'deed',
    word: t('tokens.column.deed'),
    width: 'w-[9%]',
    cell: (row) =>
      row.status === 'GOOD' ? (
        <Button size="sm" aria-label={t('tokens.revokeFor', { name: row.name })} reason={busy} onClick={() => onRevoke(row)}>
          {t('tokens.revoke')}
        </Button>
      ) : (
        <span className="text-muted">{t('tokens.noDeed')}</span>
      ),
  },
]

export function TokenRows({ rows, ...deed }: Props) {
  const { t } = useTranslation()
  return <RowTable label={t('tokens.table')} columns={columnsOf(t, deed)} rows={rows} />
}
