// The head of the pages about outgoing mail: what they are, the other view, and the next action.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Breadcrumb, PageHeading } from '../page'
import { CHOICE_LINK } from '../../ui/button'

const VIEWS = [
  { to: '/settings/mail', word: 'mail.ledger' },
  { to: '/settings/mail/suppressions', word: 'suppression.title' },
] as const

// Said by the page that is shown, not by the address: a sheet over it has an address of its own.
interface Props {
  current: (typeof VIEWS)[number]['to']
  lead: string
  actions: ReactNode
}

export function MailPageHead({ current, lead, actions }: Props) {
  const { t } = useTranslation()
  const title = t(current === '/settings/mail' ? 'mail.title' : 'suppression.title')
  return (
    <div className="flex flex-col gap-2">
      <Breadcrumb crumbs={current === '/settings/mail' ? [{ label: t('settings.title') }, { label: title }] : [{ label: t('settings.title') }, { label: t('mail.title'), link: { to: '/settings/mail' } }, { label: title }]} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <PageHeading>{title}</PageHeading>
        <nav aria-label={t('mail.views')} className="flex flex-wrap gap-1" data-print="hide">
          {VIEWS.map(({ to, word }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ 'aria-current': to === current ? 'page' : undefined }}
              inactiveProps={{ 'aria-current': to === current ? 'page' : undefined }}
              className={CHOICE_LINK}
            >
              {t(word)}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex flex-wrap gap-2" data-print="hide">
          {actions}
        </div>
      </div>
      <p className="text-sm text-muted">{lead}</p>
    </div>
  )
}
