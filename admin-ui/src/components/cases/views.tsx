// Which cases are shown: those that are not over, or all of them; one choice, which stands in the address.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { APPROVAL_VIEWS, type ApprovalView } from '../../lib/search-params'

export function CaseViews({ to, chosen }: { to: '/requests' | '/incidents'; chosen: ApprovalView }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('cases.viewsLabel')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {APPROVAL_VIEWS.map((view) => {
          const mark = { 'aria-current': view === chosen ? ('page' as const) : undefined }
          return (
            <li key={view}>
              <Link
                to={to}
                search={{ view: view === 'OPEN' ? undefined : view }}
                resetScroll={false}
                activeOptions={{ exact: true }}
                activeProps={mark}
                inactiveProps={mark}
                className="flex min-h-8 items-center rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent touch:min-h-11"
              >
                {t(`cases.view.${view}`)}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
