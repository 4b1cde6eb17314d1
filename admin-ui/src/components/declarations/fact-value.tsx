// How the value of one field is written: the way people read it, and what was typed when that is something else.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DeclarationField } from '../../graphql/gql/graphql'
import { currentLanguage, type Language } from '../../i18n'
import type { Fact } from '../../lib/declaration-fields'
import { formatCorporateNumber, formatDate, formatDeclarationNumber, formatDigits, formatEra, formatPostalCode } from '../../lib/format'
import { Chip } from '../../ui/chip'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'

/** The words for values of a closed list: as typed by us, and as the log holds their normal form. */
const CLOSED = {
  STAR: { '1': 'choice.1', one: 'choice.1', '2': 'choice.2', two: 'choice.2' },
  PLEDGE_VERSION: { '5か条': 'choice.fiveRules', five_rules: 'choice.fiveRules', '6か条': 'choice.sixRules', six_rules: 'choice.sixRules' },
  ENTITY_TYPE: {
    法人: 'entity.CORPORATION', corporation: 'entity.CORPORATION',
    個人事業主: 'entity.SOLE_TRADER', sole_trader: 'entity.SOLE_TRADER',
    その他団体: 'entity.OTHER_BODY', other_body: 'entity.OTHER_BODY',
  },
  PUBLISH_CONSENT: { 同意: 'choice.consent', yes: 'choice.consent', 同意しない: 'choice.noConsent', no: 'choice.noConsent' },
} as const

type ClosedKey = 'choice.1' | 'choice.2' | 'choice.fiveRules' | 'choice.sixRules' | 'entity.CORPORATION' | 'entity.SOLE_TRADER' | 'entity.OTHER_BODY' | 'choice.consent' | 'choice.noConsent'

function closedWord(field: DeclarationField, value: string): ClosedKey | undefined {
  const words: Record<string, ClosedKey> | undefined = field in CLOSED ? CLOSED[field as keyof typeof CLOSED] : undefined
  return words?.[value]
}

const wordFor: Partial<Record<DeclarationField, (value: string, t: TFunction, language: Language) => string>> = {
  DECLARATION_NO: (value) => formatDeclarationNumber(value),
  CORPORATE_NUMBER: (value) => formatCorporateNumber(value),
  POSTAL_CODE: (value) => formatPostalCode(value),
  DECLARED_ON: (value, _, language) => formatDate(value, language, 'dateWithDay'),
  POLICY_PUBLISHED_ON: (value, _, language) => formatDate(value, language, 'dateWithDay'),
  EMPLOYEES: (value, t, language) => (/^\d+$/.test(value) ? t('record.people', { value: formatDigits(value, language) }) : value),
  CAPITAL_YEN: (value, t, language) => (/^\d+$/.test(value) ? t('record.currency', { value: formatDigits(value, language) }) : value),
  DIAGNOSIS_SCORE: (value, t) => (/^-?\d+$/.test(value) ? t('record.points', { value }) : value),
  INDUSTRY: (value, t) => (/^[A-T]$/.test(value) ? `${value} ${t(`industry.${value as 'A'}`)}` : value),
}

/** A value in its normal form, as a word for people. Unknown values are shown as they are. */
export function valueWord(field: DeclarationField, value: string, t: TFunction): string {
  const closed = closedWord(field, value)
  return closed ? t(closed) : (wordFor[field]?.(value, t, currentLanguage()) ?? value)
}

const COPIED: Partial<Record<DeclarationField, 'record.copyNumber' | 'record.copyCorporate'>> = {
  DECLARATION_NO: 'record.copyNumber',
  CORPORATE_NUMBER: 'record.copyCorporate',
}

/** Only addresses of the web become links; anything else that somebody typed stays text. */
const isWebAddress = (text: string) => /^https?:\/\/[^\s]+$/i.test(text)

function Shown({ field, value, word }: { field: DeclarationField; value: string; word: string }) {
  if (field === 'POLICY_URL' && isWebAddress(value)) {
    return (
      <a href={value} target="_blank" rel="noreferrer noopener" className="break-all">
        <TypedText text={word} />
      </a>
    )
  }
  return (
    <span className={/^[\d\s-]+$/.test(word) ? 'num' : field === 'REMARKS' ? 'whitespace-pre-wrap' : ''}>
      <TypedText text={word} />
    </span>
  )
}

/** Grouping, a plain date or the name without its letter are no difference worth showing; 約20人, R4.1.18 or ｶﾅ are. */
function readsAlike(typed: string, value: string, word: string): boolean {
  const bare = typed.replaceAll(/[ ,-]/g, '')
  return typed === value || word.endsWith(typed) || bare === value || /^\d{4}[/.]\d{1,2}[/.]\d{1,2}$/.test(typed)
}

export function FactValue({ field, fact }: { field: DeclarationField; fact: Fact }) {
  const { t } = useTranslation()
  if (fact.kind === 'empty') return <span className="text-muted">{t('closed.empty')}</span>
  if (fact.kind !== 'open') {
    return (
      <span
        className="inline-flex items-center gap-1 text-muted"
        title={fact.kind === 'forgotten' ? t('closed.forgottenHelp') : t('closed.note', { permission: t(`permission.${fact.permission}`) })}
      >
        <Icon name="lock" className="size-3.5" />
        {t(fact.kind === 'forgotten' ? 'closed.forgotten' : 'closed.short')}
      </span>
    )
  }
  if (fact.value === null) {
    return (
      <span className="flex flex-wrap items-center gap-1.5">
        <TypedText text={fact.typed} />
        <Chip tone="warn" icon="warning">
          {t('record.unreadable')}
        </Chip>
      </span>
    )
  }
  const word = valueWord(field, fact.value, t)
  const copy = COPIED[field]
  const alike = readsAlike(fact.typed, fact.value, word)
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-1.5">
      {!alike && (
        <>
          <TypedText text={fact.typed} />
          <span aria-hidden="true" className="text-muted">
            →
          </span>
          <span className="sr-only">{t('record.normalised', { value: '' })}</span>
        </>
      )}
      <Shown field={field} value={fact.value} word={word} />
      {field === 'DECLARED_ON' && <span className="hidden print:inline">({formatEra(fact.value)})</span>}
      {copy && (
        <span className="-my-1">
          <CopyButton text={fact.value} label={t(copy)} />
        </span>
      )}
    </span>
  )
}
