// The head of the pages of the audit, with the way from one to the other, which takes the account and the time along; a program has reads only.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isTokenReader } from '../../graphql/audit'
import type { ExposureSearch } from '../../lib/search-params'
import { Breadcrumb, PageHeading, useWindowTitle } from '../page'
import { CHOICE_LINK } from '../../ui/button'

const VIEWS = [
  { to: '/audit', word: 'audit.reads.title' },
  { to: '/audit/exposure', word: 'audit.exposure.title' },
  { to: '/audit/security', word: 'audit.security.title' },
] as const
export type AuditView = (typeof VIEWS)[number]['to']

interface Props {
  current: AuditView
  lead: string
  question: ExposureSearch
}

export function AuditHead({ current, lead, question: { span, from, until, staff } }: Props) {
  const { t } = useTranslation()
  const title = t(VIEWS.find(({ to }) => to === current)?.word ?? 'audit.reads.title')
  useWindowTitle(title, t('nav.audit'))
  return (
    <div className="flex flex-col gap-2">
      <Breadcrumb crumbs={[{ label: t('nav.audit') }, { label: title }]} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <PageHeading>{title}</PageHeading>
        <nav aria-label={t('audit.views')} className="flex flex-wrap gap-1" data-print="hide">
          {VIEWS.map(({ to, word }) => {
            const mark = { 'aria-current': to === current ? ('page' as const) : undefined }
            return (
              <Link
                key={to}
                to={to}
                search={{ span, from, until, staff: to !== '/audit' && isTokenReader(staff) ? undefined : staff }}
                activeOptions={{ exact: true, includeSearch: false }}
                activeProps={mark}
                inactiveProps={mark}
                className={CHOICE_LINK}
              >
                {t(word)}
              </Link>
            )
          })}
        </nav>
      </div>
      <p className="text-sm text-muted">{lead}</p>
    </div>
  )
}
