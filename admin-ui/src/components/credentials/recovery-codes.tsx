// Recovery codes, shown this once: to copy, to print, to save, and with the word that they are kept.
import { useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { FieldError } from '../../ui/field'

export function RecoveryCodes({ codes, login, onKept }: { codes: readonly string[]; login: string; onKept: () => void }) {
  const { t } = useTranslation()
  const [kept, setKept] = useState(false)
  const [missing, setMissing] = useState(false)
  const [copied, setCopied] = useState(false)
  const box = useRef<HTMLInputElement>(null)
  const [made] = useState(() => formatInstant(new Date().toISOString(), currentLanguage()))
  const head = [t('recoveryCodes.paperTitle'), t('recoveryCodes.paperLogin', { login }), t('recoveryCodes.paperMade', { when: made }), t('recoveryCodes.paperHelp')]
  const save = () => {
    const file = URL.createObjectURL(new Blob([`${[...head, '', ...codes].join('\n')}\n`], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = file
    link.download = `sengen-recovery-codes-${login}.txt`
    link.click()
    setTimeout(() => URL.revokeObjectURL(file), 10_000)
  }
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (kept) return onKept()
        setMissing(true)
        box.current?.focus()
      }}
    >
      <Band tone="warn" role="note">
        {t('recoveryCodes.once')}
      </Band>
      <p>{t('recoveryCodes.lead')}</p>
      <ol aria-label={t('recoveryCodes.list')} className="num grid list-none gap-x-6 gap-y-1.5 rounded-md border border-line bg-surface p-4 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} translate="no">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" icon={copied ? 'check' : 'copy'} onClick={() => void navigator.clipboard?.writeText(codes.join('\n')).then(() => setCopied(true))}>
          {t('recoveryCodes.copy')}
        </Button>
        <Button size="sm" onClick={() => window.print()}>
          {t('recoveryCodes.print')}
        </Button>
        <Button size="sm" onClick={save}>
          {t('recoveryCodes.save')}
        </Button>
        <span role="status" className={copied ? 'text-sm text-good' : 'sr-only'}>
          {copied ? t('action.copied') : ''}
        </span>
      </div>
      <div>
        <label className="flex cursor-pointer items-start gap-3">
          <input
            ref={box}
            type="checkbox"
            checked={kept}
            onChange={(event) => setKept(event.target.checked)}
            aria-invalid={missing && !kept ? true : undefined}
            aria-describedby={missing && !kept ? 'kept-error' : undefined}
            className="mt-1 size-5 shrink-0 accent-accent"
          />
          <span>{t('recoveryCodes.kept')}</span>
        </label>
        <FieldError id="kept-error" error={missing && !kept ? t('recoveryCodes.keptMissing') : undefined} />
      </div>
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          {t('recoveryCodes.done')}
        </Button>
      </div>
      {createPortal(
        <div data-print="alone">
          <h1>{head[0]}</h1>
          {head.slice(1).map((line) => (
            <p key={line}>{line}</p>
          ))}
          <ol className="mt-4 list-decimal pl-6 font-mono text-lg">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </div>,
        document.body,
      )}
    </form>
  )
}
