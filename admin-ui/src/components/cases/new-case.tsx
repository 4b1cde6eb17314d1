// Writing down a new case, in a sheet over the list.
import { useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { type ComponentProps, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CaseForm } from '../../forms/case-form'
import { HOME_KEY } from '../../graphql/cases'
import type { Permission } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { toast } from '../../ui/toast'
import { FormSheet, useSheetSteps } from '../form-sheet'
import { useSession } from '../session'

type FormProps = ComponentProps<typeof CaseForm<string>>

interface Kind {
  place: 'requests' | 'incidents'
  right: Permission
  /** Of the lists that have it then. */
  queryKey: readonly string[]
  fields: (t: TFunction) => FormProps['fields']
  send: FormProps['send']
}

interface Props {
  kind: Kind
  onLeave: () => void
  /** To the new case. */
  onDone: (id: string) => Promise<void>
}

export function NewCase({ kind, onLeave, onDone }: Props) {
  const { t } = useTranslation()
  const session = useSession()
  const { place, right } = kind
  return (
    <FormSheet title={t(`${place}.newTitle`)} onLeave={onLeave}>
      {may(session, right) ? <NewForm kind={kind} onDone={onDone} /> : <p className="p-5">{t('sheet.noRight', { permission: t(`permission.${right}`) })}</p>}
    </FormSheet>
  )
}

function NewForm({ kind: { place, queryKey, fields, send }, onDone }: Omit<Props, 'onLeave'>) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const steps = useSheetSteps()
  const inputs = useMemo(() => fields(t), [fields, t])
  return (
    <CaseForm
      fields={inputs}
      word={t(`${place}.new`)}
      send={send}
      onDone={async (id) => {
        await Promise.all([client.invalidateQueries({ queryKey }), client.invalidateQueries({ queryKey: HOME_KEY })])
        toast(t('cases.saved'))
        steps.onDirty(false)
        await onDone(id)
      }}
    />
  )
}
