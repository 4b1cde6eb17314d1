// The question before what needs a reason: not agreeing, and doing without a second person.
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { blockConversionEnter } from '../../lib/ime'
import { Button } from '../../ui/button'
import { TextArea } from '../../ui/field'
import { Box } from '../../ui/modal'

const MOST_CHARACTERS = 1000

interface Props {
  title: string
  label: string
  yes: string
  /** What hurts nobody: then it is the deed that stands out, not the way back. */
  calm?: boolean
  /** Neither Esc nor a click beside closes it. */
  firm?: boolean
  open: boolean
  busy: boolean
  onClose: () => void
  onYes: (reason: string) => void
  /** What happens then. */
  children: ReactNode
  /** Why it did not work just now; what is typed stays. */
  fault?: ReactNode
}

export function ReasonBox(props: Props) {
  return (
    <Box title={props.title} role="alertdialog" firm={props.firm} open={props.open} onClose={props.onClose}>
      {props.open && <ReasonForm {...props} />}
    </Box>
  )
}

/** Begins anew each time. */
function ReasonForm({ label, yes, calm = false, busy, onClose, onYes, children, fault }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const text = reason.trim()
  const wrong = text === '' ? t('approvals.reasonMissing') : [...text].length > MOST_CHARACTERS ? t('approvals.reasonLong') : undefined
  return (
    <form
      noValidate
      className="flex min-h-0 flex-col gap-4 overflow-auto p-5"
      onKeyDown={blockConversionEnter}
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (wrong !== undefined) document.getElementById(id)?.focus()
        else if (!busy) onYes(text)
      }}
    >
      {fault}
      {children}
      <TextArea id={id} label={label} help={t('approvals.reasonHelp')} required error={tried ? wrong : undefined} value={reason} onChange={(event) => setReason(event.target.value)} />
      <div className="flex flex-wrap justify-end gap-2">
        {calm && <Button onClick={onClose}>{t('action.cancel')}</Button>}
        <Button type="submit" look={calm ? 'primary' : 'danger'} reason={busy ? t('approvals.working') : undefined}>
          {yes}
        </Button>
        {!calm && (
          <Button look="primary" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
