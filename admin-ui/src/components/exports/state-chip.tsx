// Where a file stands, the same on every screen.
import { useTranslation } from 'react-i18next'
import type { ExportState } from '../../graphql/gql/graphql'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'

const LOOKS: Record<ExportState, { tone: Tone; icon: IconName }> = {
  NEEDS_APPROVAL: { tone: 'warn', icon: 'clock' },
  WAITING: { tone: 'busy', icon: 'clock' },
  MAKING: { tone: 'busy', icon: 'play' },
  STOPPED: { tone: 'quiet', icon: 'stop' },
  FAILED: { tone: 'bad', icon: 'error' },
  MADE: { tone: 'good', icon: 'check' },
  DISCARDED: { tone: 'quiet', icon: 'close' },
  EXPIRED: { tone: 'quiet', icon: 'clock' },
  FORGOTTEN: { tone: 'quiet', icon: 'close' },
}

export function ExportStateChip({ state }: { state: ExportState }) {
  const { t } = useTranslation()
  return <Chip {...LOOKS[state]}>{t(`exports.state.${state}`)}</Chip>
}
