// 監査 › 閲覧された可能性のある人: whose data one account was shown in a time. Everything that is asked stands in the URL.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Asked } from '../../components/audit/asked'
import { AuditPage } from '../../components/audit/page'
import { QuestionForm } from '../../components/audit/question-form'
import { problemsOf, Refused } from '../../components/audit/refused'
import { AuditOnly } from '../../components/audit/right'
import { SeenCounts, SeenRecords } from '../../components/audit/seen'
import { ExportButton } from '../../components/export-button'
import { FaultBand } from '../../components/fault'
import { type ExposureFound, exposureQuery, seenInAll } from '../../graphql/audit'
import { staffAccountsQuery } from '../../graphql/staff'
import type { TimeRange } from '../../lib/audit-time'
import { today } from '../../lib/format'
import type { ExposureSearch } from '../../lib/search-params'

const route = getRouteApi('/shell/audit/exposure')

export default function ExposurePage() {
  return (
    <AuditOnly>
      <ExposureOf />
    </AuditOnly>
  )
}

const same = (one: ExposureSearch, other: ExposureSearch) => (['span', 'from', 'until', 'staff'] as const).every((key) => one[key] === other[key])

function ExposureOf() {
  const { t } = useTranslation()
  const question = route.useSearch()
  const navigate = route.useNavigate()
  const accounts = useQuery(staffAccountsQuery)
  const { data, error, isFetching, refetch } = useQuery(exposureQuery(question))
  const problems = problemsOf(error)
  const ask = ({ span, from, until, staff }: ExposureSearch) => {
    const asked = { span, from, until, staff }
    // The same once more: what has come since.
    if (same(question, asked)) void refetch()
    else void navigate({ search: asked, replace: true, resetScroll: false })
  }
  return (
    <AuditPage current="/audit/exposure" lead={t('audit.exposure.lead')} question={question} answer={{ error, isFetching }}>
      <QuestionForm question={question} accounts={accounts.data?.accounts} ofOneAccount problems={problems} onAsk={ask} />
      {error && problems.length === 0 && <FaultBand error={error} onRetry={() => void refetch()} />}
      {question.staff === undefined ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('audit.exposure.blankTitle')}</h2>
          <p className="text-sm text-muted">{t('audit.exposure.blank')}</p>
        </div>
      ) : problems.length > 0 ? (
        <Refused problems={problems} />
      ) : (
        (data ?? !error) && (
          <>
            <Asked question={question} accounts={accounts.data?.accounts} range={data?.range} exact />
            <Found staff={question.staff} found={data} />
          </>
        )
      )}
    </AuditPage>
  )
}

function Found({ staff, found }: { staff: string; found: ExposureFound | undefined }) {
  const { t } = useTranslation()
  if (found && seenInAll(found) === 0) {
    return (
      <div className="rounded-md border border-line px-4 py-6">
        <h2 className="text-base">{t('audit.exposure.emptyTitle')}</h2>
        <p className="text-sm text-muted">{t('audit.exposure.empty')}</p>
      </div>
    )
  }
  return (
    <>
      <SeenCounts found={found} />
      {/* Its room is kept while it is counted. */}
      <div className="min-h-10 touch:min-h-11" data-print="hide">{found && <Sheet key={`${staff} ${found.range.since} ${found.range.until}`} staff={staff} range={found.range} />}</div>
      <SeenRecords found={found} stale={false} />
    </>
  )
}

/** The sheet with every record, about the same time as what is shown. */
function Sheet({ staff, range: { since, until } }: { staff: string; range: TimeRange }) {
  const { t } = useTranslation()
  return <ExportButton file="exposure.csv" question={{ staff, since, until }} saveAs={() => `exposure-${today().replaceAll('-', '')}.csv`} word={t('audit.exposure.download')} />
}
