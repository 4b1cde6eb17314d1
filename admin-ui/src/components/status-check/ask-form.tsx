// What is asked about: pasted, or in a file, and the day for rows without one.
import { type SubmitEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { today } from '../../lib/format'
import { Button } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { ErrorSummary, type FormProblem } from '../../ui/error-summary'
import { Field, TextArea } from '../../ui/field'

export const KINDS = '.csv,.tsv,.txt,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

interface Props {
  text: string
  onText: (text: string) => void
  day: string
  onDay: (day: string) => void
  /** What is being done with the last question. */
  busy: string | undefined
  problems: readonly FormProblem[]
  attempt: number
  onAsk: () => void
  onFile: (file: File) => void
}

export function AskForm({ text, onText, day, onDay, busy, problems, attempt, onAsk, onFile }: Props) {
  const { t } = useTranslation()
  const file = useRef<HTMLInputElement>(null)
  const errorOf = (target: string) => problems.find((problem) => problem.target === target)?.message
  return (
    <form
      noValidate
      className="flex flex-col gap-4 rounded-md border border-line bg-surface p-4"
      data-print="hide"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault()
        if (busy === undefined) onAsk()
      }}
    >
      <ErrorSummary problems={[...problems]} attempt={attempt} />
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,3fr)_minmax(16rem,2fr)]">
        <TextArea id="paste" label={t('statusCheck.paste')} help={t('statusCheck.pasteHelp')} error={errorOf('paste')} rows={8} autoComplete="off" spellCheck={false} className="num font-mono text-sm" value={text} onChange={(event) => onText(event.target.value)} />
        <div className="flex flex-col gap-4">
          <DayInput id="day" label={t('statusCheck.day')} help={t('statusCheck.dayHelp')} error={errorOf('day')} max={today()} value={day} onChange={onDay} />
          <Field id="file" label={t('statusCheck.file')} help={t('statusCheck.fileHelp')} error={errorOf('file')}>
            {(wiring) => (
              <input
                {...wiring}
                ref={file}
                type="file"
                accept={KINDS}
                className="control w-full"
                onChange={(event) => {
                  const chosen = event.target.files?.[0]
                  // The same file can be chosen again once it was mended.
                  if (chosen && busy === undefined) onFile(chosen)
                  event.target.value = ''
                }}
              />
            )}
          </Field>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" icon="search" reason={busy}>
          {busy ?? t('statusCheck.ask')}
        </Button>
        <p className="text-sm text-muted">{t('statusCheck.askHelp')}</p>
      </div>
    </form>
  )
}
