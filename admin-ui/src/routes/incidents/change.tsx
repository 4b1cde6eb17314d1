// One step of an incident, in a sheet over it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../../components/fault'
import { FormSheet, FormSkeleton, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { INCIDENT_STEPS, incidentChange, incidentFields, type IncidentStep } from '../../forms/incident-fields'
import { changeIncident, draftQuery, HOME_KEY, incidentQuery, type IncidentRecord, INCIDENTS_KEY } from '../../graphql/cases'
import type { ReportItem } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { staffAccountsQuery } from '../../graphql/staff'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/incidents/$id/do/$deed')

export default function ChangePage() {
  const { t } = useTranslation()
  const { id, deed } = route.useParams()
  const navigate = route.useNavigate()
  const session = useSession()
  const { data } = useQuery(incidentQuery(id))
  const step = INCIDENT_STEPS.find((item) => item === deed) ?? 'note'
  const form = data ? <Prepared record={data} step={step} /> : <FormSkeleton />
  return (
    <FormSheet title={t(`incidents.deed.${step}`)} onLeave={() => void navigate({ to: '/incidents/$id', params: { id }, resetScroll: false })}>
      {may(session, 'MANAGE_INCIDENTS') ? form : <p className="p-5">{t('sheet.noRight', { permission: t('permission.MANAGE_INCIDENTS') })}</p>}
    </FormSheet>
  )
}

/** Loads what a form begins with: the accounts to choose from, or the report as far as it is known. */
function Prepared({ record: now, step }: { record: IncidentRecord; step: IncidentStep }) {
  // As it was when the form was opened: what came in meanwhile must be seen before it is changed.
  const [record] = useState(now)
  const written = record.report?.__typename === 'IncidentReport' ? record.report : undefined
  const accounts = useQuery({ ...staffAccountsQuery, enabled: step === 'countSeen' })
  const draft = useQuery({ ...draftQuery(record.summary.id), enabled: step === 'report' && !written })
  const error = accounts.error ?? draft.error
  if (error) return <FaultBand error={error} />
  if (step === 'countSeen' && !accounts.data) return <FormSkeleton />
  if (step === 'report' && !written && draft.data === undefined) return <FormSkeleton />
  const made = draft.data?.__typename === 'IncidentReport' ? draft.data : undefined
  return <StepForm record={record} step={step} accounts={accounts.data?.accounts ?? []} items={(written ?? made)?.items ?? []} isPrefilled={step === 'report' && !written} />
}

interface Props {
  record: IncidentRecord
  step: IncidentStep
  accounts: readonly { id: string; name: string }[]
  items: readonly { item: ReportItem; heading: string; text: string }[]
  isPrefilled: boolean
}

function StepForm({ record, step, accounts, items, isPrefilled }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const steps = useSheetSteps()
  const known = useMemo(() => ({ accounts, items }), [accounts, items])
  const fields = useMemo(() => incidentFields(step, record, known, t), [step, record, known, t])
  return (
    <CaseForm
      fields={fields}
      word={step === 'report' ? t('incidents.saveReport') : t(`incidents.deed.${step}`)}
      lead={isPrefilled ? t('incidents.prefilled') : undefined}
      send={(commandId, values) => changeIncident(commandId, record, incidentChange(step, values, known))}
      onDone={async (changed) => {
        client.setQueryData(incidentQuery(record.summary.id).queryKey, changed)
        toast(t('cases.saved'))
        steps.done()
        await Promise.all([client.invalidateQueries({ queryKey: INCIDENTS_KEY }), client.invalidateQueries({ queryKey: HOME_KEY })])
      }}
    />
  )
}
