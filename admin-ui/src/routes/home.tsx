// ホーム: what is due by law, the nearest first, and what waits for somebody.
import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Due } from '../components/cases/due'
import { incidentTitle } from '../components/cases/incident-words'
import { hasTerm, requestTitle } from '../components/cases/request-words'
import { FaultBand, FaultPage } from '../components/fault'
import { PageHeading, useWindowTitle } from '../components/page'
import { ReviewQueues } from '../components/reviews/queues'
import { homeQuery, type IncidentRow, type RequestRow } from '../graphql/cases'
import { Icon, type IconName } from '../ui/icons'
import { LoadingBar, Skeleton } from '../ui/loading'
import { TypedText } from '../ui/typed-text'

interface Deadline {
  id: string
  on: string
  still: boolean
  icon: IconName
  word: string
  aside?: string
  link: Pick<LinkProps, 'to' | 'params'>
}

function deadlinesOf(requests: readonly RequestRow[], incidents: readonly IncidentRow[], t: TFunction): Deadline[] {
  const asked = requests
    .filter((row) => hasTerm(row.status))
    .map((row): Deadline => ({ id: row.id, on: row.dueOn, still: row.status === 'PAUSED', icon: 'user', word: requestTitle(row, t), aside: row.handler ?? undefined, link: { to: '/requests/$id', params: { id: row.id } } }))
  const known = incidents.flatMap((row): Deadline[] =>
    row.nextDue ? [{ id: row.id, on: row.nextDue.on, still: false, icon: 'shield', word: incidentTitle(row, t), aside: t(`incidents.stage.${row.nextDue.stage}`), link: { to: '/incidents/$id', params: { id: row.id } } }] : [],
  )
  return [...asked, ...known].toSorted((one, other) => Number(one.still) - Number(other.still) || one.on.localeCompare(other.on))
}

export default function HomePage() {
  const { t } = useTranslation()
  useWindowTitle(t('home.title'))
  const { data, error, isPending, refetch } = useQuery(homeQuery)
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  const seesCases = !data || data.privacyRequests || data.incidents
  const counts = [
    { word: t('home.approvals'), icon: 'approval', to: '/approvals', count: data?.approvals },
    { word: t('home.failedJobs'), icon: 'error', to: '/settings/jobs', count: data?.failedJobs },
    { word: t('home.mails'), icon: 'mail', to: '/settings/mail', count: data?.mailsToDecide },
  ] as const
  const shown = counts.filter(({ count }) => typeof count === 'number')
  return (
    <div className="flex max-w-[100rem] flex-col gap-6 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      <div className="flex flex-col gap-2">
        <PageHeading>{t('home.title')}</PageHeading>
        <p className="text-sm text-muted">{t('home.lead')}</p>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {data && !seesCases && shown.length === 0 && <p className="rounded-md border border-line px-4 py-6">{t('home.noRight')}</p>}
      {seesCases && (
        <Section id="deadlines" title={t('home.deadlines')}>
          {data ? <Deadlines rows={deadlinesOf(data.privacyRequests ?? [], data.incidents ?? [], t)} today={data.today} /> : <Skeleton className="h-24 w-full" />}
        </Section>
      )}
      <Section id="reviews" title={t('reviews.title')}>
        <ReviewQueues />
      </Section>
      {shown.length > 0 && (
        <Section id="attention" title={t('home.attention')}>
          <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5">
            {shown.map(({ word, icon, to, count }) => (
              <li key={to}>
                <Link to={to} className="flex h-full min-h-21 flex-col gap-1 rounded-md border border-line px-4 py-3 text-text no-underline hover:bg-hover">
                  <span className="flex items-center gap-2 text-sm">
                    <Icon name={icon} className="size-5" />
                    {word}
                  </span>
                  <span className={count ? 'num text-2xl font-bold' : 'text-muted'}>{count ? t('home.count', { count }) : t('home.nothing')}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="text-base">
        {title}
      </h2>
      {children}
    </section>
  )
}

function Deadlines({ rows, today }: { rows: readonly Deadline[]; today: string }) {
  const { t } = useTranslation()
  if (rows.length === 0)
    return (
      <div className="rounded-md border border-line px-4 py-5">
        <p>{t('home.noDeadlines')}</p>
        <p className="text-sm text-muted">{t('home.noDeadlinesHelp')}</p>
      </div>
    )
  return (
    <ul className="rounded-md border border-line">
      {rows.map(({ id, on, still, icon, word, aside, link }) => (
        <li key={id} className="flex flex-wrap items-start gap-x-6 gap-y-1 border-b border-line px-4 py-2.5 last:border-b-0">
          <div className="flex max-w-4xl min-w-0 flex-1 basis-64 items-start gap-2">
            <Icon name={icon} className="mt-1 size-5 text-muted" />
            <div className="min-w-0">
              <Link {...link} className="inline-flex min-h-6 items-center font-bold touch:min-h-11">
                {word}
              </Link>
              {aside && (
                <p className="text-sm text-muted">
                  <TypedText text={aside} />
                </p>
              )}
            </div>
          </div>
          <p className="w-full text-sm sm:w-72 sm:shrink-0">
            <Due on={on} today={today} still={still} />
          </p>
        </li>
      ))}
    </ul>
  )
}
