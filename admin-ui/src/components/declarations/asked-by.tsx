// Of what is done with a declaration because an inquiry asks for it: the sentence that says so, and the way back to the thread.
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Band } from '../../ui/band'

/** The inquiry that asks for what is done here, from the address. */
export const useAskedBy = (): string | undefined => useSearch({ from: '/shell/declarations/$id', select: ({ inquiry }) => inquiry })

/** Away from a sheet over a declaration: to the thread that asked for it, or to the record, where `event` is pointed out. */
export function useLeaveRecord(id: string): (event?: string) => void {
  const inquiry = useAskedBy()
  const navigate = useNavigate()
  return (event) => {
    if (inquiry === undefined) void navigate({ to: '/declarations/$id', params: { id }, search: { event }, resetScroll: false })
    else void navigate({ to: '/inquiries', search: { queue: 'ALL', id: inquiry } })
  }
}

/** `registeredOnly`: it is, as long as the mail goes to the registered address; anything else waits for a second person, and is done without it. */
export function AskedBy({ registeredOnly = false }: { registeredOnly?: boolean }) {
  const { t } = useTranslation()
  const inquiry = useAskedBy()
  if (inquiry === undefined) return null
  return (
    <Band
      tone="info"
      role="note"
      icon="mail"
      actions={
        <Link to="/inquiries" search={{ queue: 'ALL', id: inquiry }} className="flex min-h-6 items-center underline touch:min-h-11">
          {t('evidence.toInquiry')}
        </Link>
      }
    >
      {t(registeredOnly ? 'evidence.askedByRegistered' : 'evidence.askedBy')}
    </Band>
  )
}
