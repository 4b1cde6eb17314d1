// What is attached to a message: each a link that saves it, or the sentence why it is none.
import { useMutation } from '@tanstack/react-query'
import { type MouseEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FileRefusal, fileAddress, takeFile } from '../../graphql/inquiry-files'
import type { InquiryMessage } from '../../graphql/inquiries'
import { currentLanguage } from '../../i18n'
import { formatBytes } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'

export type MessageWords = Extract<NonNullable<InquiryMessage['words']>, { __typename: 'InquiryWords' }>
type File = MessageWords['files'][number]

/** A press with a key held is the browser's own: another window, or the menu of the link. */
const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent) => button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey

function Kind({ file }: { file: File }) {
  return (
    <span className="num text-xs text-muted">
      <TypedText text={file.mediaType} /> {formatBytes(file.size, currentLanguage())}
    </span>
  )
}

function FileLink({ messageId, file }: { messageId: string; file: File }) {
  const { t } = useTranslation()
  const name = file.name || t('desk.file.noName')
  const [refusal, setRefusal] = useState<FileRefusal>()
  const take = useMutation({
    mutationFn: () => takeFile(messageId, file.index),
    onMutate: () => setRefusal(undefined),
    onSuccess: (taken) => (typeof taken === 'string' ? setRefusal(taken) : saveFile(taken, name)),
  })
  return (
    <>
      <a
        href={fileAddress(messageId, file.index)}
        download={name}
        title={t('desk.file.save', { name })}
        aria-busy={take.isPending || undefined}
        className="inline-flex min-h-6 min-w-0 items-center gap-1.5 touch:min-h-11"
        onClick={(event) => {
          if (!isPlain(event)) return
          // Taken here: what the browser takes by itself says nothing of why it was refused.
          event.preventDefault()
          if (!take.isPending) take.mutate()
        }}
      >
        <Icon name="download" className="size-4" />
        <TypedText text={name} />
      </a>
      <Kind file={file} />
      <span role="status" className="text-xs text-muted">
        {take.isPending && t('desk.file.saving')}
      </span>
      {refusal && (
        <span role="alert" className="w-full text-sm font-bold text-bad">
          {t(`desk.file.${refusal}`)}
        </span>
      )}
      <DeedFault error={take.error} />
    </>
  )
}

function ClosedFile({ file, state }: { file: File; state: 'QUARANTINED' | 'TOO_LARGE' }) {
  const { t } = useTranslation()
  return (
    <>
      <span className="inline-flex min-h-6 min-w-0 items-center gap-1.5">
        <Icon name={state === 'QUARANTINED' ? 'shield' : 'lock'} className="size-4 text-muted" />
        <TypedText text={file.name || t('desk.file.noName')} />
      </span>
      <Kind file={file} />
      <span className="w-full text-sm text-muted">{t(`desk.file.${state}`)}</span>
    </>
  )
}

export function Files({ messageId, files }: { messageId: string; files: readonly File[] }) {
  const { t } = useTranslation()
  if (files.length === 0) return null
  return (
    <ul aria-label={t('desk.file.list')} className="flex flex-wrap gap-1.5 text-sm">
      {files.map((file) => (
        <li key={file.index} className="flex min-w-0 flex-wrap items-center gap-x-2 rounded-sm border border-line px-2 py-0.5">
          {file.state === 'AVAILABLE' ? <FileLink messageId={messageId} file={file} /> : <ClosedFile file={file} state={file.state} />}
        </li>
      ))}
    </ul>
  )
}
