// A note for colleagues, on the ground of notes, so that nobody takes it for an answer.
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeInquiry, type InquiryRecord } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { blockConversionEnter } from '../../lib/ime'
import { useKeys } from '../../lib/keys'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TextArea } from '../../ui/field'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { useSession } from '../session'
import { useColleagues } from './colleagues'
import { changeDesk, type NoteDraft } from './desk-state'
import { useRefusal, useSettle } from './work'

function Mentions({ record, draft, onChange }: { record: InquiryRecord; draft: NoteDraft; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  const colleagues = useColleagues(record).colleagues.filter(({ id }) => id !== staff.id)
  if (colleagues.length === 0) return null
  return (
    <details className="text-sm" open={draft.mentionedIds.length > 0}>
      <summary className="min-h-6 w-fit cursor-pointer font-bold touch:min-h-11">{t('inquiries.mention')}</summary>
      <fieldset className="flex max-h-32 flex-wrap items-center gap-x-4 gap-y-1 overflow-auto">
        <legend className="sr-only">{t('inquiries.mention')}</legend>
        {colleagues.map(({ id, name }) => (
          <label key={id} className="flex min-h-8 items-center gap-1.5 touch:min-h-11">
            <input type="checkbox" className="size-5 accent-accent" checked={draft.mentionedIds.includes(id)} onChange={(event) => onChange(event.target.checked ? [...draft.mentionedIds, id] : draft.mentionedIds.filter((item) => item !== id))} />
            <TypedText text={name} />
          </label>
        ))}
      </fieldset>
    </details>
  )
}

export function NoteComposer({ deskKey: key, record, draft }: { deskKey: string; record: InquiryRecord; draft: NoteDraft }) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [wrong, setWrong] = useState<string>()
  const [refused, setRefused] = useState<string>()
  useEffect(() => document.getElementById('note-text')?.focus(), [])
  const save = useMutation({
    mutationFn: () => changeInquiry(commandId([record.id, draft]), record, { note: { text: draft.text.trim(), mentionedIds: draft.mentionedIds } }),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome) => {
      setRefused(refusal(outcome))
      settle(outcome)
      if (!('done' in outcome)) return
      changeDesk(key, { writes: undefined, note: undefined })
      toast(t('inquiries.done.noted'))
    },
  })
  const off = save.isPending ? t('inquiries.saving') : undefined
  const submit = () => {
    if (off !== undefined) return
    const missing = draft.text.trim() === '' ? t('inquiries.noteMissing') : undefined
    setWrong(missing)
    if (missing) document.getElementById('note-text')?.focus()
    else save.mutate()
  }
  useKeys({ 'mod+enter': submit })
  return (
    <form noValidate aria-label={t('inquiries.noteLabel')} className="flex flex-col gap-2.5 border-l-4 border-past-line bg-past-bg px-4 py-3 text-past" onKeyDown={blockConversionEnter} onSubmit={(event) => {
      event.preventDefault()
      submit()
    }}>
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      <DeedFault error={save.error} />
      <TextArea id="note-text" label={t('inquiries.noteLabel')} help={<span className="text-past">{t('inquiries.noteHelp')}</span>} rows={4} error={wrong} value={draft.text} onChange={(event) => changeDesk(key, { note: { ...draft, text: event.target.value } })} className="bg-bg text-text" />
      <Mentions record={record} draft={draft} onChange={(mentionedIds) => changeDesk(key, { note: { ...draft, mentionedIds } })} />
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-60 text-xs max-md:hidden">{t('inquiries.noteKeys')}</p>
        <Button onClick={() => changeDesk(key, { writes: undefined })}>{t('inquiries.fold')}</Button>
        <Button type="submit" look="primary" icon="check" reason={off}>
          {t('inquiries.noteSave')}
        </Button>
      </div>
    </form>
  )
}
