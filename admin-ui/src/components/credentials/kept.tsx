// The end of what is shown this once: a word that it is kept, and only then the way on.
import { type ReactNode, type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button'
import { FieldError } from '../../ui/field'

interface Props {
  className: string
  kept: string
  missing: string
  done: string
  onKept: () => void
  /** What is shown. */
  children: ReactNode
}

export function KeptForm({ className, kept: word, missing: problem, done, onKept, children }: Props) {
  const [kept, setKept] = useState(false)
  const [missing, setMissing] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (kept) return onKept()
    setMissing(true)
    box.current?.focus()
  }
  const told = missing && !kept
  return (
    <form noValidate className={className} onSubmit={submit}>
      {children}
      <div>
        <label className="flex cursor-pointer items-start gap-3">
          <input
            ref={box}
            type="checkbox"
            checked={kept}
            onChange={(event) => setKept(event.target.checked)}
            aria-invalid={told ? true : undefined}
            aria-describedby={told ? 'kept-error' : undefined}
            className="mt-1 size-5 shrink-0 accent-accent"
          />
          <span>{word}</span>
        </label>
        <FieldError id="kept-error" error={told ? problem : undefined} />
      </div>
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          {done}
        </Button>
      </div>
    </form>
  )
}

/** Copies what is shown, and says that it has. */
export function CopyShown({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <>
      <Button size="sm" icon={copied ? 'check' : 'copy'} onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}>
        {label}
      </Button>
      {/* Its own word stands after whatever is beside it. */}
      <span role="status" className={copied ? 'order-last text-sm text-good' : 'sr-only'}>
        {copied ? t('action.copied') : ''}
      </span>
    </>
  )
}
