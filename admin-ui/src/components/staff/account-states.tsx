// Whose accounts are shown, with how many there are of each: one choice, which stands in the address.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { StaffAccount } from '../../graphql/staff'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { STAFF_STATES, type StaffState } from '../../lib/search-params'

export const isInState = (state: StaffState, { disabledAt }: Pick<StaffAccount, 'disabledAt'>): boolean => state === 'ALL' || (state === 'DISABLED') === Boolean(disabledAt)

export function AccountStates({ chosen, accounts }: { chosen: StaffState; accounts: readonly StaffAccount[] | undefined }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('staff.filters')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {STAFF_STATES.map((state) => {
          const mark = { 'aria-current': state === chosen ? ('page' as const) : undefined }
          return (
            <li key={state}>
              <Link
                to="/settings/staff"
                search={{ state: state === 'ENABLED' ? undefined : state }}
                resetScroll={false}
                // Said by what is shown: without a state the address fits every one of them.
                activeProps={mark}
                inactiveProps={mark}
                className="flex min-h-8 items-center gap-1.5 rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent touch:min-h-11"
              >
                {t(`staff.filter.${state}`)}
                {/* Its place is kept while the counts load. */}
                <span className="num min-w-4 text-right text-muted">{accounts ? formatCount(accounts.filter((account) => isInState(state, account)).length, currentLanguage()) : ''}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
