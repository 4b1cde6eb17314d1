// One's own password, changed in a window over the account.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangePasswordForm } from '../../forms/change-password'
import { Button } from '../../ui/button'
import { Box } from '../../ui/modal'

export function OwnPassword() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <section aria-labelledby="own-password" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="own-password" className="text-base">
          {t('ownPassword.title')}
        </h2>
        <Button size="sm" onClick={() => setOpen(true)}>
          {t('ownPassword.change')}
        </Button>
      </div>
      <p className="text-sm text-muted">{t('ownPassword.lead')}</p>
      <Box title={t('ownPassword.changeTitle')} open={open} onClose={close}>
        {open && <ChangePasswordForm onDone={close} onCancel={close} />}
      </Box>
    </section>
  )
}
