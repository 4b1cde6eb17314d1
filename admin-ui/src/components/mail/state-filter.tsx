// The states as buttons that can be pressed together, with how many mails stand there.
import { useTranslation } from 'react-i18next'
import type { MailState } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { type Counts, FOR_A_PERSON, sumOf } from '../../lib/mail'
import { MAIL_STATES } from '../../lib/search-params'
import { Icon } from '../../ui/icons'
import { tabClass } from '../../ui/tab'

interface Props {
  chosen: MailState[]
  /** Undefined while they load; null where they would mislead: they are of all mail, not of what was searched for. */
  counts: Counts | undefined | null
  onChange: (chosen: MailState[]) => void
}

export function StateFilter({ chosen, counts, onChange }: Props) {
  const { t } = useTranslation()
  const count = (number: number | null | undefined) =>
    counts !== null && <span className="num min-w-3 text-right text-muted">{counts ? formatCount(number ?? 0, currentLanguage()) : ''}</span>
  return (
    <div role="group" aria-label={t('mailList.filters')} className="flex flex-wrap gap-1" data-print="hide">
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => onChange([])} className={tabClass}>
        {t('mailList.all')}
        {count(counts && sumOf(counts))}
      </button>
      {MAIL_STATES.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.includes(state)}
          title={t(`mailStateHelp.${state}`)}
          onClick={() => onChange(chosen.includes(state) ? chosen.filter((item) => item !== state) : MAIL_STATES.filter((item) => item === state || chosen.includes(item)))}
          className={tabClass}
        >
          {FOR_A_PERSON.some((item) => item === state) && (counts?.[state] ?? 0) > 0 && <Icon name="warning" className="size-3.5 text-warn" />}
          {t(`mailState.${state}`)}
          {count(counts?.[state])}
        </button>
      ))}
    </div>
  )
}
