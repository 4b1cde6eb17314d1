// The correction of a record, in a sheet over it.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useBlocker } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNoCorrection } from '../../components/declarations/record-head'
import { FaultBlock } from '../../components/fault'
import CorrectDeclarationForm from '../../forms/correct-declaration'
import { declarationQuery } from '../../graphql/declaration'
import { FIELDS } from '../../lib/declaration-fields'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { Box, Sheet } from '../../ui/modal'

const route = getRouteApi('/shell/declarations/$id/correct')

export default function CorrectDeclarationPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { field: asked } = route.useSearch()
  const field = FIELDS.find((known) => known === asked)
  const navigate = route.useNavigate()
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const noCorrection = useNoCorrection(true)
  // No state: what was typed a moment ago counts at once, also before the page is drawn again.
  const dirty = useRef(false)
  const setDirty = useCallback((value: boolean) => {
    dirty.current = value
  }, [])
  /** Saved or withdrawn: nothing is left that could be lost. */
  const settled = useRef(false)
  // Esc, the close button, a link and the back button all lead away; one question stands before all of them.
  const leaving = useBlocker({
    shouldBlockFn: () => dirty.current && !settled.current,
    enableBeforeUnload: () => dirty.current && !settled.current,
    withResolver: true,
  })
  const close = () => void navigate({ to: '/declarations/$id', params: { id }, search: {}, resetScroll: false })
  const record = data?.__typename === 'Declaration' ? data : undefined
  return (
    <>
      <Sheet title={t('correct.title')} open onClose={close}>
        {noCorrection !== undefined && <p className="p-5">{noCorrection}</p>}
        {noCorrection === undefined && record && (
          <CorrectDeclarationForm
            record={record}
            field={field}
            onDirty={setDirty}
            onClose={close}
            onWithdraw={() => {
              settled.current = true
              close()
            }}
            onSaved={(position) => {
              settled.current = true
              void navigate({ to: '/declarations/$id', params: { id }, search: { event: position }, resetScroll: false })
            }}
          />
        )}
        {noCorrection === undefined && !record && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
      </Sheet>
      <Box
        title={t('correct.discardTitle')}
        role="alertdialog"
        open={leaving.status === 'blocked'}
        onClose={() => leaving.reset?.()}
      >
        <div className="flex flex-col gap-4 p-5">
          <p>{t('correct.discard')}</p>
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="danger" onClick={() => leaving.proceed?.()}>
              {t('correct.discardYes')}
            </Button>
            <Button look="primary" onClick={() => leaving.reset?.()}>
              {t('correct.discardNo')}
            </Button>
          </div>
        </div>
      </Box>
    </>
  )
}

function FormSkeleton() {
  return (
    <div className="flex flex-col gap-6 p-5">
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className="flex flex-col gap-2">
          <Skeleton className="w-32" />
          <Skeleton className="h-10 w-full" />
        </div>
      ))}
    </div>
  )
}
