// Looking at a record as it was: the control, and the band that says so across the page.
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeclarationRecord, Moment } from '../../graphql/declaration'
import { currentLanguage } from '../../i18n'
import { readDay } from '../../lib/date-text'
import { formatDate } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { Band } from '../../ui/band'
import { Button, buttonClass } from '../../ui/button'
import { DayBox } from '../../ui/day-input'
import { FieldError } from '../../ui/field'
import { Skeleton } from '../../ui/loading'

export function AsOfControl({ asOf, onChange }: { asOf: string | undefined; onChange: (asOf: string | undefined) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(asOf ?? '')
  const [error, setError] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const day = readDay(text)
    setError(day ? undefined : t(text.trim() === '' ? 'asOf.missing' : 'day.unreadable'))
    if (day) onChange(day)
    else input.current?.focus()
  }
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-wrap items-center gap-2" aria-label={t('asOf.title')} data-print="hide">
      <label htmlFor="as-of" className="text-sm" title={t('asOf.help')}>
        {t('asOf.date')}
      </label>
      <DayBox
        id="as-of"
        ref={input}
        value={text}
        onChange={setText}
        title={t('day.help')}
        className="h-8 w-40 text-sm [&_.control]:min-h-8 touch:h-11"
        aria-describedby={error ? 'as-of-error as-of-help' : 'as-of-help'}
        aria-invalid={error ? true : undefined}
      />
      <span id="as-of-help" className="sr-only">
        {t('asOf.help')} {t('day.help')}
      </span>
      <Button type="submit" size="sm">
        {t('asOf.submit')}
      </Button>
      <FieldError id="as-of-error" error={error} />
    </form>
  )
}

/** There before the record is, so that nothing moves when that comes. */
export function AsOfBand({ id, record, moment }: { id: string; record: DeclarationRecord | undefined; moment: Moment }) {
  const { t } = useTranslation()
  const date = moment.asOf && formatDate(moment.asOf, currentLanguage(), 'dateWithDay')
  const position = moment.recordedUpTo
  const sentence =
    date && position ? t('asOf.bandBoth', { date, position }) : date ? t('asOf.bandDate', { date }) : t('asOf.bandRecord', { position })
  return (
    <Band
      tone="past"
      label={t('asOf.title')}
      actions={
        <Link to="/declarations/$id" params={{ id }} search={{}} resetScroll={false} className={buttonClass('secondary', false, 'sm')}>
          {t('asOf.now')}
        </Link>
      }
    >
      <p className="font-bold">{sentence}</p>
      <p className="text-sm">{record ? <Difference record={record} /> : <Skeleton className="w-64 max-w-full" />}</p>
    </Band>
  )
}

function Difference({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const differing = record.differsFromToday.length
  return [...(record.existed ? [] : [t('asOf.notYet')]), differing > 0 ? t('asOf.differs', { count: differing }) : t('asOf.same'), t('asOf.bandReadOnly')].join(t('app.gap'))
}
