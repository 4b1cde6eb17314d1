// Above the ledger: how many mails wait for a person, and the way to them.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { type Counts, FOR_A_PERSON } from '../../lib/mail'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'

/** `shown`: exactly these are what the list has now. */
export function Attention({ counts, shown }: { counts: Counts; shown: boolean }) {
  const { t } = useTranslation()
  const [doubt, parked] = FOR_A_PERSON.map((state) => counts[state] ?? 0)
  if (!doubt && !parked) return null
  const told = (number: number) => ({ count: number, total: formatCount(number, currentLanguage()) })
  return (
    <Band
      tone="warn"
      actions={
        shown ? (
          <span className="text-sm">{t('mail.attentionShown')}</span>
        ) : (
          <Link to="/settings/mail" search={{ state: [...FOR_A_PERSON] }} className={`${buttonClass('secondary', false, 'sm')} !text-text`}>
            {t('mail.attentionShow')}
          </Link>
        )
      }
    >
      {doubt ? <p>{t('mail.attentionDoubt', told(doubt))}</p> : null}
      {parked ? <p>{t('mail.attentionParked', told(parked))}</p> : null}
    </Band>
  )
}
