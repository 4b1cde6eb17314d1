// 監査 › ログインと権限の記録: what happened to ways in, the newest first. Everything that decides what is shown stands in the URL.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Asked } from '../../components/audit/asked'
import { MoreReads } from '../../components/audit/more-reads'
import { AuditPage } from '../../components/audit/page'
import { QuestionForm } from '../../components/audit/question-form'
import { problemsOf, Refused } from '../../components/audit/refused'
import { AuditOnly } from '../../components/audit/right'
import { KindChoice, SecurityRows } from '../../components/audit/security-rows'
import { FaultBand } from '../../components/fault'
import { useMoreRows } from '../../components/more-rows'
import { kindOf, type SecurityQuestion, securityQuery } from '../../graphql/security'
import { staffAccountsQuery } from '../../graphql/staff'
import { PAGE_SIZE, type SecuritySearch } from '../../lib/search-params'

const route = getRouteApi('/shell/audit/security')

export default function SecurityPage() {
  return (
    <AuditOnly>
      <RecordsOf />
    </AuditOnly>
  )
}

const same = (one: SecurityQuestion, other: SecurityQuestion) => (['span', 'from', 'until', 'staff', 'kind'] as const).every((key) => one[key] === other[key])

function RecordsOf() {
  const { t } = useTranslation()
  const { shown = PAGE_SIZE, kind: kindText, ...asked } = route.useSearch()
  const question: SecurityQuestion = { ...asked, kind: kindOf(kindText) }
  const navigate = route.useNavigate()
  const accounts = useQuery(staffAccountsQuery)
  const list = useInfiniteQuery(securityQuery(question, shown))
  const problems = problemsOf(list.error)
  const ask = ({ span, from, until, staff }: SecuritySearch) => {
    const next = { span, from, until, staff, kind: question.kind }
    // The same once more: what has come since.
    if (same(question, next)) void list.refetch()
    else void navigate({ search: next, replace: true, resetScroll: false })
  }
  return (
    <AuditPage current="/audit/security" lead={t('audit.security.lead')} question={question} answer={list}>
      <QuestionForm
        question={question}
        accounts={accounts.data?.accounts}
        withoutNumber
        before={<KindChoice kind={question.kind} onChange={(kind) => void navigate({ search: { ...question, kind }, replace: true, resetScroll: false })} />}
        problems={problems}
        onAsk={ask}
      />
      {problems.length > 0 ? (
        <Refused problems={problems} />
      ) : list.error && !list.data ? (
        <FaultBand error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Found list={list} question={question} shown={shown} accounts={accounts.data?.accounts} />
      )}
    </AuditPage>
  )
}

const useRecords = (question: SecurityQuestion) => useInfiniteQuery(securityQuery(question))

interface FoundProps {
  list: ReturnType<typeof useRecords>
  question: SecurityQuestion
  shown: number
  accounts: Parameters<typeof Asked>[0]['accounts']
}

function Found({ list, question, shown, accounts }: FoundProps) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const pages = list.data?.pages
  const rows = pages?.flatMap((page) => page.nodes)
  const loaded = rows?.length ?? 0
  const show = (next: number) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })
  const onMore = useMoreRows(list, { loaded, shown, show })
  return (
    <>
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      <Asked question={question} accounts={accounts} range={list.isPlaceholderData ? undefined : pages?.[0]?.range} />
      {rows?.length === 0 ? (
        <div className={`rounded-md border border-line px-4 py-6 ${list.isPlaceholderData ? 'opacity-60' : ''}`}>
          <h2 className="text-base">{t('audit.security.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t('audit.security.empty')}</p>
        </div>
      ) : (
        <SecurityRows rows={rows} question={question} stale={list.isPlaceholderData} />
      )}
      {loaded > 0 && (
        <MoreReads
          loaded={loaded}
          lookedBackTo={undefined}
          error={list.isFetchNextPageError ? list.error : undefined}
          busy={list.isFetchingNextPage}
          hasMore={list.hasNextPage}
          onMore={onMore}
          onFurther={async () => (await list.fetchNextPage()).hasNextPage}
        />
      )}
    </>
  )
}
