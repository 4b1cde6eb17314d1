// 設定 › 送信 › 送信停止リスト: addresses to which nothing is sent.
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../../components/fault'
import { RefusedRows } from '../../../components/mail/empty'
import { MailPageHead } from '../../../components/mail/page-head'
import { useNoMailRight } from '../../../components/mail/right'
import { SearchForm } from '../../../components/mail/search-form'
import { SuppressionTable } from '../../../components/mail/suppression-table'
import { useWindowTitle } from '../../../components/page'
import { useSession } from '../../../components/session'
import { RefusedQuestion } from '../../../graphql/declarations'
import { Fault } from '../../../graphql/execute'
import { suppressionsQuery } from '../../../graphql/mail'
import { may } from '../../../graphql/session'
import { Button, buttonClass } from '../../../ui/button'
import { Icon } from '../../../ui/icons'
import { LoadingBar } from '../../../ui/loading'

const route = getRouteApi('/shell/settings/mail/suppressions')

export default function SuppressionsPage() {
  const { t } = useTranslation()
  const { address } = route.useSearch()
  const navigate = route.useNavigate()
  const noRight = useNoMailRight()
  const seesAddresses = may(useSession(), 'READ_PERSONAL')
  const { data, error, refetch, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(suppressionsQuery(address))
  const rows = data?.pages.flatMap((page) => page.nodes)
  useWindowTitle(t('suppression.title'), t('mail.title'), t('settings.title'))
  if (error instanceof Fault && error.code === 'FORBIDDEN') return <FaultPage error={error} />
  const refused = error instanceof RefusedQuestion ? error.problems : undefined
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isFetching} />
      <MailPageHead
        current="/settings/mail/suppressions"
        lead={t('suppression.lead')}
        actions={
          noRight === undefined && (
            <Link to="/settings/mail/suppressions/new" search={true} resetScroll={false} className={buttonClass('primary')}>
              <Icon name="plus" />
              {t('suppression.add')}
            </Link>
          )
        }
      />
      {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
      {(noRight === undefined || seesAddresses) && (
        <SearchForm
          id="suppression-search"
          label={t('suppression.search')}
          submit={t('suppression.submit')}
          asked={address ?? ''}
          onSearch={(text) => void navigate({ search: { address: text.normalize('NFKC').trim() || undefined }, replace: true })}
          chip={address && t('mailList.chipAddress', { text: address })}
          removeWord={t('suppression.clear')}
        />
      )}
      {error && !refused && <FaultBand error={error} onRetry={() => void refetch()} />}
      {refused && <RefusedRows problems={refused} to="/settings/mail/suppressions" />}
      {rows?.length === 0 && (
        <div className="rounded-md border border-line px-4 py-8">
          <h2 className="text-lg">{t(address ? 'suppression.emptyTitle' : 'suppression.blankTitle')}</h2>
          <p className="mt-1">{address ? t('suppression.empty', { text: address }) : t('suppression.blank')}</p>
        </div>
      )}
      {!error && rows?.length !== 0 && <SuppressionTable rows={rows} liftable={noRight === undefined} />}
      {hasNextPage && (
        <div data-print="hide">
          <Button onClick={() => void fetchNextPage()} reason={isFetchingNextPage ? t('app.loading') : undefined}>
            {t('action.more')}
          </Button>
        </div>
      )}
      <Outlet />
    </div>
  )
}
