// Deadlines that are to come, or that have passed.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { deadlinesQuery } from '../../graphql/calendar'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type DeadlinePartsFragment, DeadlinePartsFragmentDoc, type DeadlineScope } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { SCOPES } from '../../lib/search-params'
import { Button, buttonClass, CHOICE_LINK } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { whenWord } from './words'

/** `noRight`: why the reader may change nothing. */
export function DeadlineList({ scope, noRight }: { scope: DeadlineScope; noRight: string | undefined }) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(deadlinesQuery(scope))
  const rows = data?.pages.flatMap((page) => page.nodes.map((node) => readFragment(DeadlinePartsFragmentDoc, node)))
  const total = data?.pages[0]?.total
  return (
    <section aria-labelledby="deadlines" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="deadlines" className="text-lg">
          {t('deadline.title')}
        </h2>
        <Scopes scope={scope} />
        {total !== undefined && (
          <span role="status" className="text-sm text-muted">
            {t('deadline.total', { total: formatCount(total, currentLanguage()) })}
          </span>
        )}
        <Actions noRight={noRight} />
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 && <Empty scope={scope} />}
      {!rows && !error && <Loading />}
      {rows && rows.length > 0 && <Rows rows={rows} noRight={noRight} />}
      {hasNextPage && (
        <div data-print="hide">
          <Button onClick={() => void fetchNextPage()} reason={isFetchingNextPage ? t('app.loading') : undefined}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Scopes({ scope }: { scope: DeadlineScope }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('deadline.scope')} className="flex gap-1" data-print="hide">
      {SCOPES.map((value) => (
        <Link
          key={value}
          from="/settings/calendar"
          to="/settings/calendar"
          search={(old) => ({ ...old, scope: value === 'PAST' ? value : undefined })}
          resetScroll={false}
          // Said by what is shown, not by the address: a sheet over the list has an address of its own.
          activeProps={{ 'aria-current': value === scope ? 'page' : undefined }}
          inactiveProps={{ 'aria-current': value === scope ? 'page' : undefined }}
          className={CHOICE_LINK}
        >
          {t(`deadline.${value}`)}
        </Link>
      ))}
    </nav>
  )
}

function Actions({ noRight }: { noRight: string | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="ml-auto flex flex-wrap gap-2" data-print="hide">
      {noRight === undefined ? (
        <>
          <Link to="/settings/calendar/deadlines/new" search={true} resetScroll={false} className={buttonClass('primary')}>
            <Icon name="plus" />
            {t('deadline.add')}
          </Link>
          <Link to="/settings/calendar/import" search={true} resetScroll={false} className={buttonClass('secondary')}>
            {t('deadline.import')}
          </Link>
        </>
      ) : (
        <>
          <Button look="primary" icon="plus" reason={noRight}>
            {t('deadline.add')}
          </Button>
          <Button reason={noRight}>{t('deadline.import')}</Button>
        </>
      )}
    </div>
  )
}

function Empty({ scope }: { scope: DeadlineScope }) {
  const { t } = useTranslation()
  return (
    <div className="rounded-md border border-line px-4 py-6">
      <p className="font-bold">{t(scope === 'PAST' ? 'deadline.emptyPast' : 'deadline.emptyUpcoming')}</p>
      {scope === 'UPCOMING' && <p className="text-sm text-muted">{t('deadline.emptyUpcomingHelp')}</p>}
    </div>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-3" aria-busy="true">
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} className="h-8 w-full" />
      ))}
    </div>
  )
}

const CELL = 'border-b border-line px-3 py-2 text-left align-top'

function Rows({ rows, noRight }: { rows: DeadlinePartsFragment[]; noRight: string | undefined }) {
  const { t } = useTranslation()
  return (
    <div role="region" aria-label={t('deadline.list')} className="relative overflow-x-auto">
      <table className="w-full min-w-3xl border-collapse text-sm leading-normal">
        <thead>
          <tr>
            {(['when', 'name', 'source', 'note', 'actions'] as const).map((column) => (
              <th key={column} scope="col" className={`${CELL} bg-surface font-bold whitespace-nowrap`}>
                {t(`deadline.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} id={`deadline-${row.id}`}>
              <td className={`${CELL} num`}>{whenWord(row, t)}</td>
              <th scope="row" className={`${CELL} min-w-48 font-bold`}>
                <TypedText text={row.name} />
              </th>
              <td className={`${CELL} min-w-40`}>
                <SourceWord source={row.source} />
              </td>
              <td className={`${CELL} min-w-40 whitespace-pre-wrap`}>
                <TypedText text={row.note} />
              </td>
              <td className={CELL}>
                {noRight === undefined ? (
                  <Link to="/settings/calendar/deadlines/$id" params={{ id: row.id }} search={true} resetScroll={false} aria-label={t('deadline.changeNamed', { name: row.name })} className={buttonClass('secondary', false, 'sm')}>
                    {t('deadline.change')}
                  </Link>
                ) : (
                  <Button size="sm" reason={noRight} aria-label={t('deadline.changeNamed', { name: row.name })}>
                    {t('deadline.change')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Only what begins with https:// is a link; the server lets nothing else that looks like an address pass. */
function SourceWord({ source }: { source: string }) {
  const { t } = useTranslation()
  if (!source.startsWith('https://')) return <TypedText text={source} />
  return (
    <a href={source} target="_blank" rel="noreferrer noopener" className="break-all">
      <TypedText text={source} />
      <span className="sr-only">{t('deadline.opensElsewhere')}</span>
    </a>
  )
}
