// 設定 › 回答テンプレート: what is answered often, written once.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useRowKeys } from '../../../components/declarations/row-keys'
import { FaultBand, FaultPage } from '../../../components/fault'
import { tagsWord, whenShort } from '../../../components/inquiries/words'
import { type RowColumn, RowTable } from '../../../components/operations/row-table'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { Languages, Retired, useNoTemplateRight } from '../../../components/templates/words'
import { type ReplyTemplate, replyTemplatesQuery } from '../../../graphql/reply-templates'
import { buttonClass } from '../../../ui/button'
import { Icon } from '../../../ui/icons'
import { LoadingBar } from '../../../ui/loading'
import { TypedText } from '../../../ui/typed-text'

const route = getRouteApi('/shell/settings/templates')

const columnsOf = (t: TFunction): RowColumn<ReplyTemplate>[] => [
  {
    id: 'name',
    word: t('templates.column.name'),
    width: 'w-[34%]',
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-x-2">
        <Link to="/settings/templates/$id" params={{ id: row.id }} data-row-link={row.id} className="inline-flex min-h-6 items-center font-bold touch:min-h-11">
          <TypedText text={row.name} />
        </Link>
        {row.isRetired && <Retired />}
      </span>
    ),
  },
  { id: 'tags', word: t('templates.column.tags'), width: 'w-[28%]', cell: (row) => (row.tags.length > 0 ? tagsWord(row.tags, t) : <span className="text-muted">{t('templates.anyTag')}</span>) },
  { id: 'languages', word: t('templates.column.languages'), width: 'w-[20%]', cell: (row) => <Languages template={row} /> },
  {
    id: 'changed',
    word: t('templates.column.changed'),
    width: 'w-[18%]',
    cell: (row) => (
      <time dateTime={row.changedAt} className="num">
        {whenShort(row.changedAt)}
      </time>
    ),
  },
]

export default function TemplatesPage() {
  const { t } = useTranslation()
  const { retired } = route.useSearch()
  const navigate = useNavigate()
  const noRight = useNoTemplateRight()
  const { data: rows, error, isPending, refetch } = useQuery(replyTemplatesQuery(retired === 'with'))
  useWindowTitle(t('settings.templates'), t('settings.title'))
  useRowKeys()
  if (error && !rows) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.templates') }]} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageHeading>{t('settings.templates')}</PageHeading>
          <span role="status" className="num text-sm text-muted">
            {rows && t('templates.total', { count: rows.length })}
          </span>
          {noRight === undefined && (
            <Link to="/settings/templates/new" className={`${buttonClass('primary')} ml-auto`} data-print="hide">
              <Icon name="plus" />
              {t('templates.add')}
            </Link>
          )}
        </div>
        <p className="text-sm text-muted">{t('templates.lead')}</p>
        {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
        <label className="flex min-h-8 w-fit items-center gap-2 text-sm touch:min-h-11">
          <input type="checkbox" className="size-5 accent-accent" checked={retired === 'with'} onChange={(event) => void navigate({ to: '/settings/templates', search: { retired: event.target.checked ? 'with' : undefined }, replace: true, resetScroll: false })} />
          {t('templates.withRetired')}
        </label>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t('templates.emptyTitle')}</h2>
          <p className="text-sm text-muted">{t('templates.empty')}</p>
        </div>
      ) : (
        <RowTable label={t('templates.table')} columns={columnsOf(t)} rows={rows} onOpen={(id) => void navigate({ to: '/settings/templates/$id', params: { id } })} />
      )}
    </div>
  )
}
