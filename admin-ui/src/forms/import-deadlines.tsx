// Deadlines from a file: chosen, looked through, and then taken as a whole.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ImportReportView } from '../components/calendar/import-report'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { SaveFault } from '../components/save-fault'
import { CALENDAR_KEY } from '../graphql/calendar'
import { execute } from '../graphql/execute'
import { ImportDeadlinesDocument, type ImportDeadlinesMutation } from '../graphql/gql/graphql'
import { useCommandId } from '../lib/command-id'
import { readFileText } from '../lib/file-text'
import { blockConversionEnter } from '../lib/ime'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { ErrorSummary, type FormProblem } from '../ui/error-summary'
import { Field, TextInput } from '../ui/field'
import { toast } from '../ui/toast'

type Result = ImportDeadlinesMutation['importDeadlines']
type ImportReport = Extract<Result, { __typename: 'DeadlineImport' }>

interface Chosen {
  content: string
  source: string
}

/** Looks a file through, or takes it as it was looked through. */
function useImport(steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [problem, setProblem] = useState<string>()
  const [seen, setSeen] = useState<Chosen & { report: ImportReport }>()
  const [outdated, setOutdated] = useState(false)
  const send = useMutation({
    mutationFn: async ({ chosen, expectedVersion }: { chosen: Chosen; expectedVersion?: string }) => {
      const content = { ...chosen, expectedVersion: expectedVersion ?? null }
      return (await execute(ImportDeadlinesDocument, { input: { commandId: commandId(content), ...content } })).importDeadlines
    },
    onSuccess: async (result, { chosen }) => {
      setProblem(result.__typename === 'InvalidInput' ? result.problems.map(problemText).join(' ') : undefined)
      if (result.__typename !== 'DeadlineImport') {
        setOutdated(result.__typename === 'ImportOutdated')
        setSeen(undefined)
        return
      }
      setOutdated(false)
      if (!result.written) {
        setSeen({ ...chosen, report: result })
        return
      }
      await client.invalidateQueries({ queryKey: CALENDAR_KEY })
      toast(t('import.done', { count: seen ? seen.report.added + seen.report.changed : result.added + result.changed }))
      steps.done()
    },
  })
  const again = () => {
    setSeen(undefined)
    setProblem(undefined)
  }
  return { send, seen, problem, setProblem, outdated, again }
}

export function ImportDeadlinesForm() {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const file = useRef<HTMLInputElement>(null)
  const [source, setSource] = useState('')
  const [attempt, setAttempt] = useState(0)
  const { send, seen, problem, setProblem, outdated, again } = useImport(steps)
  const problems: FormProblem[] = problem ? [{ target: 'file', message: problem }] : []

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setAttempt(attempt + 1)
    if (send.isPending) return
    if (seen) {
      send.mutate({ chosen: { content: seen.content, source: seen.source }, expectedVersion: seen.report.version })
      return
    }
    const chosen = file.current?.files?.[0]
    if (!chosen) {
      setProblem(t('import.fileMissing'))
      return
    }
    const read = await readFileText(chosen)
    if ('problem' in read) setProblem(t(`import.${read.problem}`))
    else send.mutate({ chosen: { content: read.text, source } })
  }
  const refused = (seen?.report.refused ?? 0) > 0
  const count = seen ? seen.report.added + seen.report.changed : 0
  const cannot = () => {
    if (refused) return t('import.refusedReason')
    return seen && count === 0 ? t('import.nothingReason') : undefined
  }
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => steps.onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={problems} attempt={attempt} />
        <SaveFault error={send.error} />
        {outdated && (
          <Band tone="warn" role="alert">
            {t('import.outdated')}
          </Band>
        )}
        {/* Kept while the result is looked at: going back, the file is still chosen. */}
        <div hidden={seen !== undefined} className={seen ? '' : 'flex flex-col gap-6'}>
          <p>{t('import.lead')}</p>
          <Field id="file" label={t('import.file')} help={t('import.fileHelp')} required error={problem}>
            {(wiring) => <input {...wiring} ref={file} type="file" accept=".csv,.ics,text/csv,text/calendar" className="control w-full" />}
          </Field>
          <TextInput id="source" label={t('import.source')} help={t('import.sourceHelp')} optional autoComplete="off" value={source} onChange={(event) => setSource(event.target.value)} />
        </div>
        {seen && <ImportReportView report={seen.report} />}
        {refused && (
          <Band tone="bad" role="note">
            {t('import.refusedReason')}
          </Band>
        )}
      </div>
      <SheetFooter onClose={steps.close} saving={send.isPending} word={seen ? t('import.run', { count }) : t('import.check')} reason={cannot()}>
        {seen && <Button onClick={again}>{t('import.again')}</Button>}
      </SheetFooter>
    </form>
  )
}
