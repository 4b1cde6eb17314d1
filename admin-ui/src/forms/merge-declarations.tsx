// Two declarations of one organisation are to become one: which of them goes on, and for each field that differs whose value. It is only
// asked for; a second person decides.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Requested } from '../components/approvals/requested'
import { useTextWord } from '../components/declarations/text-result'
import { FaultBand } from '../components/fault'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { useNameText } from '../components/name'
import { SaveFault } from '../components/save-fault'
import type { DeclarationRecord } from '../graphql/declaration'
import { readFragment } from '../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, type DeclarationField, type MergeSide } from '../graphql/gql/graphql'
import { APPROVALS_KEY } from '../graphql/open-approvals'
import { type Comparison, comparisonQuery, requestMerge } from '../graphql/merge'
import { useCommandId } from '../lib/command-id'
import { isDeclarationNumber, plainNumber } from '../lib/declaration-number'
import { formatDeclarationNumber } from '../lib/format'
import { blockConversionEnter } from '../lib/ime'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { ErrorSummary, type FormProblem } from '../ui/error-summary'
import { FieldError, RequiredMark, TextArea } from '../ui/field'
import { Skeleton } from '../ui/loading'
import { TypedText } from '../ui/typed-text'
import { OtherNumber, useOtherRecord } from './other-number'

const MOST_CHARACTERS = 1000

type Choices = Partial<Record<DeclarationField, MergeSide>>
type Errors = Record<string, string>

interface Typed {
  other: string
  /** The number of this record. */
  own: string
  /** Whether a declaration has the other number, as far as is known. */
  isThere: boolean
  /** What the server says of the two. */
  refusal: string | undefined
  fields: readonly DeclarationField[]
  choices: Choices
  reason: string
}

function wrongOf({ other, own, isThere, refusal, fields, choices, reason }: Typed, t: TFunction): Errors {
  const found: Errors = {}
  const number = plainNumber(other)
  if (!isDeclarationNumber(number)) found['otherNumber'] = other.trim() === '' ? t('merge.numberMissing') : t('records.numberShape')
  else if (!isThere) found['otherNumber'] = t('records.other.none')
  else if (refusal !== undefined || number === own) found['otherNumber'] = refusal ?? t('merge.itself')
  for (const field of fields) if (!choices[field]) found[`choices.${field}`] = t('merge.choiceMissing', { field: t(`field.${field}`) })
  if (reason.trim() === '') found['reason'] = t('approvals.reasonMissing')
  else if ([...reason.trim()].length > MOST_CHARACTERS) found['reason'] = t('approvals.reasonLong')
  return found
}

export function MergeForm({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const steps = useSheetSteps()
  const commandId = useCommandId()
  const facts = readFragment(FactPartsFragmentDoc, record)
  const [other, setOther] = useState('')
  const [stays, setStays] = useState<'this' | 'other'>('this')
  const [choices, setChoices] = useState<Choices>({})
  const [reason, setReason] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const [attempt, setAttempt] = useState(0)
  const [requested, setRequested] = useState<string>()
  const row = useOtherRecord(other)
  const number = plainNumber(other)
  const ready = isDeclarationNumber(number) && number !== facts.number && row !== null && row !== undefined
  const pair = stays === 'this' ? { survivorId: record.id, mergedNumber: number } : { survivorId: row?.id ?? '', mergedNumber: facts.number }
  const compared = useQuery(comparisonQuery(ready ? pair : undefined))
  const comparison = compared.data?.__typename === 'MergeComparison' ? compared.data : undefined
  const refusal = compared.data?.__typename === 'InvalidInput' ? compared.data.problems.map(problemText).join(' ') : undefined
  const { onDirty } = steps
  const dirty = requested === undefined && (other !== '' || reason !== '')
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  const news = useRef<HTMLDivElement>(null)

  const request = useMutation({
    mutationFn: (of: Comparison) => {
      const content = {
        survivorId: of.survivor.id, survivorVersion: of.survivor.version, mergedId: of.merged.id, mergedVersion: of.merged.version,
        choices: of.fields.map(({ field }) => ({ field, side: choices[field] ?? 'SURVIVOR' })), reason: reason.trim(),
      }
      return requestMerge({ commandId: commandId(content), ...content })
    },
    onSuccess: async (result) => {
      if (result.__typename === 'ApprovalRequested') {
        onDirty(false)
        setRequested(result.id)
        await client.invalidateQueries({ queryKey: APPROVALS_KEY })
        return
      }
      if (result.__typename === 'InvalidInput') return setErrors(Object.fromEntries(result.problems.map((problem) => [problem.field, problemText(problem)])))
      // What stands there now is shown, and has to be looked at again.
      await compared.refetch()
      setErrors({ root: result.__typename === 'RequestStale' ? t('merge.stale') : t('cases.gone') })
      news.current?.scrollIntoView({ block: 'start' })
    },
  })

  const submit = () => {
    const found = wrongOf({ other, own: facts.number, isThere: row !== null, refusal, fields: comparison?.fields.map(({ field }) => field) ?? [], choices, reason }, t)
    setErrors(found)
    setAttempt((count) => count + 1)
    if (Object.keys(found).length === 0 && comparison && !request.isPending) request.mutate(comparison)
  }
  const choose = (next: Choices) => {
    setChoices((old) => ({ ...old, ...next }))
    setErrors({})
  }
  if (requested !== undefined) return <Requested id={requested} text={t('merge.done')} />
  const problems: FormProblem[] = Object.entries(errors).map(([field, message]) => ({ message, target: field === 'root' ? undefined : targetOf(field) }))
  return (
    <form
      noValidate
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={blockConversionEnter}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={problems} attempt={attempt} />
        <div ref={news} className="scroll-mt-5 flex flex-col gap-6 empty:hidden">
          <SaveFault error={request.error} />
        </div>
        <p className="text-sm text-muted">{t('records.leadOf.merge')}</p>
        <OtherNumber
          bound={{ name: 'otherNumber', value: other, onBlur: () => undefined, onChange: (text) => { setOther(text); setErrors({}) } }}
          error={errors['otherNumber'] ?? (isDeclarationNumber(number) ? refusal : undefined)}
          label={t('merge.number')}
          of={facts}
        />
        {ready && (
          <>
            <Survivor stays={stays} onChange={(side) => { setStays(side); setChoices({}) }} facts={facts.number} other={number} />
            {compared.error && <FaultBand error={compared.error} onRetry={() => void compared.refetch()} />}
            {compared.isFetching && !comparison && <Skeleton className="h-24 w-full" />}
            {comparison && <Differences comparison={comparison} choices={choices} errors={errors} onChoose={choose} />}
          </>
        )}
        <TextArea id="reason" label={t('records.label.reason')} help={t('records.help.reason')} required error={errors['reason']} value={reason} rows={3} onChange={(event) => setReason(event.target.value)} />
      </div>
      <SheetFooter onClose={steps.close} saving={request.isPending} word={t('approvalRequest.send')} />
    </form>
  )
}

/** The first of two radios stands for the field. */
const targetOf = (field: string) => (field.startsWith('choices.') ? `${field.replace('.', '-')}-SURVIVOR` : field)

function Survivor({ stays, onChange, facts, other }: { stays: 'this' | 'other'; onChange: (side: 'this' | 'other') => void; facts: string; other: string }) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 flex items-center gap-2 font-bold">
        {t('merge.survivor')}
        <RequiredMark required />
      </legend>
      <p className="text-sm text-muted">{t('merge.survivorHelp')}</p>
      {([['this', facts], ['other', other]] as const).map(([side, number]) => (
        <label key={side} className="flex min-h-8 items-center gap-2 touch:min-h-11">
          <input type="radio" name="survivor" className="size-5 accent-accent" checked={stays === side} onChange={() => onChange(side)} />
          <span>
            {t(`merge.stays.${side}`)} <span className="num">{formatDeclarationNumber(number)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

const SIDES = [['SURVIVOR', 'survivor'], ['MERGED', 'merged']] as const

function Differences({ comparison, choices, errors, onChoose }: { comparison: Comparison; choices: Choices; errors: Errors; onChoose: (next: Choices) => void }) {
  const { t } = useTranslation()
  const word = useTextWord()
  const nameText = useNameText()
  const { fields } = comparison
  if (fields.length === 0) return <Band tone="info" role="note">{t('merge.same')}</Band>
  const all = (side: MergeSide) => onChoose(Object.fromEntries(fields.map(({ field }) => [field, side])))
  return (
    <section aria-labelledby="differences" className="flex flex-col gap-3">
      <h3 id="differences" className="font-bold">
        {t('merge.fields', { count: fields.length })}
      </h3>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {SIDES.map(([side, key]) => (
          <button key={side} type="button" className="min-h-6 text-left text-link underline touch:min-h-11" onClick={() => all(side)}>
            <TypedText text={t(`merge.all.${side}`, { number: formatDeclarationNumber(comparison[key].number), name: nameText({ name: comparison[key].name, tradeName: undefined }) })} />
          </button>
        ))}
      </p>
      {fields.map((item) => {
        const error = errors[`choices.${item.field}`]
        return (
          <fieldset key={item.field} className="flex min-w-0 flex-col gap-1 rounded-md border border-control px-4 py-2.5" aria-describedby={error && `choices-${item.field}-error`}>
            <legend className="flex items-center gap-2 px-1 font-bold">
              {t(`field.${item.field}`)}
              <RequiredMark required />
            </legend>
            {SIDES.map(([side, key]) => (
              <label key={side} className="flex min-h-8 items-start gap-2 touch:min-h-11">
                <input id={`choices-${item.field}-${side}`} type="radio" name={`choices-${item.field}`} className="mt-0.5 size-5 shrink-0 accent-accent" checked={choices[item.field] === side} onChange={() => onChoose({ [item.field]: side })} />
                <span className="min-w-0 break-words">
                  <span className="text-sm text-muted">
                    {t(`merge.side.${side}`)} <span className="num">{formatDeclarationNumber(comparison[key].number)}</span>:{' '}
                  </span>
                  <TypedText text={word(item[key], item.field)} />
                </span>
              </label>
            ))}
            <FieldError id={`choices-${item.field}-error`} error={error} />
          </fieldset>
        )
      })}
    </section>
  )
}
