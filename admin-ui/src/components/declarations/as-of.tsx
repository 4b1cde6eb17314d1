// Looking at a record as it was: the control, and the band that says so across the page.
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeclarationRecord, Moment } from '../../graphql/declaration'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { Band } from '../../ui/band'
import { Button, buttonClass } from '../../ui/button'
import { FieldError } from '../../ui/field'

export function AsOfControl({ asOf, onChange }: { asOf: string | undefined; onChange: (asOf: string | undefined) => void }) {
  const { t } = useTranslation()
  const [date, setDate] = useState(asOf ?? '')
  const [error, setError] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const input = event.currentTarget.elements.namedItem('asOf') as HTMLInputElement
    if (input.value === '') {
      setError(t('asOf.invalid'))
      input.focus()
      return
    }
    setError(undefined)
    onChange(input.value)
  }
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-wrap items-center gap-2" aria-label={t('asOf.title')} data-print="hide">
      <label htmlFor="as-of" className="text-sm" title={t('asOf.help')}>
        {t('asOf.date')}
      </label>
      <input
        id="as-of"
        name="asOf"
        type="date"
        value={date}
        onChange={(event) => setDate(event.target.value)}
        aria-describedby={error ? 'as-of-error' : undefined}
        aria-invalid={error ? true : undefined}
        className="control min-h-8 py-0.5 text-sm"
      />
      <Button type="submit" size="sm">
        {t('asOf.submit')}
      </Button>
      <FieldError id="as-of-error" error={error} />
    </form>
  )
}

export function AsOfBand({ record, moment }: { record: DeclarationRecord; moment: Moment }) {
  const { t } = useTranslation()
  const date = moment.asOf && formatDate(moment.asOf, currentLanguage(), 'dateWithDay')
  const position = moment.recordedUpTo
  const sentence =
    date && position ? t('asOf.bandBoth', { date, position }) : date ? t('asOf.bandDate', { date }) : t('asOf.bandRecord', { position })
  const differing = record.differsFromToday.length
  return (
    <Band
      tone="past"
      label={t('asOf.title')}
      actions={
        <Link to="/declarations/$id" params={{ id: record.id }} search={{}} resetScroll={false} className={buttonClass('secondary', false, 'sm')}>
          {t('asOf.now')}
        </Link>
      }
    >
      <p className="font-bold">{sentence}</p>
      <p className="text-sm">
        {!record.existed && `${t('asOf.notYet')} `}
        {differing > 0 ? t('asOf.differs', { count: differing }) : t('asOf.same')} {t('asOf.bandReadOnly')}
      </p>
    </Band>
  )
}
