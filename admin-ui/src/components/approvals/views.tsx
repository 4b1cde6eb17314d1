// Which requests are shown: what can still be decided, or all of them; one choice, which stands in the address.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { openApprovalsQuery } from '../../graphql/open-approvals'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { APPROVAL_VIEWS, type ApprovalView } from '../../lib/search-params'
import { tabLink } from '../../ui/tab'

export function ApprovalViews({ chosen }: { chosen: ApprovalView }) {
  const { t } = useTranslation()
  const open = useQuery(openApprovalsQuery).data?.length
  return (
    <nav aria-label={t('approvals.views')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {APPROVAL_VIEWS.map((view) => {
          return (
            <li key={view}>
              <Link
                to="/approvals"
                search={{ view: view === 'OPEN' ? undefined : view }}
                resetScroll={false}
                {...tabLink(view === chosen)}
              >
                {t(`approvals.view.${view}`)}
                {/* Its place is kept while the count loads. */}
                {view === 'OPEN' && <span className="num min-w-4 text-right text-muted">{open === undefined ? '' : formatCount(open, currentLanguage())}</span>}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
