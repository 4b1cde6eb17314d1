// 監査 › 閲覧の記録: who was shown whose data, the newest first. Everything that decides what is shown stands in the URL.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Asked } from '../../components/audit/asked'
import { MoreReads } from '../../components/audit/more-reads'
import { AuditPage } from '../../components/audit/page'
import { QuestionForm } from '../../components/audit/question-form'
import { ReadRows } from '../../components/audit/read-rows'
import { problemsOf, Refused } from '../../components/audit/refused'
import { AuditOnly } from '../../components/audit/right'
import { FaultBand } from '../../components/fault'
import { useMoreRows } from '../../components/more-rows'
import { useSession } from '../../components/session'
import { type ReadsQuestion, readsQuery } from '../../graphql/audit'
import { may } from '../../graphql/session'
import { staffAccountsQuery } from '../../graphql/staff'
import { apiTokensQuery } from '../../graphql/tokens'
import { PAGE_SIZE, type ReadsSearch } from '../../lib/search-params'

const route = getRouteApi('/shell/audit')

export default function ReadsPage() {
  return (
    <AuditOnly>
      <ReadsOf />
    </AuditOnly>
  )
}

const same = (one: ReadsQuestion, other: ReadsSearch) => (['span', 'from', 'until', 'staff', 'number'] as const).every((key) => one[key] === other[key])

function ReadsOf() {
  const { t } = useTranslation()
  const { shown = PAGE_SIZE, ...question } = route.useSearch()
  const navigate = route.useNavigate()
  const accounts = useQuery(staffAccountsQuery)
  const seesTokens = may(useSession(), 'MANAGE_API_TOKENS')
  const tokens = useQuery({ ...apiTokensQuery, enabled: seesTokens, refetchInterval: false })
  const list = useInfiniteQuery(readsQuery(question, shown))
  const problems = problemsOf(list.error)
  const ask = (asked: ReadsSearch) => {
    // The same once more: what has come since.
    if (same(question, asked)) void list.refetch()
    else void navigate({ search: asked, replace: true, resetScroll: false })
  }
  return (
    <AuditPage current="/audit" lead={t('audit.reads.lead')} question={question} answer={list}>
      <QuestionForm question={question} accounts={accounts.data?.accounts} tokens={seesTokens ? (tokens.data ?? []) : undefined} problems={problems} onAsk={ask} />
      {problems.length > 0 ? (
        <Refused problems={problems} />
      ) : list.error && !list.data ? (
        <FaultBand error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Found list={list} question={question} shown={shown} accounts={accounts.data?.accounts} tokens={tokens.data} />
      )}
    </AuditPage>
  )
}

const useReads = (question: ReadsQuestion) => useInfiniteQuery(readsQuery(question))

interface FoundProps {
  list: ReturnType<typeof useReads>
  question: ReadsQuestion
  shown: number
  accounts: Parameters<typeof Asked>[0]['accounts']
  tokens: Parameters<typeof Asked>[0]['tokens']
}

function Found({ list, question, shown, accounts, tokens }: FoundProps) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const pages = list.data?.pages
  const rows = pages?.flatMap((page) => page.nodes)
  const last = pages?.at(-1)
  const loaded = rows?.length ?? 0
  // An answer without a row: it may take long to find one, so it goes on only when somebody says so.
  const stands = last !== undefined && last.nodes.length === 0
  const show = (next: number) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false })
  const onMore = useMoreRows({ ...list, hasNextPage: list.hasNextPage && !stands }, { loaded, shown, show })
  const isEmpty = rows?.length === 0
  return (
    <>
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <Asked question={question} accounts={accounts} tokens={tokens} range={list.isPlaceholderData ? undefined : pages?.[0]?.range} />
        <p className="text-sm text-muted max-md:hidden" data-print="hide">
          {t('operations.keys')}
        </p>
      </div>
      {isEmpty ? (
        <div className={`rounded-md border border-line px-4 py-6 ${list.isPlaceholderData ? 'opacity-60' : ''}`}>
          <h2 className="text-base">{t(list.hasNextPage ? 'audit.reads.notYetTitle' : 'audit.reads.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t(list.hasNextPage ? 'audit.reads.notYet' : 'audit.reads.empty')}</p>
        </div>
      ) : (
        <ReadRows rows={rows} question={question} stale={list.isPlaceholderData} />
      )}
      {rows && (!isEmpty || list.hasNextPage || list.isFetchNextPageError) && (
        <MoreReads
          loaded={loaded}
          lookedBackTo={stands ? last.lookedBackTo : undefined}
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
