// The frame of the pages of the audit: which of them, of which time, the question, and what came of it.
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Fault } from '../../graphql/execute'
import { staffAccountsQuery } from '../../graphql/staff'
import type { ReadsSearch, SecuritySearch } from '../../lib/search-params'
import { LoadingBar } from '../../ui/loading'
import { useRowKeys } from '../declarations/row-keys'
import { FaultBand, FaultPage } from '../fault'
import { PrintedBy } from '../printed-by'
import { AuditHead, type AuditView } from './page-head'
import { TimeChoice } from './time-choice'

interface Props {
  current: AuditView
  lead: string
  question: ReadsSearch & SecuritySearch
  /** What the question is answered with. */
  answer: Pick<UseQueryResult, 'error' | 'isFetching'>
  children: ReactNode
}

export function AuditPage({ current, lead, question, answer, children }: Props) {
  const { t } = useTranslation()
  const accounts = useQuery(staffAccountsQuery)
  useRowKeys()
  if (answer.error instanceof Fault && answer.error.code === 'FORBIDDEN') return <FaultPage error={answer.error} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={answer.isFetching || accounts.isPending} />
      <AuditHead current={current} lead={lead} question={question} />
      {accounts.error && !accounts.data && <FaultBand error={accounts.error} lead={t('audit.noAccounts')} onRetry={() => void accounts.refetch()} />}
      <TimeChoice to={current} question={question} />
      {children}
      <PrintedBy />
    </div>
  )
}
