// Where a schedule and a job stand, the same on every screen.
import { useTranslation } from 'react-i18next'
import type { JobState, ScheduleState } from '../../graphql/gql/graphql'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'

type Look = { tone: Tone; icon: IconName }

const SCHEDULE_LOOKS: Record<ScheduleState, Look> = {
  ACTIVE: { tone: 'good', icon: 'check' },
  PAUSED: { tone: 'warn', icon: 'pause' },
  DISABLED: { tone: 'quiet', icon: 'stop' },
  OVER: { tone: 'quiet', icon: 'flag' },
  REMOVED: { tone: 'quiet', icon: 'close' },
}

const JOB_LOOKS: Record<JobState, Look> = {
  READY: { tone: 'quiet', icon: 'clock' },
  RUNNING: { tone: 'busy', icon: 'play' },
  DONE: { tone: 'good', icon: 'check' },
  DEAD: { tone: 'bad', icon: 'error' },
  CANCELLED: { tone: 'quiet', icon: 'stop' },
}

export function ScheduleStateChip({ state }: { state: ScheduleState }) {
  const { t } = useTranslation()
  return <Chip {...SCHEDULE_LOOKS[state]}>{t(`schedules.state.${state}`)}</Chip>
}

export function JobStateChip({ state }: { state: JobState }) {
  const { t } = useTranslation()
  return <Chip {...JOB_LOOKS[state]}>{t(`jobs.state.${state}`)}</Chip>
}
