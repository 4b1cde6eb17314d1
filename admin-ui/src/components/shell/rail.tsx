// The places of the console. A place appears when it exists and the reader may go there.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { may } from '../../graphql/session'
import { openApprovalsQuery } from '../../graphql/open-approvals'
import { inquiryCountsQuery } from '../../graphql/inquiry-counts'
import type { InquiryQueue, Permission } from '../../graphql/gql/graphql'
import { Icon, type IconName } from '../../ui/icons'
import { useSession } from '../session'

interface Place {
  to: '/' | '/declarations' | '/inquiries' | '/requests' | '/incidents' | '/status-check' | '/figures' | '/approvals' | '/audit' | '/settings'
  word: 'nav.home' | 'nav.declarations' | 'nav.inquiries' | 'nav.requests' | 'nav.incidents' | 'nav.statusCheck' | 'nav.figures' | 'nav.approvals' | 'nav.audit' | 'nav.settings'
  icon: IconName
  right: Permission
}

const PLACES: readonly Place[] = [
  { to: '/', word: 'nav.home', icon: 'home', right: 'READ_DECLARATIONS' },
  { to: '/declarations', word: 'nav.declarations', icon: 'declaration', right: 'READ_DECLARATIONS' },
  { to: '/inquiries', word: 'nav.inquiries', icon: 'mail', right: 'READ_INQUIRIES' },
  { to: '/requests', word: 'nav.requests', icon: 'user', right: 'READ_PRIVACY_REQUESTS' },
  { to: '/incidents', word: 'nav.incidents', icon: 'shield', right: 'READ_INCIDENTS' },
  { to: '/status-check', word: 'nav.statusCheck', icon: 'search', right: 'CHECK_STATUS' },
  { to: '/figures', word: 'nav.figures', icon: 'chart', right: 'READ_DECLARATIONS' },
  { to: '/approvals', word: 'nav.approvals', icon: 'approval', right: 'READ_APPROVALS' },
  { to: '/audit', word: 'nav.audit', icon: 'audit', right: 'READ_AUDIT' },
  { to: '/settings', word: 'nav.settings', icon: 'settings', right: 'READ_DECLARATIONS' },
]

export function Rail() {
  const { t } = useTranslation()
  const session = useSession()
  return (
    <nav aria-label={t('nav.main')} className="shrink-0 border-line bg-surface max-md:border-b md:w-24 md:border-r" data-print="hide">
      <ul className="flex flex-wrap gap-1 p-1 md:flex-nowrap max-sm:gap-0.5 md:sticky md:top-14 md:flex-col md:p-1.5">
        {PLACES.filter((place) => may(session, place.right)).map((place) => (
          <li key={place.to} className="max-sm:min-w-[4.25rem] max-sm:flex-1">
            <Link
              to={place.to}
              activeOptions={{ exact: place.to === '/' }}
              className="flex min-h-11 items-center justify-center gap-1.5 rounded-md px-3 text-sm leading-tight whitespace-nowrap max-sm:flex-col max-sm:gap-0.5 max-sm:px-0 max-sm:py-1 max-sm:text-xs md:text-xs text-text no-underline hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:font-bold aria-[current=page]:text-link md:min-h-16 md:flex-col md:gap-1 md:px-0"
            >
              <span className="relative inline-flex">
                <Icon name={place.icon} className="size-5 md:size-6" />
                {place.to === '/approvals' && <OpenMark />}
                {place.to === '/inquiries' && <InquiryMark />}
              </span>
              {t(place.word)}
              {place.to === '/approvals' && <OpenWord />}
              {place.to === '/inquiries' && <InquiryWord />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** How many requests can be decided; nothing while it is not known, and when there are none. */
const useOpen = () => useQuery(openApprovalsQuery).data?.length ?? 0

/** Over the icon, so that its coming moves nothing. */
function Mark({ count, ...marks }: { count: number; 'data-open-approvals'?: true; 'data-waiting-inquiries'?: true }) {
  if (count === 0) return null
  return (
    <span {...marks} aria-hidden="true" className="num absolute -top-2 -left-2.5 min-w-5 max-sm:left-4 rounded-full bg-accent px-1 text-center text-xs leading-5 font-bold text-on-accent md:left-4">
      {count > 99 ? '99+' : count}
    </span>
  )
}

const OpenMark = () => <Mark count={useOpen()} data-open-approvals />

/** The same as a part of the link's name. */
function OpenWord() {
  const { t } = useTranslation()
  const open = useOpen()
  return open === 0 ? null : <span className="sr-only">{t('nav.approvalsOpen', { count: open })}</span>
}

/** What waits for the reader: theirs, where a colleague asks them to look, and what nobody has taken yet. */
function useWaiting() {
  const counts = useQuery(inquiryCountsQuery).data
  const of = (queue: InquiryQueue) => counts?.find((item) => item.queue === queue)?.count ?? 0
  return { mine: of('MINE'), mentioned: of('MENTIONED'), unassigned: of('UNASSIGNED') }
}

function InquiryMark() {
  const { mine, mentioned, unassigned } = useWaiting()
  return <Mark count={mine + mentioned + unassigned} data-waiting-inquiries />
}

function InquiryWord() {
  const { t } = useTranslation()
  const waiting = useWaiting()
  return waiting.mine + waiting.mentioned + waiting.unassigned === 0 ? null : <span className="sr-only">{t('nav.inquiriesOpen', waiting)}</span>
}
