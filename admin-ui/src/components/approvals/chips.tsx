// Where a request stands, the same on every screen. What was done without approval is marked beside its state, always.
import { useTranslation } from 'react-i18next'
import type { ApprovalStatus } from '../../graphql/gql/graphql'
import type { ApprovalRow } from '../../graphql/open-approvals'
import { Chip, type Tone } from '../../ui/chip'
import { Icon, type IconName } from '../../ui/icons'

const LOOKS: Record<ApprovalStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'warn', icon: 'clock' },
  LAPSED: { tone: 'quiet', icon: 'clock' },
  APPROVED: { tone: 'busy', icon: 'play' },
  BYPASSED: { tone: 'busy', icon: 'play' },
  CARRIED_OUT: { tone: 'good', icon: 'check' },
  REJECTED: { tone: 'bad', icon: 'stop' },
  WITHDRAWN: { tone: 'quiet', icon: 'close' },
  VOIDED: { tone: 'quiet', icon: 'error' },
}

export function ApprovalChips({ row: { status, isBypass } }: { row: Pick<ApprovalRow, 'status' | 'isBypass'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-1">
      <Chip {...LOOKS[status]}>{t(`approvals.state.${status}`)}</Chip>
      {isBypass && (
        <span title={t('approvals.bypassHelp')} className="inline-flex items-center gap-1 rounded-sm border-2 border-bad-line bg-bad-bg px-1.5 text-[0.8125rem] leading-5.5 font-bold text-bad">
          <Icon name="warning" className="size-3.5" />
          {t('approvals.bypass')}
        </span>
      )}
    </span>
  )
}
