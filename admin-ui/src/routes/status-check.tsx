// 照会: where many declarations stand on a day, for other offices. What was pasted stays on this page: it holds names, so no address
// holds it; the outcome that is looked at stands in the URL.
import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../components/fault'
import { Breadcrumb, PageHeading, useWindowTitle } from '../components/page'
import { useSession } from '../components/session'
import { Answers } from '../components/status-check/answers'
import { AskForm } from '../components/status-check/ask-form'
import { Columns, type Reading } from '../components/status-check/columns'
import { Fault } from '../graphql/execute'
import { may } from '../graphql/session'
import { checkStatus, FILTERS, type Question, readSheet } from '../graphql/status-check'
import { RefusedFile } from '../graphql/uploads'
import { readDay } from '../lib/date-text'
import { today } from '../lib/format'
import { problemText } from '../lib/problem-text'
import { PAGE_SIZE } from '../lib/search-params'
import { canBeAsked, dataRows, mapped, questionOf } from '../lib/status-sheet'
import type { FormProblem } from '../ui/error-summary'
import { LoadingBar } from '../ui/loading'

const route = getRouteApi('/shell/status-check')

export default function StatusCheckPage() {
  return may(useSession(), 'CHECK_STATUS') ? <StatusCheck /> : <FaultPage error={new Fault('FORBIDDEN', undefined, 'CHECK_STATUS')} />
}

/** What the server found wrong with a file or with a question, at the field that it came from. */
function refusedAt(error: unknown, target: string): FormProblem[] {
  return error instanceof RefusedFile ? [{ target, message: problemText(error.problem) }] : []
}

const faultIn = (...errors: unknown[]) => errors.find((error) => error && !(error instanceof RefusedFile))

function useCheck() {
  const [reading, setReading] = useState<Reading>()
  const check = useMutation({ mutationFn: (question: Question) => checkStatus(question) })
  const ask = (of: Reading, day: string) => check.mutate(questionOf(dataRows(of.sheet, of.hasHeadings), of.mapping, day))
  const read = useMutation({
    mutationFn: ({ content }: { content: Blob; file: string | undefined; day: string }) => readSheet(content),
    onMutate: () => check.reset(),
    onSuccess: (sheet, { file, day }) => {
      const next = { sheet, mapping: sheet.columns, hasHeadings: sheet.headings !== null, file }
      setReading(next)
      // What could be guessed is asked at once; what could not is said under the columns.
      if (canBeAsked(next.mapping)) ask(next, day)
    },
    onError: () => setReading(undefined),
  })
  const change = (next: Reading) => {
    check.reset()
    setReading(next)
  }
  return { reading, read, check, ask, change }
}

function StatusCheck() {
  const { t } = useTranslation()
  const { outcome, shown = PAGE_SIZE } = route.useSearch()
  const [text, setText] = useState('')
  const [typedDay, setTypedDay] = useState(today)
  const [attempt, setAttempt] = useState(0)
  const [missing, setMissing] = useState<FormProblem[]>([])
  const { reading, read, check, ask, change } = useCheck()
  useWindowTitle(t('nav.statusCheck'))
  const day = typedDay.trim() === '' ? today() : readDay(typedDay)
  const source = read.variables?.file === undefined ? 'paste' : 'file'
  const problems = [...missing, ...refusedAt(read.error, source), ...refusedAt(check.error, source)]
  const busy = read.isPending ? t('statusCheck.reading') : check.isPending ? t('statusCheck.asking') : undefined
  /** Goes on with the day as it was read, or says why not. */
  const withDay = (go: (day: string) => void, more: FormProblem[] = []) => {
    const found = day === undefined ? [...more, { target: 'day', message: t('day.unreadable') }] : day > today() ? [...more, { target: 'day', message: t('statusCheck.dayAhead') }] : more
    setAttempt(attempt + 1)
    setMissing(found)
    if (day !== undefined && found.length === 0) go(day)
  }
  const askPasted = () => withDay((of) => read.mutate({ content: new Blob([text]), file: undefined, day: of }), text.trim() === '' ? [{ target: 'paste', message: t('statusCheck.pasteMissing') }] : [])
  const fault = faultIn(read.error, check.error)
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={busy !== undefined} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('nav.statusCheck') }]} />
        <PageHeading>{t('nav.statusCheck')}</PageHeading>
        <p className="text-sm text-muted">{t('statusCheck.lead')}</p>
      </div>
      <AskForm
        {...{ text, busy, problems, attempt }}
        day={typedDay}
        onText={setText}
        onDay={setTypedDay}
        onAsk={askPasted}
        onFile={(file) => withDay((of) => read.mutate({ content: file, file: file.name, day: of }))}
      />
      {fault !== undefined && <FaultBand error={fault} lead={t('statusCheck.failed')} />}
      {reading && (
        <Columns
          reading={reading}
          busy={busy}
          onMap={(column, place) => change({ ...reading, mapping: mapped(reading.mapping, column, place) })}
          onHeadings={(hasHeadings) => change({ ...reading, hasHeadings })}
          onAsk={() => withDay((of) => ask(reading, of))}
        />
      )}
      {check.data && check.variables ? <Answers key={check.data.checkedAt} report={check.data} question={check.variables} filter={FILTERS.find((known) => known === outcome)} shown={shown} /> : !reading && <Blank />}
    </div>
  )
}

function Blank() {
  const { t } = useTranslation()
  return (
    <div className="rounded-md border border-line px-4 py-6">
      <h2 className="text-base">{t('statusCheck.blankTitle')}</h2>
      <p className="text-sm text-muted">{t('statusCheck.blank')}</p>
    </div>
  )
}
