// Whose accounts are shown, with how many there are of each: one choice, which stands in the address.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { StaffAccount } from '../../graphql/staff'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { STAFF_STATES, type StaffState } from '../../lib/search-params'
import { tabClass } from '../../ui/tab'

export const isInState = (state: StaffState, { disabledAt }: Pick<StaffAccount, 'disabledAt'>): boolean => state === 'ALL' || (state === 'DISABLED') === Boolean(disabledAt)

export function AccountStates({ accounts }: { accounts: readonly StaffAccount[] | undefined }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('staff.filters')} data-print="hide">
      <ul className="flex flex-wrap gap-1">
        {STAFF_STATES.map((state) => (
          <li key={state}>
            <Link
              to="/settings/staff"
              search={{ state: state === 'ENABLED' ? undefined : state }}
              resetScroll={false}
              // Without a state it is the address without one, which would else be within every other.
              activeOptions={{ explicitUndefined: true }}
              className={tabClass}
            >
              {t(`staff.filter.${state}`)}
              {/* Its place is kept while the counts load. */}
              <span className="num min-w-4 text-right text-muted">{accounts ? formatCount(accounts.filter((account) => isInState(state, account)).length, currentLanguage()) : ''}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
