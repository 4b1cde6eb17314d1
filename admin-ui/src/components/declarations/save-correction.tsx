// Sends a correction and does what always follows: seed the record, refresh the lists, tell, go back. Or keeps the conflict.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { type CorrectionValues, sent } from '../../forms/correct-schema'
import { ask, type ConflictInfo, canBeUndone, type Outcome, refreshDeclaration } from '../../graphql/changes'
import { declarationKey, type DeclarationRecord } from '../../graphql/declaration'
import { Fault } from '../../graphql/execute'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc } from '../../graphql/gql/graphql'
import { useCommandId } from '../../lib/command-id'
import { readDay } from '../../lib/date-text'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { toast } from '../../ui/toast'
import { FaultBand } from '../fault'
import { useNameText } from '../name'
import { useAskUndo } from './undo'

export type { ConflictInfo }
type Problems = Extract<Outcome, { __typename: 'InvalidInput' }>['problems']

interface Options {
  record: DeclarationRecord
  form: UseFormReturn<CorrectionValues>
  /** The inquiry that asks for it. */
  inquiry?: string
  /** What it rests on, as it is sent. */
  evidence: () => { attachments: string[]; noDocument: string | null }
  onSaved: (position: string) => void
}

/** Puts what the server found wrong beside the inputs that it is about. */
function showProblems(problems: Problems, form: UseFormReturn<CorrectionValues>) {
  const { changes } = form.getValues()
  const rest: string[] = []
  for (const problem of problems) {
    const { field } = problem
    const message = problemText(problem)
    const index = changes.findIndex((change) => field === `changes.${change.field}`)
    if (index >= 0) form.setError(`changes.${index}.value`, { message })
    else if (field === 'kind' || field === 'since' || field === 'reason' || field === 'changes' || field === 'attachments' || field === 'noDocument') form.setError(field, { message })
    else rest.push(message)
  }
  if (rest.length > 0) form.setError('root', { message: rest.join(' ') })
}

export function useSaveCorrection({ record, form, inquiry, evidence, onSaved }: Options) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const nameText = useNameText()
  const undo = useAskUndo()

  const saved = async (position: string) => {
    const { id } = record
    const facts = readFragment(FactPartsFragmentDoc, record)
    const changed = await refreshDeclaration(client, id, position)
    const text = changed ? t('correct.done', { name: nameText({ name: facts.name, tradeName: facts.tradeName?.typed }) }) : t('correct.doneSlow')
    toast(text, changed && canBeUndone(changed, position) ? { word: t('command.name.undo'), run: () => undo(id, position) } : undefined)
    onSaved(position)
  }

  const mutation = useMutation({
    mutationFn: async ({ values, expectedVersion }: { values: CorrectionValues; expectedVersion: string }) => {
      const content = {
        declarationId: record.id,
        expectedVersion,
        kind: values.kind || 'ERROR',
        since: values.kind === 'CHANGE' ? (readDay(values.since) ?? null) : null,
        reason: values.reason,
        changes: values.changes.map(({ field, value }) => ({ field, value: sent(field, value) })),
        ...evidence(),
        inquiryId: inquiry ?? null,
      } as const
      return ask('correctDeclaration', { commandId: commandId(content), ...content })
    },
    onSuccess: async (result) => {
      if (result.__typename === 'DeclarationChanged') await saved(result.position)
      // The page behind shows what the other wrote; the form keeps what this person started from.
      if (result.__typename === 'Conflict') void client.invalidateQueries({ queryKey: declarationKey(record.id) })
      if (result.__typename === 'InvalidInput') showProblems(result.problems, form)
      if (result.__typename === 'NotFound') form.setError('root', { message: t('correct.gone') })
    },
  })

  return {
    submit: (values: CorrectionValues, expectedVersion: string = record.version) => {
      if (!mutation.isPending) mutation.mutate({ values, expectedVersion })
    },
    saving: mutation.isPending,
    error: mutation.error,
    conflict: mutation.data?.__typename === 'Conflict' ? mutation.data : undefined,
  }
}

export type SaveCorrection = ReturnType<typeof useSaveCorrection>

export function CorrectionSaveFault({ error }: { error: Error | null }) {
  const { t } = useTranslation()
  if (!error) return null
  // Signing in again happens over this form; the sentence must still be true after it.
  if (error instanceof Fault && error.code === 'UNAUTHENTICATED') {
    return (
      <Band tone="warn" role="alert">
        {t('fault.savingSignIn')}
      </Band>
    )
  }
  const unknown = error instanceof Fault && (error.code === 'NETWORK' || error.code === 'TIMEOUT')
  return <FaultBand error={error} lead={t(unknown ? 'fault.savingUnknown' : 'fault.saving')} />
}
