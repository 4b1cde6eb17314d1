// A day, typed or picked. Neither the browser's own date field, which speaks the language of the browser and not of the console,
// nor one of segments, which swallows the digits of an input method: a text as people type it, 和暦 too, read when it is left.
import { lazy, type Ref, Suspense, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../i18n'
import { readDay } from '../lib/date-text'
import { formatDate, formatEra } from '../lib/format'
import { IconButton } from './button'
import { Field } from './field'

const CalendarWindow = lazy(async () => ({ default: (await import('./calendar')).CalendarWindow }))

interface BoxProps {
  id?: string
  name?: string
  /** What was typed; `2026-05-12` once it was read. */
  value: string
  onChange: (text: string) => void
  onBlur?: () => void
  ref?: Ref<HTMLInputElement>
  /** The last day that can be picked. */
  max?: string
  title?: string
  className?: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-required'?: true
}

/** The input and the button beside it, for places that bring a label of their own. */
export function DayBox({ value, onChange, onBlur, max, className = '', ...input }: BoxProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const day = readDay(value)
  return (
    <span className={`relative block max-w-60 ${className}`}>
      <input
        {...input}
        type="text"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => {
          if (day !== undefined && day !== value) onChange(day)
          onBlur?.()
        }}
        className="control num h-full w-full pr-11"
      />
      <IconButton
        ref={trigger}
        icon="calendar"
        label={t('day.calendar')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        className="absolute inset-y-0 right-0.5 my-auto"
      />
      {open && (
        <Suspense>
          <CalendarWindow
            label={t('day.calendar')}
            trigger={trigger}
            value={day}
            max={max}
            onPick={(picked) => {
              onChange(picked)
              setOpen(false)
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </span>
  )
}

/** In Japanese also as offices write it. */
const dayWord = (day: string) => (currentLanguage() === 'ja' ? `${formatDate(day, 'ja', 'dateWithDay')} ${formatEra(day)}` : formatDate(day, 'en', 'dateWithDay'))

interface Props extends BoxProps {
  label: string
  help?: React.ReactNode
  error?: string
  required?: boolean
  aside?: React.ReactNode
}

/** With label and help, and under the input the day as it was read, so that 令和7 for 平成7 is seen before it is saved. */
export function DayInput({ label, help, error, required, aside, id, ...box }: Props) {
  const { t } = useTranslation()
  const made = useId()
  const inputId = id ?? made
  const day = readDay(box.value)
  return (
    <Field
      {...{ label, error, required, aside }}
      id={inputId}
      help={
        <>
          {help && <span className="block">{help}</span>}
          <span className="block">{t('day.help')}</span>
        </>
      }
    >
      {(wiring) => (
        <>
          <DayBox {...box} {...wiring} />
          <span aria-live="polite" className="num mt-0.5 block min-h-6 text-sm text-muted">
            {day && dayWord(day)}
          </span>
        </>
      )}
    </Field>
  )
}
