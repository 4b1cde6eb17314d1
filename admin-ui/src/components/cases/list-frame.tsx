// What both lists of cases share: head, views, rows, and what stands in their place.
import { Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApprovalView } from '../../lib/search-params'
import { LoadingBar } from '../../ui/loading'
import { useRowKeys } from '../declarations/row-keys'
import { PageHeading, useWindowTitle } from '../page'
import { CaseViews } from './views'

interface Props {
  place: 'requests' | 'incidents'
  view: ApprovalView
  busy: boolean
  /** Undefined while they load. */
  count: number | undefined
  /** The first step, for those who may take it. */
  action?: ReactNode
  fault?: ReactNode
  rows: ReactNode
  more?: ReactNode
}

export function CaseListFrame({ place, view, busy, count, action, fault, rows, more }: Props) {
  const { t } = useTranslation()
  useWindowTitle(view === 'OPEN' ? undefined : t('cases.view.ALL'), t(`${place}.title`))
  useRowKeys()
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={busy} />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-2">
          <PageHeading>{t(`${place}.title`)}</PageHeading>
          <p className="text-sm text-muted">{t(`${place}.lead`)}</p>
        </div>
        {action}
      </div>
      <CaseViews to={`/${place}`} chosen={view} />
      {fault}
      {count === 0 ? (
        <div className="rounded-md border border-line px-4 py-6">
          <h2 className="text-base">{t(`${place}.emptyTitle.${view}`)}</h2>
          <p className="text-sm text-muted">{t(`${place}.empty`)}</p>
        </div>
      ) : (
        rows
      )}
      {more}
      <Outlet />
    </div>
  )
}
