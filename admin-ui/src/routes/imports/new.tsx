// Sending the file of an import: dropped or chosen, looked through by the server, and nothing kept when something is wrong with it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormSheet } from '../../components/form-sheet'
import { DeedFault } from '../../components/operations/deed'
import { useSession } from '../../components/session'
import { type Encoding, IMPORT_KEY, sendImport } from '../../graphql/import'
import { RefusedFile } from '../../graphql/uploads'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { useCommandId } from '../../lib/command-id'
import { formatBytes } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Button } from '../../ui/button'
import { ErrorSummary } from '../../ui/error-summary'
import { Field, SelectInput } from '../../ui/field'
import { ProgressBar } from '../../ui/progress'
import { TypedText } from '../../ui/typed-text'

const KINDS = '.csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const MOST_BYTES = 50 * 1024 * 1024

export default function NewImportPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const leave = () => void navigate({ to: '/imports' })
  return (
    <FormSheet title={t('imports.new')} onLeave={leave}>
      {may(session, 'IMPORT_DECLARATIONS') ? <Form /> : <p className="p-5">{t('sheet.noRight', { permission: t('permission.IMPORT_DECLARATIONS') })}</p>}
    </FormSheet>
  )
}

function Form() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const commandId = useCommandId()
  const [file, setFile] = useState<File>()
  const [encoding, setEncoding] = useState<Encoding | ''>('')
  const [sent, setSent] = useState(0)
  const [attempt, setAttempt] = useState(0)
  const [problem, setProblem] = useState<string>()
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leaving.current = controller
    return () => controller.abort()
  }, [])
  const send = useMutation({
    mutationFn: (chosen: File) => {
      const content = { name: chosen.name, size: chosen.size, changed: chosen.lastModified, encoding, attempt }
      return sendImport({ commandId: commandId(content), encoding: encoding || undefined, file: chosen, onSent: setSent, signal: leaving.current.signal })
    },
    onSuccess: async (id) => {
      await client.invalidateQueries({ queryKey: IMPORT_KEY })
      await navigate({ to: '/imports/$id', params: { id }, search: {} })
    },
    onError: (error) => {
      setAttempt((count) => count + 1)
      if (error instanceof RefusedFile) setProblem(problemText(error.problem))
    },
  })
  const choose = (chosen: File | undefined) => {
    if (!chosen || send.isPending) return
    setFile(chosen)
    setSent(0)
    send.reset()
    setProblem(chosen.size > MOST_BYTES ? t('imports.tooLarge') : undefined)
  }
  const submit = () => {
    if (send.isPending) return
    if (!file || file.size > MOST_BYTES) {
      setProblem(file ? t('imports.tooLarge') : t('imports.noFile'))
      setAttempt((count) => count + 1)
      return
    }
    setProblem(undefined)
    send.mutate(file)
  }
  const size = (bytes: number) => formatBytes(bytes, currentLanguage())
  return (
    <form
      noValidate
      className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-5"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        choose(event.dataTransfer.files[0])
      }}
    >
      <p>{t('imports.newLead')}</p>
      <ErrorSummary attempt={attempt} problems={problem === undefined ? [] : [{ target: 'import-file', message: problem }]} />
      {send.error && !(send.error instanceof RefusedFile) && <DeedFault error={send.error} />}
      <div className="rounded-md border border-dashed border-control p-4">
        <Field id="import-file" label={t('imports.file')} help={t('imports.fileHelp')} required error={problem}>
          {(wiring) => (
            <input
              {...wiring}
              type="file"
              accept={KINDS}
              className="control w-full"
              onChange={(event) => {
                choose(event.target.files?.[0])
                // The same file can be chosen again once it was mended.
                event.target.value = ''
              }}
            />
          )}
        </Field>
        {file && (
          <p className="mt-2 text-sm">
            <TypedText text={file.name} /> <span className="num text-muted">{size(file.size)}</span>
          </p>
        )}
      </div>
      <EncodingInput value={encoding} onChange={setEncoding} />
      {send.isPending && file && <ProgressBar label={t('imports.sending')} done={sent} total={file.size} text={sent >= file.size ? t('imports.looking') : t('imports.sent', { done: size(sent), total: size(file.size) })} />}
      <p>
        <Button type="submit" look="primary" icon="up" reason={send.isPending ? t('imports.sending') : undefined}>
          {t('imports.send')}
        </Button>
      </p>
    </form>
  )
}

/** Only for a CSV whose letters come out wrong. */
function EncodingInput({ value, onChange }: { value: Encoding | ''; onChange: (value: Encoding | '') => void }) {
  const { t } = useTranslation()
  return (
    <div className="max-w-80">
      <SelectInput id="encoding" label={t('imports.encoding')} help={t('imports.encodingHelp')} value={value} onChange={(event) => onChange(event.target.value as Encoding | '')}>
        <option value="">{t('imports.encodingFound')}</option>
        <option value="utf-8">UTF-8</option>
        <option value="cp932">{t('imports.encodingCp932')}</option>
      </SelectInput>
    </div>
  )
}
