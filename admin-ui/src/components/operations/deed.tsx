// What surrounds a button that does something to a schedule or a job: the question before it, and why it did not work.
import { useTranslation } from 'react-i18next'
import { Fault } from '../../graphql/execute'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Box } from '../../ui/modal'
import { FaultBand } from '../fault'

export function DeedFault({ error }: { error: Error | null }) {
  const { t } = useTranslation()
  if (!error) return null
  // Signing in again happens over this page; the sentence must still be true after it.
  if (error instanceof Fault && error.code === 'UNAUTHENTICATED') {
    return (
      <Band tone="warn" role="alert">
        {t('operations.notDoneSignIn')}
      </Band>
    )
  }
  const unknown = error instanceof Fault && (error.code === 'NETWORK' || error.code === 'TIMEOUT')
  return <FaultBand error={error} lead={t(unknown ? 'operations.notDoneUnknown' : 'operations.notDone')} />
}

interface QuestionProps {
  title: string
  text: string
  yes: string
  no: string
  open: boolean
  /** What cannot be taken back: then the button that leaves everything as it is stands out. */
  danger?: boolean
  onNo: () => void
  onYes: () => void
}

export function DeedQuestion({ title, text, yes, no, open, danger = false, onNo, onYes }: QuestionProps) {
  return (
    <Box title={title} role="alertdialog" open={open} onClose={onNo}>
      <div className="flex flex-col gap-4 p-5">
        <p>{text}</p>
        <div className="flex flex-wrap justify-end gap-2">
          {danger ? (
            <>
              <Button look="danger" onClick={onYes}>
                {yes}
              </Button>
              <Button look="primary" onClick={onNo}>
                {no}
              </Button>
            </>
          ) : (
            <>
              <Button onClick={onNo}>{no}</Button>
              <Button look="primary" onClick={onYes}>
                {yes}
              </Button>
            </>
          )}
        </div>
      </div>
    </Box>
  )
}
