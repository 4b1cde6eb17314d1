// Stands on paper only: when it was printed, in both ways of counting years, and by whom.
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../i18n'
import { dayOf, formatEra, formatInstant } from '../lib/format'
import { useSession } from './session'

export function PrintedBy() {
  const { t } = useTranslation()
  const session = useSession()
  const [moment, setMoment] = useState(() => new Date().toISOString())
  useEffect(() => {
    // The page may have been open since the morning; the browser takes its picture right after this.
    const now = () => flushSync(() => setMoment(new Date().toISOString()))
    window.addEventListener('beforeprint', now)
    return () => window.removeEventListener('beforeprint', now)
  }, [])
  return (
    <p data-print="only" className="text-xs">
      {t('record.printedBy', { when: formatInstant(moment, currentLanguage()), era: formatEra(dayOf(moment)), name: session.staff.name })}
    </p>
  )
}
