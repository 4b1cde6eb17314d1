// 統計: how many declarations there are on a day, and of which kind. Everything that is asked stands in the URL.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { problemsOf } from '../components/audit/refused'
import { ExportButton } from '../components/export-button'
import { FaultBand, FaultPage } from '../components/fault'
import { Bars } from '../components/figures/bars'
import { MonthChart } from '../components/figures/month-chart'
import { FigureQuestionForm } from '../components/figures/question'
import { MonthFigures, RowFigures } from '../components/figures/tables'
import { counted } from '../components/figures/words'
import { PageHeading, useWindowTitle } from '../components/page'
import { PrintedBy } from '../components/printed-by'
import { Fault } from '../graphql/execute'
import { type FigureQuestion, type FigureSheet, figuresQuery, readQuestion, SPLITS } from '../graphql/figures'
import { currentLanguage } from '../i18n'
import { formatDate, formatEra, today } from '../lib/format'
import { problemText } from '../lib/problem-text'
import { CHOICE_LINK } from '../ui/button'
import { Band } from '../ui/band'
import { LoadingBar, Skeleton } from '../ui/loading'

const route = getRouteApi('/shell/figures')

export default function FiguresPage() {
  const { t } = useTranslation()
  useWindowTitle(t('nav.figures'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { question, noDay, noSplit } = readQuestion(search)
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({ ...figuresQuery(question), enabled: !noDay })
  const problems = problemsOf(error)
  if (error instanceof Fault && error.code === 'FORBIDDEN') return <FaultPage error={error} />
  const dayError = noDay ? t('day.unreadable') : problems[0] && problemText(problems[0])
  const ask = (change: Partial<FigureQuestion>) => void navigate({ search: { ...question, ...change }, replace: true, resetScroll: false })
  // What was asked before is no answer to a question that is refused.
  const shown = dayError || error ? undefined : data
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={isFetching} />
      <div className="flex flex-col gap-2">
        <PageHeading>{t('nav.figures')}</PageHeading>
        <p className="max-w-4xl text-sm text-muted">{t('figures.lead')}</p>
      </div>
      {/* Typed text begins anew with another address. */}
      <FigureQuestionForm key={search.asOf ?? ''} asOf={search.asOf} question={question} error={dayError} onAsk={ask} />
      {noSplit && (
        <Band tone="warn">
          <p>{t('figures.noSplit')}</p>
        </Band>
      )}
      {error && problems.length === 0 && <FaultBand error={error} onRetry={() => void refetch()} />}
      {!dayError && !error && <Sheet sheet={shown} stale={isPlaceholderData} question={question} />}
      <PrintedBy />
    </div>
  )
}

function Sheet({ sheet, stale, question }: { sheet: FigureSheet | undefined; stale: boolean; question: FigureQuestion }) {
  const { t } = useTranslation()
  const none = sheet && sheet.live.total + sheet.stopped + sheet.replaced === 0
  return (
    <div aria-busy={stale || !sheet} className={`flex flex-col gap-5 ${stale ? 'opacity-60' : ''}`}>
      <Notices sheet={sheet} />
      <Totals sheet={sheet} day={sheet?.asOf ?? question.asOf ?? today()} />
      <Splits question={question} />
      {none ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('figures.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t('figures.empty')}</p>
        </div>
      ) : (
        <Split sheet={sheet} question={question} />
      )}
    </div>
  )
}

/** What has to be known of the numbers before they are read. */
function Notices({ sheet }: { sheet: FigureSheet | undefined }) {
  const { t } = useTranslation()
  if (!sheet) return null
  return (
    <>
      {sheet.planned && (
        <Band tone="info">
          <p>{t('figures.planned')}</p>
        </Band>
      )}
      {sheet.state !== 'CURRENT' && (
        <Band tone="warn">
          <p>{t(`figures.state.${sheet.state}`)}</p>
        </Band>
      )}
    </>
  )
}

const dayWord = (day: string) => (currentLanguage() === 'ja' ? `${formatDate(day, 'ja', 'dateWithDay')} ${formatEra(day)}` : formatDate(day, 'en', 'dateWithDay'))

function Totals({ sheet, day }: { sheet: FigureSheet | undefined; day: string }) {
  const { t } = useTranslation()
  const total = (term: string, value: number | undefined) => (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{term}</dt>
      <dd className="num text-2xl leading-snug font-bold">{value === undefined ? <Skeleton className="w-24" /> : t('figures.count', { count: value, number: counted(value) })}</dd>
    </div>
  )
  return (
    <section aria-labelledby="figure-totals" className="flex flex-col gap-2" data-print="keep">
      <h2 id="figure-totals" className="text-base">
        {t('figures.onDay', { day: dayWord(day) })}
      </h2>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        {total(t('figures.live'), sheet?.live.total)}
        {total(t('figures.one'), sheet?.live.one)}
        {total(t('figures.two'), sheet?.live.two)}
        {sheet && sheet.live.unknown > 0 && total(t('figures.unknownStar'), sheet.live.unknown)}
        {total(t('figures.stopped'), sheet?.stopped)}
        {total(t('figures.replaced'), sheet?.replaced)}
      </dl>
    </section>
  )
}

function Splits({ question }: { question: FigureQuestion }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('figures.splits')} className="flex flex-wrap gap-1" data-print="hide">
      {SPLITS.map((by) => {
        const mark = { 'aria-current': by === question.by ? ('page' as const) : undefined }
        return (
          <Link
            key={by}
            to="/figures"
            search={{ ...question, by }}
            replace
            resetScroll={false}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={mark}
            inactiveProps={mark}
            className={CHOICE_LINK}
          >
            {t(`figures.by.${by}`)}
          </Link>
        )
      })}
    </nav>
  )
}

function Split({ sheet, question }: { sheet: (FigureSheet & { question?: FigureQuestion }) | undefined; question: FigureQuestion }) {
  const { t } = useTranslation()
  if (!sheet) return <Skeleton className="h-72 w-full max-w-4xl" />
  // While another answer is on its way, what is shown is still of the question before.
  const { by } = sheet.question ?? question
  const title = t(`figures.title.${by}`)
  const asked = Object.fromEntries(Object.entries({ ...question, asOf: sheet.asOf }).filter(([, value]) => value !== undefined)) as Record<string, string>
  return (
    <section aria-labelledby="figure-split" className="flex flex-col gap-4">
      <h2 id="figure-split" className="text-base">
        {title}
      </h2>
      <p className="max-w-4xl text-sm text-muted">{t(by === 'MONTH' ? 'figures.monthHelp' : 'figures.liveHelp')}</p>
      {by === 'MONTH' ? <MonthChart months={sheet.months} label={t('figures.chart', { title })} /> : <Bars by={by} rows={sheet.rows} label={t('figures.chart', { title })} />}
      <ExportButton file="figures.csv" question={asked} saveAs={() => `figures-${by.toLowerCase()}-${sheet.asOf.replaceAll('-', '')}.csv`} word={t('figures.download')} small />
      {by === 'MONTH' ? <MonthFigures months={sheet.months} label={title} /> : <RowFigures by={by} sheet={sheet} label={title} />}
    </section>
  )
}
