// The firings that are to come: of a schedule that is there, or of an expression that is being typed.
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatInZone } from '../../lib/format'
import { relativeTo, useNow } from '../../lib/relative'
import { whenWord } from './words'

/** `quiet`: in a place that is read out when it changes, time that goes by is no news. */
export function NextFirings({ next, zone, quiet = false }: { next: readonly string[]; zone: string; quiet?: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <ol className="flex flex-col gap-1 text-sm leading-normal">
      {next.map((instant) => {
        const local = formatInZone(instant, currentLanguage(), zone)
        return (
          <li key={instant} className="flex flex-wrap items-baseline gap-x-2">
            <time dateTime={instant} className="num">
              {whenWord(instant)}
            </time>
            <span aria-hidden={quiet || undefined} className="text-muted">
              {relativeTo(instant, now, currentLanguage())}
            </span>
            {local && <span className="num w-full pl-4 text-muted">{t('schedules.local', { when: local })}</span>}
          </li>
        )
      })}
    </ol>
  )
}
