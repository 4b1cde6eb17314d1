// The pages for an address that does not exist and for a page that broke.
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Fault } from '../graphql/execute'
import { Button, buttonClass } from '../ui/button'
import { FaultBlock } from './fault'
import { PageHeading, useWindowTitle } from './page'

export function NotFoundPage() {
  const { t } = useTranslation()
  useWindowTitle(t('fault.notFoundTitle'))
  return (
    <Message title={t('fault.notFoundTitle')} text={t('fault.notFound')}>
      <Link to="/declarations" className={buttonClass()}>
        {t('fault.toList')}
      </Link>
    </Message>
  )
}

function Message({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <main className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{title}</PageHeading>
      <p className="mt-2 mb-4">{text}</p>
      {children}
    </main>
  )
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  useWindowTitle(t('fault.crashTitle'))
  if (error instanceof Fault) {
    return (
      <main>
        <FaultBlock
          level="h1"
          error={error}
          onRetry={() => {
            reset()
            void router.invalidate()
          }}
        />
      </main>
    )
  }
  return (
    <Message title={t('fault.crashTitle')} text={t('fault.crash')}>
      <Button look="primary" onClick={() => window.location.reload()}>
        {t('fault.reload')}
      </Button>
    </Message>
  )
}
