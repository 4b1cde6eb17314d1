// Which requests are shown: what can still be decided, or all of them; one choice, which stands in the address.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { openApprovalsQuery } from '../../graphql/open-approvals'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { APPROVAL_VIEWS, type ApprovalView } from '../../lib/search-params'

export function ApprovalViews({ chosen }: { chosen: ApprovalView }) {
  const { t } = useTranslation()
  const open = useQuery(openApprovalsQuery).data?.length
  return (
    <nav aria-label={t('approvals.views')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {APPROVAL_VIEWS.map((view) => {
          const mark = { 'aria-current': view === chosen ? ('page' as const) : undefined }
          return (
            <li key={view}>
              <Link
                to="/approvals"
                search={{ view: view === 'OPEN' ? undefined : view }}
                resetScroll={false}
                // Said by what is shown: without a view the address fits both.
                activeOptions={{ exact: true }}
                activeProps={mark}
                inactiveProps={mark}
                className="flex min-h-8 items-center gap-1.5 rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent touch:min-h-11"
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
