// Somebody new: where their link goes, and with which roles they begin.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { ProveFirst, useProof } from '../components/credentials/prove-again'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { SaveFault } from '../components/save-fault'
import { RoleChoice } from '../components/staff/role-choice'
import { execute } from '../graphql/execute'
import { InviteStaffDocument, type Role } from '../graphql/gql/graphql'
import { STAFF_KEY } from '../graphql/staff'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { ErrorSummary } from '../ui/error-summary'
import { TextInput } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  mail: string
  roles: Role[]
}

const FIELDS = ['mail', 'roles'] as const
/** The first that can be ticked. */
const TARGETS = { roles: 'role-REGISTRAR' }

export function InviteStaffForm() {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const commandId = useCommandId()
  const proof = useProof<Values>()
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { mail: '', roles: [] } })
  const { errors, submitCount, isDirty } = form.formState
  const { onDirty } = steps
  useEffect(() => onDirty(isDirty), [isDirty, onDirty])
  const save = useMutation({
    mutationFn: async ({ mail, roles }: Values) => {
      const content = { mail: mail.trim(), roles }
      return (await execute(InviteStaffDocument, { input: { commandId: commandId(content), ...content } })).inviteStaff
    },
    onSuccess: async (result, values) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(values)
      if (result.__typename === 'InvalidInput') return showProblems(result.problems, FIELDS, form)
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      toast(t('staffInvite.sent', { mail: values.mail.trim() }))
      steps.done()
    },
  })
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  return (
    <>
      <form noValidate className="flex min-h-0 flex-1 flex-col" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
        <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
          <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
          <SaveFault error={save.error} />
          <p>{t('staffInvite.lead')}</p>
          <TextInput
            id="mail"
            label={t('staffInvite.mail')}
            help={t('staffInvite.mailHelp')}
            required
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            error={errors.mail?.message}
            {...form.register('mail', { validate: (text) => text.trim() !== '' || t('staffInvite.mailMissing') })}
          />
          <Controller
            control={form.control}
            name="roles"
            rules={{ validate: (roles) => roles.length > 0 || t('staffRoles.missing') }}
            render={({ field }) => <RoleChoice chosen={field.value} onChange={field.onChange} error={errors.roles?.message} />}
          />
        </div>
        <SheetFooter onClose={steps.close} saving={save.isPending} word={t('staffInvite.save')} />
      </form>
      <ProveFirst proof={proof} goOn={save.mutate} />
    </>
  )
}
