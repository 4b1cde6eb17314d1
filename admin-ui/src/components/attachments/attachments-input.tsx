// The one input for files of a change: choose or drop, see each on its way, take it away again; what is wrong stands beside it.
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatBytes } from '../../lib/format'
import { Button, IconButton } from '../../ui/button'
import { FieldError, RequiredMark } from '../../ui/field'
import { Icon } from '../../ui/icons'
import { ProgressBar } from '../../ui/progress'
import { TypedText } from '../../ui/typed-text'
import type { UploadItem, Uploads } from './use-uploads'

const ACCEPT = '.pdf,.png,.jpg,.jpeg,.txt,.csv,.xlsx,.docx'

interface Props {
  id: string
  uploads: Uploads
  required?: boolean
  error: string | undefined
}

export function AttachmentsInput({ id, uploads, required, error }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const helpId = `${id}-help`
  const errorId = error ? `${id}-error` : undefined
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    uploads.add([...event.dataTransfer.files])
  }
  return (
    <div role="group" aria-labelledby={`${id}-label`} aria-describedby={[errorId, helpId].filter(Boolean).join(' ')} className="flex min-w-0 flex-col">
      <div className="flex items-center gap-2">
        <span id={`${id}-label`} className="font-bold">
          {t('attachment.label')}
        </span>
        <RequiredMark required={required} optional={!required} />
      </div>
      <p id={helpId} className="text-sm text-muted">
        {t('attachment.help')}
      </p>
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`mt-1 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-dashed px-4 py-3 ${over ? 'border-accent bg-selected' : 'border-control'}`}
      >
        <Button id={id} icon="plus" aria-describedby={[errorId, helpId].filter(Boolean).join(' ')} onClick={() => input.current?.click()}>
          {t('attachment.choose')}
        </Button>
        <span className="text-sm text-muted max-md:hidden">{t('attachment.drop')}</span>
        <input
          ref={input}
          type="file"
          multiple
          accept={ACCEPT}
          hidden
          onChange={(event) => {
            uploads.add([...(event.target.files ?? [])])
            // The same file can be chosen again.
            event.target.value = ''
          }}
        />
      </div>
      {uploads.items.length > 0 && (
        <ul aria-label={t('attachment.list')} className="mt-2 flex flex-col divide-y divide-line rounded-md border border-line">
          {uploads.items.map((item) => (
            <Item
              key={item.key}
              item={item}
              onAgain={() => uploads.again(item)}
              onRemove={() => {
                uploads.remove(item.key)
                document.getElementById(id)?.focus()
              }}
            />
          ))}
        </ul>
      )}
      <p role="status" className="sr-only">
        {t('attachment.sentCount', { count: uploads.ids.length })}
      </p>
      <FieldError id={errorId} error={error} />
    </div>
  )
}

function Item({ item, onAgain, onRemove }: { item: UploadItem; onAgain: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const { name, size } = item.file
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <Icon name={item.id ? 'check' : item.problem ? 'error' : 'declaration'} className={`mt-1.5 size-4 ${item.id ? 'text-good' : item.problem ? 'text-bad' : 'text-muted'}`} />
      <div className="min-w-0 flex-1 py-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="break-all">
            <TypedText text={name} />
          </span>
          <span className="num text-sm text-muted">{formatBytes(size, currentLanguage())}</span>
          {item.id && <span className="text-sm text-good">{t('attachment.sent')}</span>}
        </p>
        {!item.id && !item.problem && <ProgressBar label={t('attachment.sending', { name })} done={item.sent} total={size} text={t('attachment.percent', { value: size > 0 ? Math.floor((item.sent / size) * 100) : 0 })} />}
        {item.problem && (
          <p role="alert" className="text-sm font-bold text-bad">
            <TypedText text={item.problem} />
          </p>
        )}
      </div>
      {item.again && (
        <Button size="sm" onClick={onAgain} aria-label={t('attachment.againOf', { name })}>
          {t('attachment.again')}
        </Button>
      )}
      <IconButton icon="close" label={t('attachment.remove', { name })} onClick={onRemove} />
    </li>
  )
}
