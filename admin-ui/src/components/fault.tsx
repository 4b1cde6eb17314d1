// What is shown when something did not work: what happened, what was kept, what to do, and the number to tell support.
import { useTranslation } from 'react-i18next'
import { Fault } from '../graphql/execute'
import type { Permission } from '../graphql/gql/graphql'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { PageHeading, useWindowTitle } from './page'

const KNOWN = ['INTERNAL', 'TIMEOUT', 'TOO_COMPLEX', 'NETWORK', 'NOT_YET', 'UNAUTHENTICATED', 'SECOND_FACTOR_REQUIRED', 'RATE_LIMITED'] as const

/** The sentence for a fault; anything unknown is told like a fault of the server. */
export function useFaultText() {
  const { t, i18n } = useTranslation()
  return (error: unknown): string => {
    if (!(error instanceof Fault)) return t('fault.INTERNAL')
    if (error.code === 'FORBIDDEN') {
      // A right that is newer than the console has no word here.
      const permission = error.permission && i18n.exists(`permission.${error.permission}`) ? (error.permission as Permission) : undefined
      return permission ? t('fault.FORBIDDEN', { permission: t(`permission.${permission}`) }) : t('fault.FORBIDDEN_unknown')
    }
    const known = KNOWN.find((code) => code === error.code)
    return t(`fault.${known ?? 'INTERNAL'}`)
  }
}

function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const id = error instanceof Fault ? error.requestId : undefined
  if (!id) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm">
      {t('fault.requestId')}: <code className="break-all">{id}</code>
      <CopyButton text={id} label={t('fault.copyRequestId')} />
    </p>
  )
}

interface BlockProps {
  error: unknown
  onRetry?: () => void
}

const isForbidden = (error: unknown) => error instanceof Fault && error.code === 'FORBIDDEN'

/** In place of content that could not be loaded. */
export function FaultBlock(props: BlockProps) {
  const { t } = useTranslation()
  return (
    <section className="mx-auto my-10 max-w-2xl px-4" role="alert">
      <h2 className="text-xl">{t(isForbidden(props.error) ? 'fault.noRightTitle' : 'fault.title')}</h2>
      <FaultText {...props} />
    </section>
  )
}

/** In place of a whole page: it has the heading and the window's title too. */
export function FaultPage(props: BlockProps) {
  const { t } = useTranslation()
  const title = t(isForbidden(props.error) ? 'fault.noRightTitle' : 'fault.title')
  useWindowTitle(title)
  return (
    <section className="mx-auto my-12 max-w-2xl px-4" role="alert">
      <PageHeading className="text-2xl">{title}</PageHeading>
      <FaultText {...props} />
    </section>
  )
}

function FaultText({ error, onRetry }: BlockProps) {
  const { t } = useTranslation()
  const text = useFaultText()
  return (
    <>
      <p className="mt-2">{text(error)}</p>
      <RequestId error={error} />
      {onRetry && !isForbidden(error) && (
        <Button className="mt-4" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </>
  )
}

/** Inside a form or a list: what was asked for just now failed, the rest of the screen stands. */
export function FaultBand({ error, lead, onRetry }: { error: unknown; lead?: string; onRetry?: () => void }) {
  const { t } = useTranslation()
  const text = useFaultText()
  return (
    <Band tone="bad" role="alert" actions={onRetry && <Button size="sm" onClick={onRetry}>{t('action.retry')}</Button>}>
      {lead && <p className="font-bold">{lead}</p>}
      <p>{text(error)}</p>
      <RequestId error={error} />
    </Band>
  )
}
