// Copies a text, says so, and falls back to nothing worse than a selected text when the clipboard is closed.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button'

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <span className="inline-flex items-center" data-print="hide">
      <IconButton
        icon={copied ? 'check' : 'copy'}
        label={label}
        className="size-7"
        onClick={() => {
          void navigator.clipboard?.writeText(text).then(() => setCopied(true))
        }}
      />
      <span role="status" className={copied ? 'text-xs text-good' : 'sr-only'}>
        {copied ? t('action.copied') : ''}
      </span>
    </span>
  )
}
