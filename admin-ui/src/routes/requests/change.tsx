// One step of a request of a data subject, in a sheet over it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormSheet, FormSkeleton, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { REQUEST_STEPS, type RequestStep, stepChange, stepFields } from '../../forms/request-fields'
import { changeRequest, HOME_KEY, requestQuery, type RequestRecord, REQUESTS_KEY } from '../../graphql/cases'
import { may } from '../../graphql/session'
import { APPROVALS_KEY } from '../../graphql/open-approvals'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/requests/$id/do/$deed')

export default function ChangePage() {
  const { t } = useTranslation()
  const { id, deed } = route.useParams()
  const navigate = route.useNavigate()
  const session = useSession()
  const { data } = useQuery(requestQuery(id))
  const step = REQUEST_STEPS.find((item) => item === deed) ?? 'note'
  const right = step === 'erase' && may(session, 'MANAGE_PRIVACY_REQUESTS') ? 'FORGET_PERSON' : 'MANAGE_PRIVACY_REQUESTS'
  const form = data ? <StepForm record={data} step={step} /> : <FormSkeleton />
  return (
    <FormSheet title={t(`requests.deed.${step}`)} onLeave={() => void navigate({ to: '/requests/$id', params: { id }, resetScroll: false })}>
      {may(session, right) ? form : <p className="p-5">{t('sheet.noRight', { permission: t(`permission.${right}`) })}</p>}
    </FormSheet>
  )
}

function StepForm({ record: now, step }: { record: RequestRecord; step: RequestStep }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const steps = useSheetSteps()
  // As it was when the form was opened: what came in meanwhile must be seen before it is changed.
  const [record] = useState(now)
  const fields = useMemo(() => stepFields(step, record, t), [step, record, t])
  return (
    <CaseForm
      fields={fields}
      word={t(`requests.deed.${step}`)}
      lead={step === 'erase' ? t('requests.eraseLead') : undefined}
      send={(commandId, values) => changeRequest(commandId, record, stepChange(step, values, record))}
      onDone={async (changed) => {
        client.setQueryData(requestQuery(record.summary.id).queryKey, changed)
        toast(t(step === 'erase' ? 'requests.erasureAsked' : 'cases.saved'))
        steps.done()
        await Promise.all([client.invalidateQueries({ queryKey: APPROVALS_KEY }), client.invalidateQueries({ queryKey: REQUESTS_KEY }), client.invalidateQueries({ queryKey: HOME_KEY })])
      }}
    />
  )
}
