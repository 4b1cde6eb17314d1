// 設定 › 送信: the ledger of outgoing mail. Everything that decides what is shown stands in the URL.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../../components/fault'
import { More } from '../../../components/more'
import { Attention } from '../../../components/mail/attention'
import { EmptyLedger, RefusedRows } from '../../../components/mail/empty'
import { MailPageHead } from '../../../components/mail/page-head'
import { useNoMailRight } from '../../../components/mail/right'
import { SearchForm } from '../../../components/mail/search-form'
import { ResultList, type Results, SelectionBar } from '../../../components/mail/selection'
import { StateFilter } from '../../../components/mail/state-filter'
import { MailTable } from '../../../components/mail/table'
import { useMoreRows } from '../../../components/more-rows'
import { useWindowTitle } from '../../../components/page'
import { useSession } from '../../../components/session'
import { RefusedQuestion } from '../../../graphql/declarations'
import { Fault } from '../../../graphql/execute'
import { mailPulseQuery, type MailQuestion, mailsQuery } from '../../../graphql/mail'
import { may } from '../../../graphql/session'
import { formatDeclarationNumber } from '../../../lib/format'
import { useKeys } from '../../../lib/keys'
import { cameSince, FOR_A_PERSON, readMailSearch, standingNow } from '../../../lib/mail'
import { PAGE_SIZE } from '../../../lib/search-params'
import { Button, buttonClass } from '../../../ui/button'
import { Icon } from '../../../ui/icons'
import { LoadingBar } from '../../../ui/loading'

const route = getRouteApi('/shell/settings/mail')

const useLedger = (question: MailQuestion, shown: number) => useInfiniteQuery(mailsQuery(question, shown))

export default function MailListPage() {
  const { t } = useTranslation()
  const { shown = PAGE_SIZE, ...question } = route.useSearch()
  const { address, number, state } = question
  const navigate = route.useNavigate()
  const list = useLedger(question, shown)
  const pulse = useQuery(mailPulseQuery(question))
  const [results, setResults] = useState<Results>()
  const chip = address !== undefined ? t('mailList.chipAddress', { text: address }) : number && t('mailList.chipNumber', { text: formatDeclarationNumber(number) })
  // Looking for an address compares it with what is kept: that is for whoever may see it.
  const seesAddresses = may(useSession(), 'READ_PERSONAL')
  useWindowTitle(chip || undefined, t('mail.title'), t('settings.title'))
  if (list.error instanceof Fault && list.error.code === 'FORBIDDEN') return <FaultPage error={list.error} />

  const counts = pulse.data?.counts
  const search = (text: string) => {
    const { address: typed, number: digits } = readMailSearch(text)
    const wanted = seesAddresses ? { address: typed, number: digits } : { address: undefined, number: digits ?? typed }
    void navigate({ search: (old) => ({ ...old, ...wanted, shown: undefined }), replace: true })
  }
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6" data-print="plain">
      <LoadingBar busy={list.isFetching} />
      <MailPageHead
        current="/settings/mail"
        lead={t('mail.lead')}
        actions={<TestMailLink />}
      />
      {/* How much stands above the rows is known once it is known what waits for a person: until then nothing that would move. */}
      {pulse.isPending ? (
        <MailTable rows={undefined} stale={false} chosen={new Set()} onChoose={undefined} />
      ) : (
        <>
          {counts && <Attention counts={counts} shown={!address && !number && state?.join() === FOR_A_PERSON.join()} />}
          <SearchForm
            id="mail-search"
            label={t(seesAddresses ? 'mailList.search' : 'mailList.searchNumber')}
            help={t('mailList.searchHelp')}
            submit={t('mailList.submit')}
            asked={address ?? number ?? ''}
            onSearch={search}
            chip={chip || undefined}
            removeWord={t('mailList.removeSearch')}
          />
          <StateFilter
            chosen={state ?? []}
            counts={address || number ? null : counts}
            onChange={(chosen) => void navigate({ search: (old) => ({ ...old, state: chosen.length > 0 ? chosen : undefined, shown: undefined }), replace: true, resetScroll: false })}
          />
          {results && <ResultList key={results.stamp} results={results} onClose={() => setResults(undefined)} />}
          <Ledger {...{ list, question, shown }} newest={pulse.data?.newest ?? []} onResults={setResults} />
        </>
      )}
      <Outlet />
    </div>
  )
}

function TestMailLink() {
  const { t } = useTranslation()
  const noRight = useNoMailRight()
  if (noRight !== undefined) return null
  return (
    <Link to="/settings/mail/test" search={true} resetScroll={false} className={buttonClass('secondary')}>
      <Icon name="mail" />
      {t('testMail.open')}
    </Link>
  )
}

interface LedgerProps {
  list: ReturnType<typeof useLedger>
  question: MailQuestion
  shown: number
  /** Where the newest mails stand by now. */
  newest: Parameters<typeof standingNow>[1]
  onResults: (results: Results) => void
}

/** What was chosen, as long as the same question is asked. */
function useChosen(question: MailQuestion) {
  const asked = JSON.stringify(question)
  const [chosen, setChosen] = useState({ asked, ids: new Set<string>() })
  const ids = chosen.asked === asked ? chosen.ids : new Set<string>()
  const choose = (some: string[], on: boolean) => {
    const next = new Set(ids)
    for (const id of some) {
      if (on) next.add(id)
      else next.delete(id)
    }
    setChosen({ asked, ids: next })
  }
  return { ids, choose, clear: () => setChosen({ asked, ids: new Set() }) }
}

function Ledger({ list, question, shown, newest, onResults }: LedgerProps) {
  const { t } = useTranslation()
  const noRight = useNoMailRight()
  const loadedRows = list.data?.pages.flatMap((page) => page.nodes)
  const rows = loadedRows && standingNow(loadedRows, newest)
  const fresh = rows && !list.isPlaceholderData && !list.isFetching ? cameSince(rows, newest, question.state) : 0
  const { ids, choose, clear } = useChosen(question)
  const navigate = route.useNavigate()
  const onMore = useMoreRows(list, { loaded: rows?.length ?? 0, shown, show: (next) => void navigate({ search: (old) => ({ ...old, shown: next }), replace: true, resetScroll: false }) })
  const toggle = (id: string | undefined) => id && noRight === undefined && choose([id], !ids.has(id))
  useRowKeys({ peek: undefined, showPeek: toggle })
  useKeys({
    Escape: () => ids.size > 0 && clear(),
    x: () => toggle((document.activeElement as HTMLElement | null)?.closest('tr')?.querySelector<HTMLElement>('[data-row-link]')?.dataset.rowLink),
  })
  if (list.error instanceof RefusedQuestion) return <RefusedRows problems={list.error.problems} to="/settings/mail" />
  if (list.error && !rows) return <FaultBand error={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      {rows?.length !== 0 && (
        // Of one height whatever it says: what is new must not move the rows.
        <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-sm touch:min-h-11" data-print="hide">
          <p className="text-muted max-lg:hidden">{t(noRight === undefined ? 'mail.keys' : 'mail.keysReading')}</p>
          <p className="text-muted">{t('mail.updatedBy')}</p>
          <div role="status" className="ml-auto">
            {fresh > 0 && (
              <Button size="sm" onClick={() => void list.refetch()}>
                {t('mail.fresh', { count: fresh })}
              </Button>
            )}
          </div>
        </div>
      )}
      {rows?.length === 0 ? (
        <>
          <EmptyLedger question={question} />
          {fresh > 0 && (
            <div role="status">
              <Button onClick={() => void list.refetch()}>{t('mail.fresh', { count: fresh })}</Button>
            </div>
          )}
        </>
      ) : (
        <>
          <MailTable rows={rows} stale={list.isPlaceholderData} chosen={ids} onChoose={noRight === undefined ? choose : undefined} />
          <More list={list} loaded={rows?.length ?? 0} onMore={onMore} />
        </>
      )}
      <SelectionBar
        chosen={rows?.filter((row) => ids.has(row.id)) ?? []}
        onClear={clear}
        onResults={(results) => {
          clear()
          onResults(results)
        }}
      />
    </>
  )
}
