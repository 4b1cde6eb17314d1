// Outcomes and what came of comparing a name: always an icon and a word.
import { useTranslation } from 'react-i18next'
import type { NameResult, Outcome } from '../../graphql/status-check'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'

const OUTCOME_LOOKS: Record<Outcome, { tone: Tone; icon: IconName }> = {
  valid: { tone: 'good', icon: 'check' },
  stopped: { tone: 'quiet', icon: 'stop' },
  not_yet_declared: { tone: 'warn', icon: 'clock' },
  superseded: { tone: 'quiet', icon: 'swap' },
  other_corporate_number: { tone: 'bad', icon: 'warning' },
  unknown: { tone: 'warn', icon: 'search' },
  invalid: { tone: 'bad', icon: 'error' },
}

const NAME_LOOKS: Record<Exclude<NameResult, 'not_asked'>, { tone: Tone; icon: IconName }> = {
  same: { tone: 'good', icon: 'check' },
  other_spelling: { tone: 'warn', icon: 'edit' },
  differs: { tone: 'bad', icon: 'warning' },
  withheld: { tone: 'quiet', icon: 'lock' },
  forgotten: { tone: 'quiet', icon: 'stop' },
  not_on_record: { tone: 'quiet', icon: 'info' },
}

export function OutcomeChip({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  return (
    <Chip {...OUTCOME_LOOKS[outcome]} title={t(`statusCheck.outcomeHelp.${outcome}`)}>
      {t(`statusCheck.outcome.${outcome}`)}
    </Chip>
  )
}

export function NameChip({ result }: { result: NameResult }) {
  const { t } = useTranslation()
  if (result === 'not_asked') return null
  return (
    <Chip {...NAME_LOOKS[result]} title={t(`statusCheck.nameHelp.${result}`)}>
      {t(`statusCheck.name.${result}`)}
    </Chip>
  )
}
