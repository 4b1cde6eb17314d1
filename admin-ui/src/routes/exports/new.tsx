// A file with the view of the list that one comes from, in a sheet: which columns, what kind of file, and what it is for.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { columnIds } from '../../components/declarations/columns'
import { countWord } from '../../components/exports/words'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { exportFields } from '../../forms/export-fields'
import { declarationsQuery, type ListQuestion, RefusedQuestion } from '../../graphql/declarations'
import type { ExportFormat, Total } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { exportLimitsQuery, EXPORTS_KEY, requestExport } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { ofList, readColumns } from '../../lib/export-columns'
import { formatEstimate } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { buttonClass } from '../../ui/button'

const route = getRouteApi('/shell/exports/new')

export default function NewExportPage() {
  const { t } = useTranslation()
  const { peek: _peek, shown: _shown, rows: _rows, cols, ...question } = route.useSearch()
  const navigate = route.useNavigate()
  const made = useRef<string>(undefined)
  const noRight = may(useSession(), 'EXPORT_DECLARATIONS') ? undefined : t('sheet.noRight', { permission: t('permission.EXPORT_DECLARATIONS') })
  const list = useInfiniteQuery({ ...declarationsQuery(question), enabled: noRight === undefined })
  const limits = useQuery({ ...exportLimitsQuery, enabled: noRight === undefined })
  const total = list.data?.pages[0]?.total
  const error = list.error ?? limits.error
  const leave = () => {
    if (made.current !== undefined) void navigate({ to: '/exports/$id', params: { id: made.current }, search: { take: 'yes' } })
    else void navigate({ to: '/declarations', search: { ...question, cols } })
  }
  const toList = (
    <Link to="/declarations" search={{ ...question, cols }} className={buttonClass()}>
      {t('exports.toList')}
    </Link>
  )
  const retry = () => void Promise.all([list.refetch(), limits.refetch()])
  return (
    <FormSheet title={t('exports.new')} onLeave={leave}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && error instanceof RefusedQuestion && (
        <div className="flex flex-col items-start gap-4 p-5">
          <p>{error.problems.map(problemText).join(' ')}</p>
          {toList}
        </div>
      )}
      {noRight === undefined && error && !(error instanceof RefusedQuestion) && <FaultBlock error={error} onRetry={retry} />}
      {noRight === undefined && !error && (!total || !limits.data) && <FormSkeleton />}
      {noRight === undefined && !error && total && limits.data && total.count === 0 && (
        <div className="flex flex-col items-start gap-4 p-5">
          <p>{t('exports.nothing')}</p>
          {toList}
        </div>
      )}
      {noRight === undefined && !error && total && limits.data && total.count > 0 && (
        <Form
          question={question}
          cols={cols}
          total={total}
          limits={limits.data}
          onMade={(id) => {
            made.current = id
          }}
        />
      )}
    </FormSheet>
  )
}

interface Props {
  question: ListQuestion
  cols: string[] | undefined
  total: Pick<Total, 'count' | 'kind'>
  limits: { approvalAbove: number; personalApprovalAbove: number }
  onMade: (id: string) => void
}

function Form({ question, cols, total, limits, onMade }: Props) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const mayPersons = may(useSession(), 'READ_PERSONAL')
  const count = total.kind === 'EXACT' ? countWord(total.count, t) : t('exports.about', { total: formatEstimate(total.count, currentLanguage()) })
  const fields = useMemo(() => exportFields({ shown: ofList(columnIds(cols)), count: total.count, limits, mayPersons }, t), [cols, limits, mayPersons, t, total.count])
  return (
    <CaseForm
      fields={fields}
      lead={t('exports.leadNew', { count })}
      word={t('exports.make')}
      send={(commandId, values) => requestExport(commandId, question, readColumns(values['columns'] ?? ''), values['format'] as ExportFormat, values['reason'] ?? '')}
      onDone={async (id) => {
        onMade(id)
        await client.invalidateQueries({ queryKey: EXPORTS_KEY })
        steps.done()
      }}
    />
  )
}
