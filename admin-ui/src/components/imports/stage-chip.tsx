// Where an import stands, the same on every screen.
import { useTranslation } from 'react-i18next'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import type { Stage } from './words'

const LOOKS: Record<Stage, { tone: Tone; icon: IconName }> = {
  uploaded: { tone: 'warn', icon: 'edit' },
  trying: { tone: 'busy', icon: 'play' },
  tried: { tone: 'warn', icon: 'clock' },
  trialStopped: { tone: 'quiet', icon: 'stop' },
  trialFailed: { tone: 'bad', icon: 'error' },
  running: { tone: 'busy', icon: 'play' },
  done: { tone: 'good', icon: 'check' },
  stopped: { tone: 'quiet', icon: 'stop' },
  failed: { tone: 'bad', icon: 'error' },
  discarded: { tone: 'quiet', icon: 'close' },
}

export function StageChip({ stage }: { stage: Stage }) {
  const { t } = useTranslation()
  return <Chip {...LOOKS[stage]}>{t(`imports.stage.${stage}`)}</Chip>
}
