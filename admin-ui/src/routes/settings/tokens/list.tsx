// 設定 › プログラム用トークン: by which tokens programs of other offices read. A new one is issued in a sheet over it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand, FaultPage } from '../../../components/fault'
import { DeedFault, DeedQuestion } from '../../../components/operations/deed'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { TokenRows } from '../../../components/tokens/token-rows'
import { execute } from '../../../graphql/execute'
import { RevokeApiTokenDocument } from '../../../graphql/gql/graphql'
import { type ApiToken, apiTokensQuery, TOKENS_KEY } from '../../../graphql/tokens'
import { useCommandId } from '../../../lib/command-id'
import { problemText } from '../../../lib/problem-text'
import { Band } from '../../../ui/band'
import { buttonClass } from '../../../ui/button'
import { Icon } from '../../../ui/icons'
import { LoadingBar } from '../../../ui/loading'
import { toast } from '../../../ui/toast'

function useRevoke(onDone: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [refused, setRefused] = useState<string>()
  const act = useMutation({
    mutationFn: async ({ id }: ApiToken) => (await execute(RevokeApiTokenDocument, { input: { commandId: commandId(id), id } })).revokeApiToken,
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, { name }) => {
      await client.invalidateQueries({ queryKey: TOKENS_KEY })
      if (result.__typename === 'InvalidInput') return setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') return setRefused(t('tokens.gone'))
      toast(t('tokens.revoked', { name }))
      onDone()
    },
  })
  return { act, refused }
}

export default function TokensPage() {
  const { t } = useTranslation()
  const { data: rows, error, isPending, refetch } = useQuery(apiTokensQuery)
  const [asking, setAsking] = useState<ApiToken>()
  const issue = useRef<HTMLAnchorElement>(null)
  // The button that was pressed is gone from its row.
  const { act, refused } = useRevoke(() => issue.current?.focus())
  useWindowTitle(t('settings.tokens'), t('settings.title'))
  if (error && !rows) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.tokens') }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageHeading>{t('settings.tokens')}</PageHeading>
          <span role="status" className="num text-sm text-muted">
            {rows && t('tokens.total', { count: rows.length })}
          </span>
          <Link ref={issue} to="/settings/tokens/issue" resetScroll={false} className={`${buttonClass('primary')} ml-auto`} data-print="hide">
            <Icon name="plus" />
            {t('tokens.issue')}
          </Link>
        </div>
        <p className="text-sm text-muted">{t('tokens.lead')}</p>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <DeedFault error={act.error} />
      {refused && (
        <Band tone="bad" role="alert">
          {refused}
        </Band>
      )}
      {rows?.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('tokens.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t('tokens.empty')}</p>
        </div>
      ) : (
        <TokenRows rows={rows} busy={act.isPending ? t('tokens.working') : undefined} onRevoke={setAsking} />
      )}
      <DeedQuestion
        danger
        title={t('tokens.revokeTitle')}
        text={asking ? t('tokens.revokeText', { name: asking.name }) : ''}
        yes={t('tokens.revokeYes')}
        no={t('tokens.revokeNo')}
        open={asking !== undefined}
        onNo={() => setAsking(undefined)}
        onYes={() => {
          setAsking(undefined)
          if (asking && !act.isPending) act.mutate(asking)
        }}
      />
      <Outlet />
    </div>
  )
}
