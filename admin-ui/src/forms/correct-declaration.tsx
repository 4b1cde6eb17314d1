// Corrects fields of a declaration: what, which kind, since when, why. A conflict is settled in place.
import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect, useMemo, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ConflictView } from '../components/declarations/conflict'
import { GroundMoved } from '../components/declarations/ground'
import { CorrectionSaveFault, useSaveCorrection } from '../components/declarations/save-correction'
import { type DeclarationRecord } from '../graphql/declaration'
import { readFragment } from '../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, type DeclarationField } from '../graphql/gql/graphql'
import { EVIDENCE_FIELDS, FIELD_SPECS, FIELDS, readFact } from '../lib/declaration-fields'
import { blockConversionEnter } from '../lib/ime'
import { Button } from '../ui/button'
import { ErrorSummary, type FormProblem } from '../ui/error-summary'
import { ChangeFields, changeId } from './correct-fields'
import { KindFields, ReasonField } from './correct-kind'
import { AskedBy, useAskedBy } from '../components/declarations/asked-by'
import { EvidenceFields, useEvidence } from './evidence'
import { correctionSchema, type CorrectionValues } from './correct-schema'

interface Props {
  record: DeclarationRecord
  /** The field beside which 修正 was pressed. */
  field: DeclarationField | undefined
  onDirty: (dirty: boolean) => void
  onClose: () => void
  /** Closes without the question whether to lose what was typed. */
  onWithdraw: () => void
  onSaved: (position: string) => void
}

/** The starting text of each field that this reader may see, and so may correct. */
function textsOf(record: DeclarationRecord): Partial<Record<DeclarationField, string>> {
  const facts = readFragment(FactPartsFragmentDoc, record)
  const texts: Partial<Record<DeclarationField, string>> = {}
  for (const field of FIELDS) {
    const fact = readFact(facts, field)
    if (fact.kind === 'empty') texts[field] = ''
    if (fact.kind !== 'open') continue
    // A day starts in the form in which days are sent; everything else, and what is no day, as it was typed.
    texts[field] = FIELD_SPECS[field].input === 'date' ? (fact.value ?? fact.typed) : fact.typed
  }
  return texts
}

export default function CorrectDeclarationForm({ record: newest, field, onDirty, onClose, onWithdraw, onSaved }: Props) {
  const { t } = useTranslation()
  // What the person started from stays, even when the record behind is read again: the conflict check depends on it.
  const [record] = useState(newest)
  const texts = useMemo(() => textsOf(record), [record])
  const form = useForm<CorrectionValues>({
    resolver: zodResolver(correctionSchema(t)),
    shouldFocusError: false,
    defaultValues: {
      kind: '',
      since: '',
      reason: '',
      changes: field && texts[field] !== undefined ? [{ field, value: texts[field], before: texts[field] }] : [],
    },
  })
  const { isDirty, errors, submitCount } = form.formState
  const changes = useWatch({ control: form.control, name: 'changes' })
  // An inquiry that asks for it is evidence enough.
  const inquiry = useAskedBy()
  const evidence = useEvidence({ declaration: record.id }, form, inquiry === undefined && changes.some((change) => EVIDENCE_FIELDS.includes(change.field)))
  const { anyFile } = evidence
  useEffect(() => onDirty(isDirty || anyFile), [isDirty, anyFile, onDirty])
  const save = useSaveCorrection({ record, form, inquiry, evidence: evidence.sent, onSaved })
  const submit = (values: CorrectionValues) => {
    if (evidence.check()) save.submit(values)
  }

  if (save.conflict) {
    return <ConflictView key={save.conflict.version} conflict={save.conflict} values={form.getValues()} save={save} onClose={onClose} onWithdraw={onWithdraw} />
  }
  return (
    <FormProvider {...form}>
      <form
        noValidate
        className="flex min-h-0 flex-1 flex-col"
        onInput={() => onDirty(true)}
        onKeyDown={blockConversionEnter}
        onSubmit={(event) => void form.handleSubmit(submit, () => evidence.check())(event)}
      >
        <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
          <GroundMoved since={record.version} now={newest.version} />
          <AskedBy />
          <ErrorSummary problems={summaryOf(errors, form.getValues())} attempt={submitCount} />
          <CorrectionSaveFault error={save.error} />
          <ChangeFields texts={texts} focusFirst={field !== undefined} />
          <KindFields />
          <ReasonField />
          <EvidenceFields evidence={evidence} errors={errors} />
        </div>
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" reason={save.saving ? t('correct.saving') : undefined}>
            {t(save.saving ? 'correct.saving' : 'correct.submit')}
          </Button>
        </footer>
      </form>
    </FormProvider>
  )
}

type Errors = ReturnType<typeof useForm<CorrectionValues>>['formState']['errors']

function summaryOf(errors: Errors, values: CorrectionValues): FormProblem[] {
  const problems: FormProblem[] = []
  const add = (message: string | undefined, target?: string) => message && problems.push({ message, target })
  add(errors.changes?.message ?? errors.changes?.root?.message, 'add-field')
  for (const [index, change] of values.changes.entries()) add(errors.changes?.[index]?.value?.message, changeId(change.field))
  add(errors.kind?.message, 'kind-ERROR')
  add(errors.since?.message, 'since')
  add(errors.reason?.message, 'reason')
  add(errors.attachments?.message, 'attachments')
  add(errors.noDocument?.message, 'noDocument')
  add(errors.root?.message)
  return problems
}
