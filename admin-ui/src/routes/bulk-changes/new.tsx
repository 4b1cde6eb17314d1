// A bulk change, in a sheet: what is to be done to the records that were chosen in the list. It is tried out before anything is changed.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countWord } from '../../components/bulk/words'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton, useSheetSteps } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { CaseForm } from '../../forms/case-form'
import { bulkFields } from '../../forms/bulk-change-fields'
import { BULK_KEY, freezeBulkChange } from '../../graphql/bulk'
import { prefecturesQuery } from '../../graphql/declarations'
import type { BulkSelectionInput } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { keptChosen, keptNumbers } from '../../lib/bulk-selection'
import { filterOf } from '../../lib/list-filters'
import { buttonClass } from '../../ui/button'

const route = getRouteApi('/shell/bulk-changes/new')

export default function NewBulkChangePage() {
  const { t } = useTranslation()
  const { by, ...question } = route.useSearch()
  const navigate = route.useNavigate()
  const made = useRef<string>(undefined)
  const [ids] = useState(keptChosen)
  const [numbers] = useState(keptNumbers)
  const { data: prefectures, error, refetch } = useQuery(prefecturesQuery)
  const noRight = may(useSession(), 'CHANGE_MANY') ? undefined : t('sheet.noRight', { permission: t('permission.CHANGE_MANY') })
  const choice = (): { selection: BulkSelectionInput; lead: string } | undefined => {
    if (by === 'filter') return { selection: { matching: { filter: filterOf(question), search: question.q } }, lead: t('bulk.chosenByFilter') }
    if (by === 'numbers') return numbers.length > 0 ? { selection: { numbers }, lead: t('bulk.chosenByNumbers', { count: countWord(numbers.length, t) }) } : undefined
    return ids.length > 0 ? { selection: { ids }, lead: t('bulk.chosenByIds', { count: countWord(ids.length, t) }) } : undefined
  }
  const chosen = choice()
  const leave = () => {
    if (made.current !== undefined) void navigate({ to: '/bulk-changes/$id', params: { id: made.current }, search: {} })
    else if (by === 'numbers') void navigate({ to: '/status-check', search: {} })
    else void navigate({ to: '/declarations', search: question })
  }
  return (
    <FormSheet title={t('bulk.new')} onLeave={leave}>
      {noRight !== undefined && <p className="p-5">{noRight}</p>}
      {noRight === undefined && chosen === undefined && (
        <div className="flex flex-col items-start gap-4 p-5">
          <p>{t('bulk.nothingChosen')}</p>
          <Link to="/declarations" search={question} className={buttonClass()}>
            {t('bulk.toList')}
          </Link>
        </div>
      )}
      {noRight === undefined && chosen !== undefined && error && <FaultBlock error={error} onRetry={() => void refetch()} />}
      {noRight === undefined && chosen !== undefined && !error && !prefectures && <FormSkeleton />}
      {noRight === undefined && chosen !== undefined && prefectures && (
        <Form
          selection={chosen.selection}
          lead={chosen.lead}
          prefectures={prefectures.map(({ name }) => name)}
          onMade={(id) => {
            made.current = id
          }}
        />
      )}
    </FormSheet>
  )
}

interface Props {
  selection: BulkSelectionInput
  lead: string
  prefectures: readonly string[]
  onMade: (id: string) => void
}

function Form({ selection, lead, prefectures, onMade }: Props) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  const fields = useMemo(() => bulkFields(prefectures, t), [prefectures, t])
  return (
    <CaseForm
      fields={fields}
      lead={lead}
      word={t('bulk.try')}
      send={(commandId, values) => freezeBulkChange(commandId, selection, values)}
      onDone={async (id) => {
        onMade(id)
        await client.invalidateQueries({ queryKey: BULK_KEY })
        steps.done()
      }}
    />
  )
}
