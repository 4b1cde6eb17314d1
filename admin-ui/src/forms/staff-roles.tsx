// Other roles for somebody who has an account: changed at once, or asked for where a second person has to agree.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Controller, useForm, type UseFormReturn, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Requested } from '../components/approvals/requested'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { ProveFirst, useProof } from '../components/credentials/prove-again'
import { type Faster, FasterBand, SaveFault } from '../components/save-fault'
import { RoleChoice } from '../components/staff/role-choice'
import { recordWord, rolesWord } from '../components/staff/words'
import { requestRoles } from '../graphql/approvals'
import type { Role } from '../graphql/gql/graphql'
import { APPROVALS_KEY } from '../graphql/open-approvals'
import { BY_APPROVAL, changeRoles, nowOf, ROLES, STAFF_KEY, staffAccountQuery, type StaffEntry, type StaffRecord } from '../graphql/staff'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { ErrorSummary } from '../ui/error-summary'
import { TextArea } from '../ui/field'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  roles: Role[]
  reason: string
}

const FIELDS = ['roles', 'reason'] as const
const TARGETS = { roles: `role-${ROLES[0]}` }
const MOST_CHARACTERS = 1000

function useSaveRoles(started: StaffRecord, form: UseFormReturn<Values>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [faster, setFaster] = useState<Faster & { record: StaffRecord }>()
  /** The server wants a second person for more than is known here. */
  const [forSecond, setForSecond] = useState<readonly Role[]>()
  const [requested, setRequested] = useState<string>()
  const proof = useProof<Values & { ask: boolean }>()
  const base = faster?.record ?? started
  const showFaster = (record: StaffRecord, last: Pick<StaffEntry, 'at' | 'by'> | undefined) => setFaster({ record, at: last?.at, by: last?.by, text: recordWord(record, t) })
  const save = useMutation({
    mutationFn: async ({ roles, reason, ask }: Values & { ask: boolean }) => {
      const content = { id: started.id, expectedVersion: base.version }
      if (!ask) return changeRoles({ commandId: commandId({ ...content, roles }), ...content }, roles)
      const asked = { ...content, roles, reason: reason.trim() }
      return requestRoles({ commandId: commandId(asked), ...asked })
    },
    onSuccess: async (result, values) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait(values)
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      if (result.__typename === 'AccountChanged') {
        toast(t('staffRoles.saved', { name: started.name }))
        steps.done()
      }
      if (result.__typename === 'ApprovalRequested') {
        await client.invalidateQueries({ queryKey: APPROVALS_KEY })
        steps.onDirty(false)
        setRequested(result.id)
      }
      if (result.__typename === 'AccountConflict') {
        const { record, last } = nowOf(result)
        showFaster(record, last)
      }
      if (result.__typename === 'RequestStale') {
        const now = await client.fetchQuery(staffAccountQuery(started.id))
        if (now) showFaster(now.record, now.history.find((entry) => entry.kind !== 'SIGNED_IN'))
      }
      if (result.__typename === 'NeedsApproval') setForSecond(result.roles)
      if (result.__typename === 'NotFound') form.setError('root', { message: t('staff.gone') })
      // What is refused is refused because of the roles, whatever the server calls the field.
      if (result.__typename === 'InvalidInput') showProblems(result.problems.map((problem) => (problem.field === 'reason' ? problem : { ...problem, field: 'roles' })), FIELDS, form)
    },
  })
  const question = (
    <ProveFirst proof={proof} goOn={save.mutate} />
  )
  return { save, faster, forSecond, requested, question, had: base.roles }
}

export function StaffRolesForm({ record: newest }: { record: StaffRecord }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the page behind is read again.
  const [started] = useState(newest)
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { roles: [...started.roles], reason: '' } })
  const { errors, submitCount } = form.formState
  const { save, faster, forSecond, requested, question, had } = useSaveRoles(started, form, steps)
  const [chosen, reason] = useWatch({ control: form.control, name: ['roles', 'reason'] })
  const { onDirty } = steps
  const dirty = requested === undefined && (reason.trim() !== '' || ROLES.some((role) => chosen.includes(role) !== started.roles.includes(role)))
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  const second = chosen.filter((role) => forSecond?.includes(role) || (BY_APPROVAL.includes(role) && !had.includes(role)))
  const ask = second.length > 0
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate({ ...values, ask })
  })
  if (requested !== undefined) return <Requested id={requested} text={t('approvalRequest.done', { name: started.name })} />
  return (
    <>
    <form noValidate className="flex min-h-0 flex-1 flex-col" onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5 [@media(min-height:44rem)]:scroll-pb-24">
        <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <FasterBand faster={faster} />
        {forSecond && (
          <Band tone="warn" role="alert">
            {t('staffRoles.needsApproval', { roles: rolesWord(forSecond, t) })}
          </Band>
        )}
        <p>{t(ask ? 'approvalRequest.lead' : 'staffRoles.lead', { name: started.name })}</p>
        <Controller
          control={form.control}
          name="roles"
          rules={{ validate: (roles) => roles.length > 0 || t('staffRoles.missingKept') }}
          render={({ field }) => <RoleChoice chosen={field.value} onChange={field.onChange} error={errors.roles?.message} had={had} />}
        />
        <div role="status" className="empty:hidden">
          {ask && <p>{t('approvalRequest.note', { roles: rolesWord(second, t) })}</p>}
        </div>
        {ask && (
          <TextArea
            id="reason"
            label={t('approvalRequest.reason')}
            help={t('approvalRequest.reasonHelp')}
            required
            error={errors.reason?.message}
            {...form.register('reason', {
              validate: (text, { roles }) => {
                if (!roles.some((role) => second.includes(role))) return true
                if (text.trim() === '') return t('approvals.reasonMissing')
                return [...text.trim()].length <= MOST_CHARACTERS || t('approvals.reasonLong')
              },
            })}
          />
        )}
        <RoleChanges had={had} chosen={chosen} />
      </div>
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t(ask ? 'approvalRequest.send' : faster ? 'sheet.overwrite' : 'staffRoles.save')} />
    </form>
    {question}
    </>
  )
}

/** In sight where there is room for it, and of one height, so that ticking a box moves nothing. */
function RoleChanges({ had, chosen }: { had: readonly Role[]; chosen: readonly Role[] }) {
  const { t } = useTranslation()
  const added = chosen.filter((role) => !had.includes(role))
  const removed = had.filter((role) => !chosen.includes(role))
  return (
    <div className="-mx-5 mt-auto -mb-5 border-t border-line bg-surface px-5 py-2 text-sm [@media(min-height:44rem)]:sticky [@media(min-height:44rem)]:-bottom-5">
      <h3 className="font-bold">{t('staffRoles.changes')}</h3>
      <div role="status" className="min-h-[2lh]">
        {added.length === 0 && removed.length === 0 && <p className="text-muted">{t('staffRoles.unchanged')}</p>}
        {added.length > 0 && <p>{t('staffRoles.added', { roles: rolesWord(added, t) })}</p>}
        {removed.length > 0 && <p>{t('staffRoles.removed', { roles: rolesWord(removed, t) })}</p>}
      </div>
    </div>
  )
}
