// One labelled input of a form: label above, 必須 beside it, help under the label, the error under the input, all joined by ids.
import { type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'
import { TypedText } from './typed-text'

interface Shell {
  label: string
  help?: ReactNode
  error?: string
  required?: boolean
  /** Says 任意; left out where a form has only required inputs. */
  optional?: boolean
  /** Beside the label, for example a button that removes the field. */
  aside?: ReactNode
}

interface Wiring {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-required'?: true
}

export function Field({ id, label, help, error, required, optional, aside, children }: Shell & { id?: string; children: (wiring: Wiring) => ReactNode }) {
  const made = useId()
  const inputId = id ?? made
  const helpId = help ? `${inputId}-help` : undefined
  const errorId = error ? `${inputId}-error` : undefined
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex items-center gap-2">
        <label htmlFor={inputId} className="font-bold">
          {label}
        </label>
        <RequiredMark required={required} optional={optional} />
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      {help && (
        <div id={helpId} className="text-sm text-muted">
          {help}
        </div>
      )}
      <div className="mt-1">
        {children({
          id: inputId,
          'aria-describedby': [errorId, helpId].filter(Boolean).join(' ') || undefined,
          'aria-invalid': error ? true : undefined,
          'aria-required': required ? true : undefined,
        })}
      </div>
      <FieldError id={errorId} error={error} />
    </div>
  )
}

export function RequiredMark({ required, optional }: { required?: boolean; optional?: boolean }) {
  const { t } = useTranslation()
  if (required) return <span className="rounded-sm bg-bad-bg px-1.5 text-xs leading-5 font-normal text-bad">{t('form.required')}</span>
  return optional ? <span className="text-xs text-muted">{t('form.optional')}</span> : null
}

export function FieldError({ id, error }: { id?: string; error?: string }) {
  if (!error) return null
  return (
    <p id={id} className="mt-1 flex items-start gap-1 text-sm font-bold text-bad">
      <Icon name="error" className="mt-0.5 size-4" />
      <TypedText text={error} />
    </p>
  )
}

/** An example in grey vanishes when one types and is mistaken for content, so there is no `placeholder`. */
type Native<T> = Omit<T, 'id' | 'placeholder' | 'required'> & { id?: string; placeholder?: never }

export type TextInputProps = Shell & Native<InputHTMLAttributes<HTMLInputElement>> & { ref?: Ref<HTMLInputElement> }

export function TextInput({ label, help, error, required, optional, aside, id, className = '', type = 'text', ...input }: TextInputProps) {
  return (
    <Field {...{ id, label, help, error, required, optional, aside }}>
      {(wiring) => <input {...input} {...wiring} type={type} className={`control w-full ${className}`} />}
    </Field>
  )
}

type TextAreaProps = Shell & Native<TextareaHTMLAttributes<HTMLTextAreaElement>> & { ref?: Ref<HTMLTextAreaElement> }

export function TextArea({ label, help, error, required, optional, aside, id, className = '', rows = 3, ...input }: TextAreaProps) {
  return (
    <Field {...{ id, label, help, error, required, optional, aside }}>
      {(wiring) => <textarea {...input} {...wiring} rows={rows} className={`control block w-full resize-y ${className}`} />}
    </Field>
  )
}

type SelectProps = Shell & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'required'> & { id?: string; ref?: Ref<HTMLSelectElement> }

export function SelectInput({ label, help, error, required, optional, aside, id, className = '', children, ...input }: SelectProps) {
  return (
    <Field {...{ id, label, help, error, required, optional, aside }}>
      {(wiring) => (
        <select {...input} {...wiring} className={`control w-full ${className}`}>
          {children}
        </select>
      )}
    </Field>
  )
}

export function PasswordInput(props: TextInputProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const { label, help, error, required, optional, id, className = '', ...input } = props
  return (
    <Field {...{ id, label, help, error, required, optional }}>
      {(wiring) => (
        <div className="relative">
          <input {...input} {...wiring} type={shown ? 'text' : 'password'} className={`control w-full pr-12 ${className}`} spellCheck={false} autoCapitalize="none" />
          <button
            type="button"
            aria-pressed={shown}
            aria-label={t('password.show')}
            title={t(shown ? 'password.hide' : 'password.show')}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-md text-muted hover:text-text"
          >
            <svg viewBox="0 0 24 24" className="size-5" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
              <path d="M2 12c2.500-4.500 6-7 10-7s7.500 2.500 10 7c-2.500 4.500-6 7-10 7s-7.500-2.500-10-7Z" />
              <circle cx="12" cy="12" r="3" />
              {!shown && <path d="M4 4l16 16" />}
            </svg>
          </button>
        </div>
      )}
    </Field>
  )
}
