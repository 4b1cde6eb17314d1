// The correction of a record, in a sheet over it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLeaveRecord } from '../../components/declarations/asked-by'
import { useNoCorrection } from '../../components/declarations/record-head'
import { FaultBlock } from '../../components/fault'
import { FormSkeleton, useLeaveQuestion } from '../../components/form-sheet'
import CorrectDeclarationForm from '../../forms/correct-declaration'
import { declarationQuery } from '../../graphql/declaration'
import { FIELDS } from '../../lib/declaration-fields'
import { Sheet } from '../../ui/modal'

const route = getRouteApi('/shell/declarations/$id/correct')

export default function CorrectDeclarationPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { field: asked } = route.useSearch()
  const field = FIELDS.find((known) => known === asked)
  const leave = useLeaveRecord(id)
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const noCorrection = useNoCorrection(true)
  const { onDirty, settle, box } = useLeaveQuestion({ title: t('correct.discardTitle'), text: t('correct.discard'), yes: t('correct.discardYes'), no: t('correct.discardNo') })
  const close = () => leave()
  const record = data?.__typename === 'Declaration' ? data : undefined
  return (
    <>
      <Sheet title={t('correct.title')} open onClose={close}>
        {noCorrection !== undefined && <p className="p-5">{noCorrection}</p>}
        {noCorrection === undefined && record && (
          <CorrectDeclarationForm
            record={record}
            field={field}
            onDirty={onDirty}
            onClose={close}
            onWithdraw={() => {
              settle()
              close()
            }}
            onSaved={(position) => {
              settle()
              leave(position)
            }}
          />
        )}
        {noCorrection === undefined && !record && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
      </Sheet>
      {box}
    </>
  )
}
