// The list of one kind of case: those that are not over, or all of them, the newest first.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { CasePages, UnfinishedCases } from '../../graphql/cases'
import type { Permission } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { type ApprovalView, PAGE_SIZE } from '../../lib/search-params'
import { buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { FaultBand, FaultPage } from '../fault'
import { More } from '../more'
import { useMoreRows } from '../more-rows'
import { useSession } from '../session'
import { CaseListFrame } from './list-frame'

interface Kind<Row> {
  place: 'requests' | 'incidents'
  /** Who may write a new one down. */
  right: Permission
  open: UnfinishedCases<Row>
  all: (shown: number) => CasePages<Row>
  Rows: ComponentType<{ rows: Row[] | undefined }>
}

interface Props<Row> {
  kind: Kind<Row>
  view: ApprovalView | undefined
  /** Rows that the address says. */
  shown: number | undefined
  show: (shown: number) => void
}

export function CaseList<Row>({ kind, view, shown = PAGE_SIZE, show }: Props<Row>) {
  return view === 'ALL' ? <All kind={kind} shown={shown} show={show} /> : <Open kind={kind} />
}

function First({ place, right }: Pick<Kind<never>, 'place' | 'right'>) {
  const { t } = useTranslation()
  const session = useSession()
  if (!may(session, right)) return null
  return (
    <Link to={`/${place}/new`} search={(old) => old} resetScroll={false} className={buttonClass('primary')}>
      <Icon name="plus" />
      {t(`${place}.new`)}
    </Link>
  )
}

function Open<Row>({ kind: { place, right, open, Rows } }: { kind: Kind<Row> }) {
  const list = useQuery(open)
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <CaseListFrame
      place={place}
      view="OPEN"
      busy={list.isPending}
      count={list.data?.length}
      action={<First place={place} right={right} />}
      fault={list.error && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      rows={<Rows rows={list.data} />}
    />
  )
}

function All<Row>({ kind: { place, right, all, Rows }, shown, show }: { kind: Kind<Row>; shown: number; show: (shown: number) => void }) {
  const list = useInfiniteQuery(all(shown))
  const rows = list.data?.pages.flatMap((page) => page.nodes)
  const loaded = rows?.length ?? 0
  const onMore = useMoreRows(list, { loaded, shown, show })
  if (list.error && !list.data) return <FaultPage error={list.error} onRetry={() => void list.refetch()} />
  return (
    <CaseListFrame
      place={place}
      view="ALL"
      busy={list.isPending || list.isFetchingNextPage}
      count={rows?.length}
      action={<First place={place} right={right} />}
      fault={list.error && !list.isFetchNextPageError && <FaultBand error={list.error} onRetry={() => void list.refetch()} />}
      rows={<Rows rows={rows} />}
      more={<More list={list} loaded={loaded} onMore={onMore} />}
    />
  )
}
