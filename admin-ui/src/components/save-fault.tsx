// Above a form: why it was not saved, or what somebody else has saved meanwhile.
import { useTranslation } from 'react-i18next'
import { Fault } from '../graphql/execute'
import { currentLanguage } from '../i18n'
import { formatInstant } from '../lib/format'
import { Band } from '../ui/band'
import { TypedText } from '../ui/typed-text'
import { FaultBand } from './fault'

export function SaveFault({ error }: { error: Error | null }) {
  const { t } = useTranslation()
  if (!error) return null
  // Signing in again happens over this form; the sentence must still be true after it.
  if (error instanceof Fault && error.code === 'UNAUTHENTICATED') {
    return (
      <Band tone="warn" role="alert">
        {t('fault.savingSignIn')}
      </Band>
    )
  }
  const unknown = error instanceof Fault && (error.code === 'NETWORK' || error.code === 'TIMEOUT')
  return <FaultBand error={error} lead={t(unknown ? 'sheet.savingUnknown' : 'fault.saving')} />
}

export interface Faster {
  by?: { name: string } | null
  at?: string | null
  /** What it says now. */
  text: string
}

/** What is typed stays. `lead`: what saving once more does, where it does not replace what the other person wrote. */
export function FasterBand({ faster, lead }: { faster: Faster | undefined; lead?: string }) {
  const { t } = useTranslation()
  if (!faster) return null
  return (
    <Band tone="warn" role="alert">
      <p className="font-bold">{t('sheet.conflict')}</p>
      {faster.by && faster.at && <p>{t('sheet.conflictBy', { who: faster.by.name, when: formatInstant(faster.at, currentLanguage()) })}</p>}
      <p>
        <TypedText text={t('sheet.conflictNow', { text: faster.text })} />
      </p>
      <p>{lead ?? t('sheet.conflictLead')}</p>
    </Band>
  )
}

/** Who changed it last, at the end of a form. */
export function LastChanged({ at, by }: { at?: string | null; by?: { name: string } | null }) {
  const { t } = useTranslation()
  if (!at || !by) return null
  return (
    <p className="text-sm text-muted">
      <TypedText text={t('sheet.lastChanged', { when: formatInstant(at, currentLanguage()), who: by.name })} />
    </p>
  )
}
