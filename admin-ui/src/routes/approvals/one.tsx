// One request: what it asks for and why, until when somebody can agree, what became of it, and what the reader can decide.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApprovalChips } from '../../components/approvals/chips'
import { useDecide } from '../../components/approvals/decide'
import { ApprovalDeeds } from '../../components/approvals/deeds'
import { approvalFacts } from '../../components/approvals/facts'
import { ApprovalHistory } from '../../components/approvals/history'
import { ApprovalOutcome } from '../../components/approvals/outcome'
import { titleWord } from '../../components/approvals/words'
import { FaultBand, FaultPage } from '../../components/fault'
import { OperationFacts } from '../../components/operations/facts'
import { OperationNotFound } from '../../components/operations/not-found'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { approvalQuery, type ApprovalRecord } from '../../graphql/approvals'
import { dropDeclaration } from '../../graphql/declaration'
import { may } from '../../graphql/session'
import { useKeys } from '../../lib/keys'
import { spelledOut } from '../../lib/typed-text'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/approvals/$id')

export default function ApprovalPage() {
  const { id } = route.useParams()
  // A record of its own: nothing of the one before shows through, and the heading takes the focus anew.
  return <ApprovalOf key={id} id={id} />
}

/** Once somebody is forgotten, what this browser still holds of their declaration goes too. */
function useDropForgotten(record: ApprovalRecord | undefined) {
  const client = useQueryClient()
  const forgotten = record?.summary.status === 'CARRIED_OUT' && record.content.__typename === 'ForgetPersonContent' ? record.content.declarationId : undefined
  useEffect(() => {
    if (forgotten !== undefined) dropDeclaration(client, forgotten)
  }, [client, forgotten])
}

function ApprovalOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const session = useSession()
  const reads = may(session, 'READ_STAFF')
  // Whoever sees only their own request came from what it is about, and finds no list here.
  const seesAll = may(session, 'READ_APPROVALS')
  const deciding = useDecide(id)
  const { data, error, isPending, refetch } = useQuery(approvalQuery(id))
  const record = data ?? undefined
  const title = record && titleWord(record, t)
  useDropForgotten(record)
  useWindowTitle(title ? spelledOut(title) : undefined, t('approvals.title'))
  useKeys({ u: () => void (seesAll && navigate({ to: '/approvals' })) })
  if (data === null) return <OperationNotFound title={t('approvals.notFoundTitle')} text={t('approvals.notFound')} to="/approvals" word={t('approvals.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[...(seesAll ? [{ label: t('approvals.title'), link: { to: '/approvals' } } as const] : []), { label: title ?? '…' }]} />
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
          <PageHeading className="text-2xl">{title ? <TypedText text={title} /> : <Skeleton className="w-72" />}</PageHeading>
          {/* Said when it changes: whoever decides hears what came of it. */}
          <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            {record ? <ApprovalChips row={record.summary} /> : <Skeleton className="w-24" />}
          </p>
        </div>
        {record && <ApprovalDeeds record={record} deciding={deciding} />}
      </header>
      {record && <ApprovalOutcome record={record} fresh={deciding.decided} />}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <OperationFacts title={t('approvals.facts')} facts={approvalFacts(record, reads, t)} />
        <div className="min-w-0 border-line lg:border-l lg:pl-6">{record ? <ApprovalHistory entries={record.history} kind={record.summary.kind} /> : <Skeleton className="w-1/2" />}</div>
      </div>
    </article>
  )
}
