// What is done to a bulk change, an import or a file, and how it is told: the buttons, why one did not work, and where a second person stands.
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApprovalStatus, Permission } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'

/** Why nothing can be done here now: a right is missing, or something is being done. */
export function useOff(permission: Permission, isPending: boolean): string | undefined {
  const { t } = useTranslation()
  const session = useSession()
  if (!may(session, permission)) return t('sheet.noRight', { permission: t(`permission.${permission}`) })
  return isPending ? t('batch.working') : undefined
}

export function DeedButtons({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start gap-2 empty:hidden" data-print="hide">
      {children}
    </div>
  )
}

interface NotesProps {
  error: Error | null
  /** Why the server did not do it. */
  refused: string | undefined
  /** The newest request for a second person, and why one is needed. */
  approval?: { needs?: string; request: { id: string; status: ApprovalStatus; isMine: boolean } | null | undefined }
}

export function DeedNotes({ error, refused, approval }: NotesProps) {
  const { t } = useTranslation()
  const session = useSession()
  const request = approval?.request
  return (
    <div className="flex w-full flex-col gap-2 empty:hidden">
      <DeedFault error={error} />
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      {approval && (
        <Band tone="info" role="note">
          {approval.needs && <p>{approval.needs}</p>}
          {request && <p>{request.status === 'OPEN' ? t('batch.waiting') : t('batch.lastRequest', { state: t(`approvals.state.${request.status}`) })}</p>}
          {request && (request.isMine || may(session, 'READ_APPROVALS')) && (
            <Link to="/approvals/$id" params={{ id: request.id }} className="inline-flex min-h-6 items-center touch:min-h-11">
              {t('batch.toRequest')}
            </Link>
          )}
        </Band>
      )}
    </div>
  )
}

interface AskedProps {
  word: string
  title: string
  text: string
  /** Why it cannot be done now. */
  off: string | undefined
  onYes: () => void
}

/** What is under way is stopped; somebody may have asked for that already. */
export function StopDeed({ isStopping, off, ...asked }: Omit<AskedProps, 'word'> & { isStopping: boolean }) {
  const { t } = useTranslation()
  return <AskedDeed look="danger" icon="stop" word={t('batch.stop')} no={t('batch.stopNo')} off={off ?? (isStopping ? t('batch.stopping') : undefined)} {...asked} />
}

/** What cannot be brought back. */
export function DestroyDeed(asked: AskedProps) {
  const { t } = useTranslation()
  return <AskedDeed icon="close" no={t('action.cancel')} {...asked} />
}

function AskedDeed({ word, no, title, text, off, onYes, look, icon }: AskedProps & { no: string; look?: 'danger'; icon: 'stop' | 'close' }) {
  const [asking, setAsking] = useState(false)
  const answer = (yes: boolean) => {
    setAsking(false)
    if (yes) onYes()
  }
  return (
    <>
      <Button look={look} icon={icon} reason={off} onClick={() => setAsking(true)}>
        {word}
      </Button>
      <DeedQuestion danger title={title} text={text} yes={word} no={no} open={asking} onNo={() => answer(false)} onYes={() => answer(true)} />
    </>
  )
}
