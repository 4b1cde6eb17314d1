// How many records have which outcome: each is also the way to those records.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BulkOutcome } from '../../graphql/gql/graphql'
import type { Progress } from '../../graphql/bulk'
import { Icon, type IconName } from '../../ui/icons'
import { tabLink } from '../../ui/tab'
import { countWord } from './words'

const ICONS: Record<BulkOutcome, { icon: IconName; className: string }> = {
  CHANGED: { icon: 'check', className: 'text-good' },
  UNCHANGED: { icon: 'info', className: 'text-muted' },
  REFUSED: { icon: 'stop', className: 'text-bad' },
  CHANGED_SINCE: { icon: 'swap', className: 'text-warn' },
  GONE: { icon: 'error', className: 'text-warn' },
}

export function OutcomeWord({ outcome, ran }: { outcome: BulkOutcome; ran: boolean }) {
  const { t } = useTranslation()
  const { icon, className } = ICONS[outcome]
  return (
    <span className="inline-flex items-center gap-1">
      <Icon name={icon} className={`size-4 ${className}`} />
      {t(ran ? `bulk.outcome.${outcome}` : `bulk.trial.${outcome}`)}
    </span>
  )
}

interface Props {
  id: string
  progress: Progress
  ran: boolean
  /** Whose records are shown. */
  chosen: BulkOutcome | undefined
}

export function OutcomeCounts({ id, progress, ran, chosen }: Props) {
  const { t } = useTranslation()
  const counts = progress.counts.filter(({ outcome, count }) => count > 0 || outcome === 'CHANGED' || outcome === chosen)
  return (
    <nav aria-label={t('bulk.outcomes')}>
      <ul className="flex flex-wrap gap-1">
        <li>
          <Link to="/bulk-changes/$id" params={{ id }} search={{}} replace resetScroll={false} {...tabLink(chosen === undefined)}>
            {t('bulk.all')} <span className="num">{countWord(progress.total, t)}</span>
          </Link>
        </li>
        {counts.map(({ outcome, count }) => (
          <li key={outcome}>
            <Link to="/bulk-changes/$id" params={{ id }} search={{ outcome }} replace resetScroll={false} {...tabLink(chosen === outcome)}>
              <OutcomeWord outcome={outcome} ran={ran} /> <span className="num">{countWord(count, t)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
