// Which cases are shown: those that are not over, or all of them; one choice, which stands in the address.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { APPROVAL_VIEWS, type ApprovalView } from '../../lib/search-params'
import { tabLink } from '../../ui/tab'

export function CaseViews({ to, chosen }: { to: '/requests' | '/incidents'; chosen: ApprovalView }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('cases.viewsLabel')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {APPROVAL_VIEWS.map((view) => {
          return (
            <li key={view}>
              <Link
                to={to}
                search={{ view: view === 'OPEN' ? undefined : view }}
                resetScroll={false}
                {...tabLink(view === chosen)}
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
