// The pages for an address that does not exist and for a page that broke: in the frame, or instead of it.
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Fault } from '../graphql/execute'
import { Button, buttonClass } from '../ui/button'
import { FaultBand, FaultPage } from './fault'
import { OutsideFrame } from './outside-frame'
import { PageHeading, useWindowTitle } from './page'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <OutsideFrame title={t('fault.notFoundTitle')}>
      <p className="mb-4">{t('fault.notFound')}</p>
      <Link to="/declarations" className={buttonClass()}>
        {t('fault.toList')}
      </Link>
    </OutsideFrame>
  )
}

function useRetry(reset: () => void) {
  const router = useRouter()
  return () => {
    reset()
    void router.invalidate()
  }
}

function Broken() {
  const { t } = useTranslation()
  return (
    <>
      <p className="mt-2 mb-4">{t('fault.crash')}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        {t('fault.reload')}
      </Button>
    </>
  )
}

/** Inside the frame, which still stands and leads elsewhere. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const retry = useRetry(reset)
  return error instanceof Fault ? <FaultPage error={error} onRetry={retry} /> : <BrokenPage />
}

function BrokenPage() {
  const { t } = useTranslation()
  useWindowTitle(t('fault.crashTitle'))
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('fault.crashTitle')}</PageHeading>
      <Broken />
    </section>
  )
}

/** Where there is no frame: it could not be opened, or the page has none. */
export function OutsideCrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const retry = useRetry(reset)
  return error instanceof Fault ? (
    <OutsideFrame title={t('fault.title')}>
      <FaultBand error={error} onRetry={retry} />
    </OutsideFrame>
  ) : (
    <OutsideFrame title={t('fault.crashTitle')}>
      <Broken />
    </OutsideFrame>
  )
}
