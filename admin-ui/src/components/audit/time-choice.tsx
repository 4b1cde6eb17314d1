// Which time: a number of days up to now, or one that is typed; one choice, which stands in the address.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { firstDayOf } from '../../lib/audit-time'
import { SPANS } from '../../lib/audit-wall'
import type { ReadsSearch, SecuritySearch } from '../../lib/search-params'
import type { AuditView } from './page-head'
import { tabClass } from '../../ui/tab'

export function TimeChoice({ to, question }: { to: AuditView; question: ReadsSearch & SecuritySearch }) {
  const { t } = useTranslation()
  const { span = 'WEEK', from, staff, number, kind } = question
  const chosen = from === undefined ? span : 'OWN'
  const mark = (is: boolean) => ({ 'aria-current': is ? ('page' as const) : undefined })
  return (
    <nav aria-label={t('audit.time')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {[...SPANS, 'OWN' as const].map((each) => (
          <li key={each}>
            <Link
              to={to}
              search={{ staff, number, kind, ...(each === 'OWN' ? { from: from ?? firstDayOf(question), until: question.until } : { span: each === 'WEEK' ? undefined : each }) }}
              replace
              resetScroll={false}
              activeOptions={{ exact: true }}
              activeProps={mark(each === chosen)}
              inactiveProps={mark(each === chosen)}
              className={tabClass}
            >
              {t(`audit.span.${each}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
