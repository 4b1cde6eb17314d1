// How the value of one field is written: the way people read it, and what was typed when that is something else.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DeclarationField } from '../../graphql/gql/graphql'
import { currentLanguage, type Language } from '../../i18n'
import type { Fact } from '../../lib/declaration-fields'
import { formatCorporateNumber, formatDate, formatDeclarationNumber, formatDigits, formatPostalCode } from '../../lib/format'
import { Chip } from '../../ui/chip'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icons'

const STAR_WORDS: Record<string, '1' | '2'> = { '1': '1', '2': '2', ONE: '1', TWO: '2', one: '1', two: '2' }

const wordFor: Partial<Record<DeclarationField, (value: string, t: TFunction, language: Language) => string>> = {
  DECLARATION_NO: (value) => formatDeclarationNumber(value),
  CORPORATE_NUMBER: (value) => formatCorporateNumber(value),
  POSTAL_CODE: (value) => formatPostalCode(value),
  DECLARED_ON: (value, _, language) => formatDate(value, language, 'dateWithDay'),
  POLICY_PUBLISHED_ON: (value, _, language) => formatDate(value, language, 'dateWithDay'),
  STAR: (value, t) => (STAR_WORDS[value] ? t(`choice.${STAR_WORDS[value]}`) : value),
  EMPLOYEES: (value, t, language) => (/^\d+$/.test(value) ? t('record.people', { value: formatDigits(value, language) }) : value),
  CAPITAL_YEN: (value, t, language) => (/^\d+$/.test(value) ? t('record.currency', { value: formatDigits(value, language) }) : value),
  DIAGNOSIS_SCORE: (value, t) => (/^-?\d+$/.test(value) ? t('record.points', { value }) : value),
  INDUSTRY: (value, t) => (/^[A-T]$/.test(value) ? `${value} ${t(`industry.${value as 'A'}`)}` : value),
}

/** A value in its normal form, as a word for people. Unknown values are shown as they are. */
export function valueWord(field: DeclarationField, value: string, t: TFunction): string {
  return wordFor[field]?.(value, t, currentLanguage()) ?? value
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
        {word}
      </a>
    )
  }
  return <span className={/^[\d\s-]+$/.test(word) ? 'num' : field === 'REMARKS' ? 'whitespace-pre-wrap' : ''}>{word}</span>
}

export function FactValue({ field, fact }: { field: DeclarationField; fact: Fact }) {
  const { t } = useTranslation()
  if (fact.kind === 'empty') return <span className="text-muted">{t('closed.empty')}</span>
  if (fact.kind !== 'open') {
    return (
      <span className="inline-flex items-start gap-1 text-muted" title={fact.kind === 'forgotten' ? t('closed.forgottenHelp') : undefined}>
        <Icon name="lock" className="mt-0.5 size-3.5" />
        {fact.kind === 'forgotten' ? t('closed.forgotten') : t('closed.withheld', { permission: t(`permission.${fact.permission}`) })}
      </span>
    )
  }
  if (fact.value === null) {
    return (
      <span className="flex flex-wrap items-center gap-1.5">
        <span>{fact.typed}</span>
        <Chip tone="warn" icon="warning">
          {t('record.unreadable')}
        </Chip>
      </span>
    )
  }
  const word = valueWord(field, fact.value, t)
  const copy = COPIED[field]
  const alike = fact.typed === fact.value || fact.typed === word
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-1.5">
      {!alike && (
        <>
          <span>{fact.typed}</span>
          <span aria-hidden="true" className="text-muted">
            →
          </span>
          <span className="sr-only">{t('record.normalised', { value: '' })}</span>
        </>
      )}
      <Shown field={field} value={fact.value} word={word} />
      {copy && (
        <span className="-my-1">
          <CopyButton text={fact.value} label={t(copy)} />
        </span>
      )}
    </span>
  )
}
