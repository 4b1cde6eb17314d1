// Windows over the page: a sheet at the right for forms, a box in the middle for short questions.
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button'

interface Props {
  title: string
  open: boolean
  /** Asked for by Esc, the close button or a click beside; the owner decides whether it closes. */
  onClose: () => void
  /** A question that must be answered: neither Esc nor a click beside closes it. */
  firm?: boolean
  role?: 'dialog' | 'alertdialog'
  children: ReactNode
}

const COVER = 'fixed inset-0 z-40 flex bg-backdrop'

function Window({ title, open, onClose, firm = false, role = 'dialog', children, cover, box }: Props & { cover: string; box: string }) {
  const { t } = useTranslation()
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(next) => !next && onClose()}
      isDismissable={!firm}
      isKeyboardDismissDisabled={firm}
      className={`${COVER} ${cover}`}
      data-print="hide"
    >
      <Modal className={`flex min-w-0 bg-bg text-text shadow-lift ${box}`}>
        <Dialog role={role} data-modal className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5">
            <Heading slot="title" level={2} className="min-w-0 flex-1 py-1 text-lg">
              {title}
            </Heading>
            {!firm && <IconButton icon="close" label={t('action.close')} onClick={onClose} />}
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** At the right of the record it belongs to; the whole page when there is no room beside it. */
export const Sheet = (props: Props) => <Window {...props} cover="justify-end" box="w-full sm:w-[min(40rem,92vw)] h-dvh" />

export const Box = (props: Props) => (
  <Window {...props} cover="items-start justify-center p-4 pt-[10vh]" box="w-full max-w-lg max-h-[80dvh] rounded-lg border border-line" />
)
