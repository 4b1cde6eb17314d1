// Other roles for somebody who has an account.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Controller, useForm, type UseFormReturn, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SheetFooter, type SheetSteps, useSheetSteps } from '../components/form-sheet'
import { type Faster, FasterBand, SaveFault } from '../components/save-fault'
import { RoleChoice } from '../components/staff/role-choice'
import { recordWord, rolesWord } from '../components/staff/words'
import type { Role } from '../graphql/gql/graphql'
import { changeRoles, nowOf, ROLES, STAFF_KEY, type StaffRecord } from '../graphql/staff'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { ErrorSummary } from '../ui/error-summary'
import { toast } from '../ui/toast'
import { showProblems, summaryOf } from './problems'

interface Values {
  roles: Role[]
}

const FIELDS = ['roles'] as const
const TARGETS = { roles: `role-${ROLES[0]}` }

function useSaveRoles(started: StaffRecord, form: UseFormReturn<Values>, steps: SheetSteps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [faster, setFaster] = useState<Faster & { record: StaffRecord }>()
  const [forSecond, setForSecond] = useState<readonly Role[]>()
  const save = useMutation({
    mutationFn: ({ roles }: Values) => {
      const content = { id: started.id, expectedVersion: (faster?.record ?? started).version }
      return changeRoles({ commandId: commandId({ ...content, roles }), ...content }, roles)
    },
    onMutate: () => setForSecond(undefined),
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      if (result.__typename === 'AccountChanged') {
        toast(t('staffRoles.saved', { name: started.name }))
        steps.done()
      }
      if (result.__typename === 'AccountConflict') {
        const { record, last } = nowOf(result)
        setFaster({ record, at: last?.at, by: last?.by, text: recordWord(record, t) })
      }
      if (result.__typename === 'NeedsApproval') setForSecond(result.roles)
      if (result.__typename === 'NotFound') form.setError('root', { message: t('staff.gone') })
      // What is refused is refused because of the roles, whatever the server calls the field.
      if (result.__typename === 'InvalidInput') showProblems(result.problems.map((problem) => ({ ...problem, field: 'roles' })), FIELDS, form)
    },
  })
  return { save, faster, forSecond }
}

export function StaffRolesForm({ record: newest }: { record: StaffRecord }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  // What the person started from stays, even when the page behind is read again.
  const [started] = useState(newest)
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { roles: [...started.roles] } })
  const { errors, submitCount } = form.formState
  const { save, faster, forSecond } = useSaveRoles(started, form, steps)
  const had = (faster?.record ?? started).roles
  const chosen = useWatch({ control: form.control, name: 'roles' })
  const { onDirty } = steps
  const dirty = ROLES.some((role) => chosen.includes(role) !== started.roles.includes(role))
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  const submit = form.handleSubmit((values) => {
    if (!save.isPending) save.mutate(values)
  })
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onKeyDown={blockConversionEnter} onSubmit={(event) => void submit(event)}>
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS, TARGETS)} attempt={submitCount} />
        <SaveFault error={save.error} />
        <FasterBand faster={faster} />
        {forSecond && (
          <Band tone="warn" role="alert">
            {t('staffRoles.needsApproval', { roles: rolesWord(forSecond, t) })}
          </Band>
        )}
        <p>{t('staffRoles.lead', { name: started.name })}</p>
        <Controller
          control={form.control}
          name="roles"
          rules={{ validate: (roles) => roles.length > 0 || t('staffRoles.missingKept') }}
          render={({ field }) => <RoleChoice chosen={field.value} onChange={field.onChange} error={errors.roles?.message} had={had} />}
        />
      </div>
      <RoleChanges had={had} chosen={chosen} />
      <SheetFooter onClose={steps.close} saving={save.isPending} word={t(faster ? 'sheet.overwrite' : 'staffRoles.save')} />
    </form>
  )
}

/** Always of one height, so that ticking a box moves no button. */
function RoleChanges({ had, chosen }: { had: readonly Role[]; chosen: readonly Role[] }) {
  const { t } = useTranslation()
  const added = chosen.filter((role) => !had.includes(role))
  const removed = had.filter((role) => !chosen.includes(role))
  return (
    <div className="border-t border-line bg-surface px-5 py-2 text-sm">
      <h3 className="font-bold">{t('staffRoles.changes')}</h3>
      <div role="status" className="min-h-[2lh]">
        {added.length === 0 && removed.length === 0 && <p className="text-muted">{t('staffRoles.unchanged')}</p>}
        {added.length > 0 && <p>{t('staffRoles.added', { roles: rolesWord(added, t) })}</p>}
        {removed.length > 0 && <p>{t('staffRoles.removed', { roles: rolesWord(removed, t) })}</p>}
      </div>
    </div>
  )
}
