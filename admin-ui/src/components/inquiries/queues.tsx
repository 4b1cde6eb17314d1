// The queues of the desk with how many there are in each: beside the list where there is room, over it where there is not.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { inquiryCountsQuery, type InquiryCount } from '../../graphql/inquiry-counts'
import type { InquiryQueue } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { isOfOne, QUEUES } from '../../lib/inquiries'
import type { InquiryListSearch } from '../../lib/search-params'
import { Icon } from '../../ui/icons'

/** Spam and what is over is no work: how much there is of it is nobody's question. */
const WORK: readonly InquiryQueue[] = ['MINE', 'MENTIONED', 'UNASSIGNED', 'BREACHED', 'OPEN', 'WAITING', 'SNOOZED']

function Count({ count }: { count: InquiryCount | undefined }) {
  const { t } = useTranslation()
  // Its room is there before it comes.
  if (!count) return <span className="num min-w-5 text-right text-xs text-muted">…</span>
  const total = formatCount(count.count, currentLanguage())
  const stands = count.queue === 'BREACHED' && count.count > 0 ? 'rounded-sm bg-bad-bg px-1 font-bold text-bad' : WORK.includes(count.queue) && count.count > 0 ? 'font-bold' : 'text-muted'
  return <span className={`num min-w-5 text-right text-xs ${stands}`}>{count.isMore ? t('inquiries.moreThan', { total }) : total}</span>
}

export function Queues({ chosen, search }: { chosen: InquiryQueue; search: InquiryListSearch }) {
  const { t } = useTranslation()
  const counts = useQuery(inquiryCountsQuery).data
  return (
    <nav aria-label={t('inquiries.queues')} className="min-w-0">
      <ul className="flex flex-wrap gap-1 xl:flex-col xl:gap-0.5">
        {QUEUES.map((queue) => {
          const mark = { 'aria-current': queue === chosen ? ('page' as const) : undefined }
          return (
            <li key={queue}>
              <Link
                to="/inquiries"
                search={{ queue, q: search.q, tag: search.tag, staff: isOfOne(queue) ? undefined : search.staff }}
                resetScroll={false}
                activeOptions={{ exact: true }}
                activeProps={mark}
                inactiveProps={mark}
                className="flex min-h-8 items-center justify-between gap-2 rounded-md px-2 text-sm text-text no-underline hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-link aria-[current=page]:inset-ring aria-[current=page]:inset-ring-accent max-xl:border max-xl:border-control touch:min-h-11"
              >
                {t(`inquiries.queue.${queue}`)}
                <Count count={counts?.find((item) => item.queue === queue)} />
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

const PLACES = [
  { to: '/articles', word: 'articles', icon: 'info' },
  { to: '/settings/templates', word: 'templates', icon: 'edit' },
  { to: '/inquiries/numbers', word: 'numbers', icon: 'chart' },
] as const

/** What belongs to the desk and is no queue of it. */
export function DeskPlaces() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('desk.more')} className="min-w-0 xl:border-t xl:border-line xl:pt-2">
      <ul className="flex flex-wrap gap-1 xl:flex-col xl:gap-0.5">
        {PLACES.map(({ to, word, icon }) => (
          <li key={to}>
            <Link to={to} search={{}} className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-sm text-text no-underline hover:bg-hover touch:min-h-11">
              <Icon name={icon} className="size-4 text-muted" />
              {t(`desk.place.${word}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
