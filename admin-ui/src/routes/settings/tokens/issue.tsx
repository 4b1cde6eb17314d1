// A new token, in a sheet over the list; once it is made, the sheet shows it and closes only when it is kept.
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormSheet, useSheetSteps } from '../../../components/form-sheet'
import { ShownToken } from '../../../components/tokens/shown-token'
import { IssueTokenForm, type IssuedToken } from '../../../forms/issue-token'

const route = getRouteApi('/shell/settings/tokens/issue')

export default function IssueTokenPage() {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const [issued, setIssued] = useState<IssuedToken>()
  return (
    <FormSheet
      title={t(issued ? 'tokenShown.title' : 'tokenIssue.title')}
      firm={issued !== undefined}
      discard={issued && { title: t('tokenShown.leaveTitle'), text: t('tokenShown.leave'), yes: t('tokenShown.leaveYes'), no: t('tokenShown.leaveNo') }}
      onLeave={() => void navigate({ to: '/settings/tokens', resetScroll: false })}
    >
      {issued ? <Shown {...issued} /> : <IssueTokenForm onIssued={setIssued} />}
    </FormSheet>
  )
}

function Shown(issued: IssuedToken) {
  const steps = useSheetSteps()
  return <ShownToken {...issued} onKept={steps.done} />
}
