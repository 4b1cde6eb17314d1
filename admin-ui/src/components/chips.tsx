// Star, state and warnings of a declaration, the same on every screen.
import { useTranslation } from 'react-i18next'
import type { DeclarationState, FlagCode, Star } from '../graphql/gql/graphql'
import { Chip, type Tone } from '../ui/chip'
import type { IconName } from '../ui/icons'

const STATE_LOOKS: Record<DeclarationState, { tone: Tone; icon: IconName }> = {
  ACTIVE: { tone: 'good', icon: 'check' },
  STOPPED: { tone: 'quiet', icon: 'stop' },
  SUPERSEDED: { tone: 'quiet', icon: 'swap' },
  MERGED: { tone: 'quiet', icon: 'swap' },
}

export function StateChip({ state }: { state: DeclarationState }) {
  const { t } = useTranslation()
  return <Chip {...STATE_LOOKS[state]}>{t(`state.${state}`)}</Chip>
}

export function StarMark({ star }: { star: Star | null | undefined }) {
  const { t } = useTranslation()
  if (!star) return <span className="text-muted">{t('star.none')}</span>
  return (
    <span className="num inline-flex items-center gap-1">
      <span aria-hidden="true" className="text-star">
        {star === 'TWO' ? '★★' : '★'}
      </span>
      {t(`star.${star}`)}
    </span>
  )
}

export function FlagChip({ flag }: { flag: FlagCode }) {
  const { t } = useTranslation()
  return (
    <Chip tone="warn" icon="warning" title={t(`flagHelp.${flag}`)}>
      {t(`flag.${flag}`)}
    </Chip>
  )
}

/** The first warning as a chip and the number of others; the names of all are there for everybody. */
export function FlagSummary({ flags }: { flags: FlagCode[] }) {
  const { t } = useTranslation()
  const [first, ...others] = flags
  if (!first) return null
  const names = others.map((flag) => t(`flag.${flag}`)).join(t('app.separator'))
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1">
      <FlagChip flag={first} />
      {others.length > 0 && (
        <span className="num text-xs text-muted" title={names}>
          {t('list.flagsMore', { count: others.length })}
          <span className="sr-only">: {names}</span>
        </span>
      )}
    </span>
  )
}
