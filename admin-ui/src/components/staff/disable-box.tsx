// The question before an account is disabled: for which reason, and what happens then.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DisableReason } from '../../graphql/gql/graphql'
import { DISABLE_REASONS } from '../../graphql/staff'
import { Button } from '../../ui/button'
import { FieldError, RequiredMark } from '../../ui/field'
import { Box } from '../../ui/modal'

interface Props {
  name: string
  open: boolean
  onClose: () => void
  onDisable: (reason: DisableReason) => void
}

export function DisableBox({ name, open, onClose, onDisable }: Props) {
  const { t } = useTranslation()
  return (
    <Box title={t('staff.disableTitle', { name })} role="alertdialog" open={open} onClose={onClose}>
      {open && <DisableForm {...{ onClose, onDisable }} />}
    </Box>
  )
}

/** Begins anew each time: a reason that was chosen for somebody else must not stand there. */
function DisableForm({ onClose, onDisable }: Pick<Props, 'onClose' | 'onDisable'>) {
  const { t } = useTranslation()
  const [reason, setReason] = useState<DisableReason>()
  const [missing, setMissing] = useState(false)
  const error = missing && !reason ? t('staff.disableReasonMissing') : undefined
  return (
    <form
      noValidate
      className="flex min-h-0 flex-col gap-4 overflow-auto p-5"
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(true)
        if (reason) onDisable(reason)
        else document.getElementById(`reason-${DISABLE_REASONS[0]}`)?.focus()
      }}
    >
      <p>{t('staff.disableText')}</p>
      <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={error ? 'reason-error' : undefined}>
        <legend className="mb-1 font-bold">
          <span className="inline-flex items-center gap-2">
            {t('staff.disableReason')}
            <RequiredMark required />
          </span>
        </legend>
        {DISABLE_REASONS.map((value) => (
          <label key={value} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2 has-checked:border-accent has-checked:bg-selected">
            <input
              id={`reason-${value}`}
              type="radio"
              name="reason"
              value={value}
              checked={reason === value}
              onChange={() => setReason(value)}
              className="mt-1 size-5 shrink-0 accent-accent"
              aria-labelledby={`reason-${value}-word`}
              aria-describedby={[error && 'reason-error', `reason-${value}-help`].filter(Boolean).join(' ')}
            />
            <span className="min-w-0">
              <span id={`reason-${value}-word`} className="block font-bold">
                {t(`staff.reason.${value}`)}
              </span>
              <span id={`reason-${value}-help`} className="block text-sm text-muted">
                {t(`staff.reasonHelp.${value}`)}
              </span>
            </span>
          </label>
        ))}
        <FieldError id="reason-error" error={error} />
      </fieldset>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="submit" look="danger">
          {t('staff.disable')}
        </Button>
        <Button look="primary" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  )
}
