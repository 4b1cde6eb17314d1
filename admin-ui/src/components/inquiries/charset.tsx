// 文字化けを直す: a message is read with another charset, looked at, and kept so for everybody.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseCharset, type InquiryMessage, type InquiryRecord, previewCharsetQuery } from '../../graphql/inquiries'
import { useCommandId } from '../../lib/command-id'
import { CHARSETS, charsetWord } from '../../lib/inquiries'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Skeleton } from '../../ui/loading'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { FormSheet, SheetFooter, useSheetSteps } from '../form-sheet'
import { DeedFault } from '../operations/deed'
import { useRefusal, useSettle } from './work'
import { ClosedWords } from './words'

interface Props {
  record: InquiryRecord
  message: InquiryMessage
}

export function CharsetSheet({ record, message, onLeave }: Props & { onLeave: () => void }) {
  const { t } = useTranslation()
  return (
    <FormSheet title={t('inquiries.mend')} onLeave={onLeave}>
      <CharsetForm record={record} message={message} />
    </FormSheet>
  )
}

function Preview({ record, message, charset }: Props & { charset: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({ ...previewCharsetQuery(record.id, message.id, charset), enabled: charset !== '' })
  if (charset === '') return <p className="text-muted">{t('inquiries.previewNone')}</p>
  if (error) return <FaultBand error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div className="flex flex-col gap-2">
        <Skeleton className="w-2/3" />
        <Skeleton className="w-full" />
        <Skeleton className="w-1/2" />
      </div>
    )
  if (data.__typename === 'Withheld') return <ClosedWords closed={data} />
  if (data.__typename !== 'CharsetPreview')
    return (
      <Band tone="warn" role="alert">
        <TypedText text={data.__typename === 'InvalidInput' ? data.problems.map(problemText).join(' ') : t('inquiries.charsetFails')} />
      </Band>
    )
  return (
    <div className="flex flex-col gap-1 break-words">
      <p className="font-bold">
        <TypedText text={data.subject || t('inquiries.noSubject')} />
      </p>
      <p className="whitespace-pre-wrap">
        <TypedText text={data.text || t('inquiries.emptyText')} />
      </p>
    </div>
  )
}

function CharsetForm({ record, message }: Props) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [charset, setCharset] = useState('')
  const [refused, setRefused] = useState<string>()
  const now = message.charset.toLowerCase()
  const choices = CHARSETS.some((item) => item === now) ? CHARSETS : [now, ...CHARSETS]
  const save = useMutation({
    mutationFn: () => chooseCharset(commandId([message.id, charset]), record, message.id, charset),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome) => {
      setRefused(refusal(outcome))
      settle(outcome)
      if (!('done' in outcome)) return
      toast(t('inquiries.done.mended'))
      steps.done()
    },
  })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onSubmit={(event) => {
      event.preventDefault()
      if (charset !== '' && charset !== now && !save.isPending) save.mutate()
    }}>
      <div className="flex flex-1 flex-col gap-5 overflow-auto p-5">
        {refused !== undefined && (
          <Band tone="warn" role="alert">
            <TypedText text={refused} />
          </Band>
        )}
        <DeedFault error={save.error} />
        <p>{t('inquiries.charsetLead')}</p>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-bold">{t('inquiries.charsetLabel')}</legend>
          {choices.map((item) => (
            <label key={item} className="flex min-h-8 items-center gap-2 touch:min-h-11">
              <input type="radio" name="charset" className="size-5 accent-accent" checked={charset === item} onChange={() => setCharset(item)} />
              {item === now ? t('inquiries.charsetNow', { charset: charsetWord(item) }) : charsetWord(item)}
            </label>
          ))}
        </fieldset>
        <section aria-labelledby="charset-preview" aria-live="polite" className="flex flex-col gap-2 rounded-md border border-line px-4 py-3">
          <h3 id="charset-preview" className="text-base">
            {t('inquiries.preview')}
          </h3>
          <Preview record={record} message={message} charset={charset} />
        </section>
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t('inquiries.charsetSave')} reason={charset === '' ? t('inquiries.previewNone') : charset === now ? t('inquiries.charsetSame') : undefined} />
    </form>
  )
}
