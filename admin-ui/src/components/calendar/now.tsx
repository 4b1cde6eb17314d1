// What holds right now: open or not, the next deadline, the hours.
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { calendarNowQuery } from '../../graphql/calendar'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { Button, buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { whenWord } from './words'

/** `noRight`: why the reader may change nothing. */
export function CalendarNow({ noRight }: { noRight: string | undefined }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(calendarNowQuery)
  if (error && !data) return <FaultBand error={error} onRetry={() => void refetch()} />
  const { opening, hours, nextDeadline } = data ?? {}
  const language = currentLanguage()
  const openWord = () => {
    if (!opening) return ''
    if (opening.until) return t('calendar.open', { until: formatInstant(opening.until, language, 'time') })
    return opening.next ? t('calendar.closedUntil', { next: formatInstant(opening.next, language) }) : t('calendar.closed')
  }
  return (
    <section aria-label={t('calendar.now')} className="flex flex-wrap items-start gap-x-8 gap-y-3 rounded-md border border-line bg-surface px-4 py-3">
      <p className="flex min-h-10 items-center gap-2 font-bold">
        <Icon name={opening?.open ? 'check' : 'clock'} className="size-5" />
        {opening ? openWord() : <Skeleton className="w-48" />}
      </p>
      <dl className="flex min-w-0 flex-1 basis-72 flex-wrap gap-x-8 gap-y-2 text-sm">
        <div className="min-w-0">
          <dt className="text-muted">{t('calendar.nextDeadline')}</dt>
          <dd>
            {!data && <Skeleton className="w-48" />}
            {data && !nextDeadline && t('calendar.noNextDeadline')}
            {nextDeadline && (
              <>
                <span className="num">{whenWord(nextDeadline, t)}</span> <TypedText text={nextDeadline.name} />
              </>
            )}
          </dd>
        </div>
        <div className="min-w-0">
          <dt className="text-muted">{t('calendar.hours')}</dt>
          <dd>
            {hours ? (
              <>
                <span className="num">{t('calendar.hoursText', { opens: hours.opens, closes: hours.closes })}</span>
                {t('app.separator')}
                {t(hours.closedAtYearEnd ? 'calendar.yearEndClosed' : 'calendar.yearEndOpen')}
              </>
            ) : (
              <Skeleton className="w-64" />
            )}
          </dd>
        </div>
      </dl>
      {noRight === undefined ? (
        <Link to="/settings/calendar/hours" search={true} resetScroll={false} className={buttonClass('secondary')} data-print="hide">
          <Icon name="edit" />
          {t('calendar.changeHours')}
        </Link>
      ) : (
        <Button icon="edit" reason={noRight} data-print="hide">
          {t('calendar.changeHours')}
        </Button>
      )}
    </section>
  )
}
