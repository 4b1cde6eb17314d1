// Where a bulk change stands, the same on every screen.
import { useTranslation } from 'react-i18next'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import type { Stage } from './words'

const LOOKS: Record<Stage, { tone: Tone; icon: IconName }> = {
  trying: { tone: 'busy', icon: 'play' },
  tried: { tone: 'warn', icon: 'clock' },
  trialStopped: { tone: 'quiet', icon: 'stop' },
  trialFailed: { tone: 'bad', icon: 'error' },
  running: { tone: 'busy', icon: 'play' },
  done: { tone: 'good', icon: 'check' },
  stopped: { tone: 'quiet', icon: 'stop' },
  failed: { tone: 'bad', icon: 'error' },
  unknown: { tone: 'quiet', icon: 'info' },
}

export function StageChip({ stage }: { stage: Stage }) {
  const { t } = useTranslation()
  return <Chip {...LOOKS[stage]}>{t(`bulk.stage.${stage}`)}</Chip>
}
