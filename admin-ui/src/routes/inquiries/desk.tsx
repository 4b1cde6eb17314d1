// 問い合わせ: the queues, the list and the thread beside each other. What is open, what is looked for and in which order stand in the address.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChooseRows } from '../../components/declarations/choose-rows'
import { useRowKeys } from '../../components/declarations/row-keys'
import { FaultBand, FaultBlock } from '../../components/fault'
import { BulkOutcomes, type BulkResults, InquiryBulkBar } from '../../components/inquiries/bulk'
import { useColleagues } from '../../components/inquiries/colleagues'
import { ListHead } from '../../components/inquiries/list-head'
import { DeskPlaces, Queues } from '../../components/inquiries/queues'
import { InquiryRows } from '../../components/inquiries/rows'
import { Thread } from '../../components/inquiries/thread'
import { DeskViews } from '../../components/inquiries/views'
import { useDeskWatch } from '../../components/inquiries/watching'
import { More } from '../../components/more'
import { useMoreRows } from '../../components/more-rows'
import { PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { RefusedQuestion } from '../../graphql/declarations'
import type { InquiryQueue, InquirySort } from '../../graphql/gql/graphql'
import { inquiriesQuery } from '../../graphql/inquiries'
import { may } from '../../graphql/session'
import { isOfOne, QUEUES, TAGS } from '../../lib/inquiries'
import { useKeys } from '../../lib/keys'
import { problemText } from '../../lib/problem-text'
import { PAGE_SIZE } from '../../lib/search-params'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { LoadingBar } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/inquiries')

/** No inquiry: whoever the lists name. */
const NOBODY = { assignee: null, assigneeId: null }

/** Where somebody waits for us, what is due first stands first. */
const usualSort = (queue: InquiryQueue): InquirySort => (queue === 'MINE' || queue === 'UNASSIGNED' || queue === 'OPEN' || queue === 'BREACHED' ? 'DUE' : 'NEWEST')

/** What the address asks for. */
function useQuestion() {
  const session = useSession()
  const search = route.useSearch()
  const queue = QUEUES.find((item) => item === search.queue) ?? (may(session, 'MANAGE_INQUIRIES') ? 'MINE' : 'OPEN')
  // Words are compared with what people wrote: whoever may not see that is not refused the list for it.
  const q = may(session, 'READ_PERSONAL') ? search.q : undefined
  return { queue, q, tag: TAGS.find((item) => item === search.tag), staff: isOfOne(queue) ? undefined : search.staff, sort: search.sort ?? usualSort(queue) }
}

function Empty({ queue, isNarrowed }: { queue: InquiryQueue; isNarrowed: boolean }) {
  const { t } = useTranslation()
  const search = route.useSearch()
  return (
    <div className="flex flex-col items-start gap-2 px-4 py-6">
      <h2 className="text-base">{isNarrowed ? t('inquiries.noneFound') : t(`inquiries.empty.${queue}`)}</h2>
      <p className="text-sm text-muted">{isNarrowed ? t('inquiries.noneFoundHelp') : t(`inquiries.emptyHelp.${queue}`)}</p>
      {isNarrowed && queue !== 'ALL' && (
        <Link to="/inquiries" search={{ queue: 'ALL', q: search.q, tag: search.tag, staff: search.staff }} className={buttonClass('secondary', false, 'sm')}>
          {t('inquiries.searchAll')}
        </Link>
      )}
      {!isNarrowed && queue === 'MINE' && (
        <Link to="/inquiries" search={{ queue: 'UNASSIGNED' }} className={buttonClass('secondary', false, 'sm')}>
          {t('inquiries.toUnassigned')}
        </Link>
      )}
    </div>
  )
}

function Nothing() {
  const { t } = useTranslation()
  return (
    <div className="m-auto max-w-md px-4 py-10 text-center">
      <h2 className="text-base">{t('inquiries.chooseTitle')}</h2>
      <p className="text-sm text-muted">{t('inquiries.choose')}</p>
    </div>
  )
}

export default function InquiryDeskPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const question = useQuestion()
  const { id, shown = PAGE_SIZE } = search
  const list = useInfiniteQuery(inquiriesQuery(question, shown))
  useWindowTitle(t(`inquiries.queue.${question.queue}`), t('inquiries.title'))
  useRowKeys()
  useDeskWatch()
  const close = () => void navigate({ search: (old) => ({ ...old, id: undefined, do: undefined }), resetScroll: false })
  useKeys({ u: () => id !== undefined && close() })
  const rows = list.data?.pages.flatMap((page) => page.rows)
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  const mayWork = may(useSession(), 'MANAGE_INQUIRIES')
  // In memory: other rows are another choice, and a reload begins with none.
  const choosing = useChooseRows({ queue: question.queue, q: question.q, tag: question.tag, staff: question.staff }, rows?.map((row) => row.id) ?? [], mayWork)
  const [results, setResults] = useState<BulkResults>()
  const shownRows = { rows, stale: list.isPlaceholderData, openId: id, choosing: mayWork ? choosing : undefined }
  const isNarrowed = question.q !== undefined || question.tag !== undefined || question.staff !== undefined
  const { colleagues } = useColleagues(NOBODY)
  const staffName = question.staff && (colleagues.find((it) => it.id === question.staff)?.name ?? t('inquiries.otherStaff'))
  return (
    <div className="flex min-w-0 flex-col md:h-[calc(100dvh-3.5rem)] [@media(max-height:480px)]:md:h-auto xl:flex-row">
      <LoadingBar busy={list.isFetching} />
      <div className={`flex shrink-0 flex-col gap-2 border-line px-3 py-2.5 max-xl:border-b xl:w-46 xl:border-r ${id ? 'max-md:border-0 max-md:p-0' : ''}`} data-print="hide">
        <PageHeading className={`text-xl ${id ? 'max-md:sr-only' : ''}`}>{t('inquiries.title')}</PageHeading>
        <div className={`flex flex-col gap-2 ${id ? 'max-md:hidden' : ''}`}>
          <Queues chosen={question.queue} search={search} />
          <DeskViews search={search} shown={{ ...question, staff: staffName }} />
          <DeskPlaces />
        </div>
      </div>
      <div className="flex min-h-0 min-w-0 flex-1">
        <div className={`flex w-full min-w-0 shrink-0 flex-col border-line md:w-80 md:border-r min-[1800px]:w-104 ${id ? 'max-md:hidden' : ''}`} data-print="hide">
          <ListHead {...question} colleagues={colleagues} onChange={(change) => void navigate({ search: (old) => ({ ...old, ...change, shown: undefined }), replace: true, resetScroll: false })} />
          {list.error instanceof RefusedQuestion && (
            <Band tone="warn" role="alert">
              <TypedText text={list.error.problems.map(problemText).join(' ')} />
            </Band>
          )}
          {list.error && !(list.error instanceof RefusedQuestion) && list.data && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
          {results && <BulkOutcomes key={results.stamp} results={results} onClose={() => setResults(undefined)} />}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
          <section aria-label={t('inquiries.list')} tabIndex={0} className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]">
            {list.error && !list.data && !(list.error instanceof RefusedQuestion) && <FaultBlock error={list.error} onRetry={() => void list.refetch()} />}
            {rows?.length === 0 && !list.isPlaceholderData && <Empty queue={question.queue} isNarrowed={isNarrowed} />}
            {!list.error && rows?.length !== 0 && <InquiryRows {...shownRows} />}
            {list.error && loaded > 0 && <InquiryRows {...shownRows} />}
            <More list={list} loaded={loaded} onMore={onMore} className="px-3 py-3" />
          </section>
          {mayWork && <InquiryBulkBar rows={rows ?? []} choosing={choosing} onResults={setResults} />}
        </div>
        <div aria-label={t('inquiries.thread')} role="group" className={`flex min-w-0 flex-1 flex-col ${id ? '' : 'max-md:hidden'}`}>
          {id ? <Thread key={id} id={id} newest={rows?.find((row) => row.id === id)?.version} onBack={close} /> : <Nothing />}
        </div>
      </div>
    </div>
  )
}
