// The states of jobs with how many there are of each: one is chosen, and stands in the address.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobState } from '../../graphql/gql/graphql'
import { jobCountsQuery } from '../../graphql/jobs'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { JOB_STATES } from '../../lib/search-params'

export function JobStates() {
  const { t } = useTranslation()
  const counts = useQuery(jobCountsQuery).data
  const countOf = (state: JobState | undefined) => counts?.filter((item) => state === undefined || item.state === state).reduce((sum, item) => sum + item.count, 0)
  return (
    <nav aria-label={t('jobs.states')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {[undefined, ...JOB_STATES].map((state) => {
          const count = countOf(state)
          return (
            <li key={state ?? 'ALL'}>
              <Link
                to="/settings/jobs"
                search={{ state }}
                resetScroll={false}
                // Without a state it is the address without one, which would else be within every other.
                activeOptions={{ explicitUndefined: true }}
                className="flex min-h-8 items-center gap-1.5 rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:font-bold touch:min-h-11"
              >
                {state ? t(`jobs.state.${state}`) : t('jobs.all')}
                {/* Its place is kept while the counts load. */}
                <span className={`num min-w-4 text-right font-normal ${state === 'DEAD' && count ? 'font-bold text-bad' : 'text-muted'}`}>{count === undefined ? '' : formatCount(count, currentLanguage())}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
