// What was answered: how many rows have which outcome, the rows of one of them, and the way out as a sheet.
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { OUTCOMES, type Question, type QuestionRow, type StatusFilter, type StatusReport, type StatusRow } from '../../graphql/status-check'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { keepNumbers } from '../../lib/bulk-selection'
import { formatCorporateNumber, formatCount, formatDate, formatDeclarationNumber, formatInstant, today } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { MOST_ROWS, PAGE_SIZE } from '../../lib/search-params'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { StarMark } from '../chips'
import { ExportButton } from '../export-button'
import { type RowColumn, RowTable } from '../operations/row-table'
import { useSession } from '../session'
import { NameChip, OutcomeChip } from './chips'
import { tabClass } from '../../ui/tab'

/** Whether it is the declaration that was asked about: only then somebody means it. */
const canBeChanged = ({ outcome, number }: StatusRow) => number !== undefined && ['valid', 'stopped', 'superseded', 'not_yet_declared'].includes(outcome)

interface Row extends StatusRow {
  key: string
  asked: QuestionRow | undefined
}

interface Props {
  report: StatusReport
  /** What was asked: the sheet is asked for with it once more. */
  question: Question
  filter: StatusFilter | undefined
  shown: number
}

export function Answers({ report, question, filter, shown }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/status-check' })
  const session = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  // The answer is what was waited for; each has a place of its own.
  useEffect(() => heading.current?.focus(), [])
  const language = currentLanguage()
  const columns = useColumns()
  const fits = (row: StatusRow) => {
    if (filter === undefined) return true
    return filter === 'other_name' ? row.name.result === 'other_spelling' || row.name.result === 'differs' : row.outcome === filter
  }
  const rows = report.rows.map((row, at): Row => ({ ...row, key: String(at), asked: question.rows[at] })).filter(fits)
  const most = Math.min(rows.length, MOST_ROWS)
  const numbers = [...new Set(rows.filter(canBeChanged).map((row) => row.number ?? ''))]
  const change = () => {
    keepNumbers(numbers)
    void navigate({ to: '/bulk-changes/new', search: { by: 'numbers' } })
  }
  const choose = (next: StatusFilter | undefined) => void navigate({ search: { outcome: next }, replace: true, resetScroll: false })
  const more = () => void navigate({ search: { outcome: filter, shown: shown + PAGE_SIZE * 4 }, replace: true, resetScroll: false })
  return (
    <section aria-labelledby="answers" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id="answers" ref={heading} tabIndex={-1} className="text-lg">
          {t('statusCheck.answers')}
        </h2>
        <p className="num text-sm whitespace-normal text-muted">{t('statusCheck.asOf', { day: formatDate(report.date, language, 'dateWithDay'), when: formatInstant(report.checkedAt, language) })}</p>
      </div>
      <Filter report={report} filter={filter} onChoose={choose} />
      <div className="flex flex-wrap gap-2">
        {(['xlsx', 'csv'] as const).map((kind) => (
          <ExportButton key={kind} small file={`status-check.${kind}`} question={question} saveAs={() => `status-check-${today().replaceAll('-', '')}.${kind}`} word={t(`statusCheck.download.${kind}`)} />
        ))}
        {may(session, 'CHANGE_MANY') && (
          <Button size="sm" icon="edit" reason={numbers.length === 0 ? t('statusCheck.bulkNone') : undefined} onClick={change}>
            {t('statusCheck.bulk', { total: formatCount(numbers.length, language) })}
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="rounded-md border border-line px-4 py-6">{t('statusCheck.noneOfThese')}</p>
      ) : (
        <RowTable label={t('statusCheck.table')} columns={columns} rows={rows.slice(0, Math.min(shown, most)).map((row) => ({ ...row, id: row.key, declaration: row.id }))} printed />
      )}
      {rows.length > shown && shown < most && (
        <div data-print="hide">
          <Button data-more onClick={more}>
            {t('action.more')}
          </Button>
        </div>
      )}
      <p role="status" className="num text-sm whitespace-normal text-muted">
        {rows.length > most && shown >= most ? t('statusCheck.most', { shown: formatCount(most, language) }) : t('statusCheck.shown', { shown: formatCount(Math.min(shown, rows.length), language), all: formatCount(rows.length, language) })}
      </p>
    </section>
  )
}

/** How many rows have which outcome; pressed, the others are left out. */
function Filter({ report, filter, onChoose }: { report: StatusReport; filter: StatusFilter | undefined; onChoose: (filter: StatusFilter | undefined) => void }) {
  const { t } = useTranslation()
  const count = (number: number) => <span className="num min-w-3 text-right text-muted">{formatCount(number, currentLanguage())}</span>
  return (
    <div role="group" aria-label={t('statusCheck.filters')} className="flex flex-wrap gap-1">
      <button type="button" aria-pressed={filter === undefined} onClick={() => onChoose(undefined)} className={tabClass}>
        {t('statusCheck.all')}
        {count(report.rows.length)}
      </button>
      {OUTCOMES.map((outcome) => (
        <button key={outcome} type="button" aria-pressed={filter === outcome} title={t(`statusCheck.outcomeHelp.${outcome}`)} onClick={() => onChoose(filter === outcome ? undefined : outcome)} className={tabClass}>
          {t(`statusCheck.outcome.${outcome}`)}
          {count(report.counts[outcome])}
        </button>
      ))}
      <button type="button" aria-pressed={filter === 'other_name'} title={t('statusCheck.otherNameHelp')} onClick={() => onChoose(filter === 'other_name' ? undefined : 'other_name')} className={tabClass}>
        {t('statusCheck.otherName')}
        {count(report.otherNames)}
      </button>
    </div>
  )
}

type Shown = Omit<Row, 'id'> & { id: string; declaration: string | undefined }

function useColumns(): RowColumn<Shown>[] {
  const { t } = useTranslation()
  const day = (date: string) => formatDate(date, currentLanguage())
  return [
    { id: 'line', word: t('statusCheck.cell.line'), width: 'w-16', cell: (row) => <span className="num">{row.line}</span> },
    { id: 'asked', word: t('statusCheck.cell.asked'), width: 'w-64', cell: (row) => <AskedCell row={row} /> },
    {
      id: 'outcome',
      word: t('statusCheck.cell.outcome'),
      width: 'w-72',
      cell: (row) => (
        <>
          <OutcomeChip outcome={row.outcome} />
          {row.problems?.map((problem) => (
            <p key={`${problem.field} ${problem.code}`} className="mt-1 font-bold text-bad">
              <TypedText text={(['number', 'corporateNumber', 'name', 'date'] as const).includes(problem.field as 'number') ? `${t(`statusCheck.what.${problem.field as 'number'}`)}${t('statusCheck.colon')}${problemText(problem)}` : problemText(problem)} />
            </p>
          ))}
          {row.stoppedSince && <p className="num mt-1">{t('statusCheck.stoppedSince', { day: day(row.stoppedSince) })}</p>}
          {row.outcome === 'stopped' && !row.stoppedSince && <p className="mt-1">{t('statusCheck.stoppedUnknown')}</p>}
          {row.stop && row.stop !== 'stopped' && <p>{t(`statusCheck.stop.${row.stop}`)}</p>}
          {row.supersededBy && <p className="num mt-1">{t('statusCheck.supersededBy', { number: formatDeclarationNumber(row.supersededBy) })}</p>}
        </>
      ),
    },
    { id: 'stars', word: t('statusCheck.cell.stars'), width: 'w-28', cell: (row) => (row.outcome === 'valid' ? <StarMark star={row.stars === undefined ? null : row.stars === 2 ? 'TWO' : 'ONE'} /> : null) },
    {
      id: 'declaration',
      word: t('statusCheck.cell.declaration'),
      width: 'w-44',
      cell: (row) =>
        row.declaration === undefined ? null : (
          <>
            <Link to="/declarations/$id" params={{ id: row.declaration }} search={{ asOf: row.date === today() ? undefined : row.date }} className="num">
              {formatDeclarationNumber(row.number ?? t('statusCheck.open'))}
            </Link>
            {row.declaredOn && <p className="num">{t('statusCheck.declaredOn', { day: day(row.declaredOn) })}</p>}
          </>
        ),
    },
    {
      id: 'name',
      word: t('statusCheck.cell.name'),
      width: 'w-72',
      cell: (row) => (
        <>
          <NameChip result={row.name.result} />
          {row.name.onRecord !== undefined && (
            <p className="mt-1">
              {t('statusCheck.onRecord')} <TypedText text={row.name.onRecord} />
            </p>
          )}
        </>
      ),
    },
  ]
}

/** As it was typed, and where that is a number, grouped for the eye. */
function AskedCell({ row }: { row: Shown }) {
  const { t } = useTranslation()
  const { number, corporateNumber, name } = row.asked ?? {}
  return (
    <>
      {number !== undefined && (
        <p className="num">
          <TypedText text={formatDeclarationNumber(number.slice(0, 100))} />
        </p>
      )}
      {corporateNumber !== undefined && (
        <p className="num">
          <TypedText text={formatCorporateNumber(corporateNumber.slice(0, 100))} />
        </p>
      )}
      {name !== undefined && (
        <p className="line-clamp-2">
          <TypedText text={name.slice(0, 200)} />
        </p>
      )}
      {row.date !== undefined && <p className="num text-muted">{t('statusCheck.onDay', { day: formatDate(row.date, currentLanguage()) })}</p>}
    </>
  )
}
