// Who can take an inquiry. Not everybody at the desk may read the list of accounts: those choose among whom the lists name.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role } from '../../graphql/gql/graphql'
import type { inquiriesQuery, InquiryRecord } from '../../graphql/inquiries'
import { INQUIRIES_KEY } from '../../graphql/inquiry-counts'
import { may } from '../../graphql/session'
import { staffAccountsQuery } from '../../graphql/staff'
import { useSession } from '../session'

export interface Colleague {
  id: string
  name: string
}

/** Roles that may work on inquiries. */
const DESK: readonly Role[] = ['ADMINISTRATOR', 'REGISTRAR', 'SUPPORT']

type Lists = Awaited<ReturnType<NonNullable<ReturnType<typeof inquiriesQuery>['queryFn']>>>

/** The reader first. `isComplete`: whether nobody is missing. */
export function useColleagues(record: Pick<InquiryRecord, 'assignee' | 'assigneeId'>): { colleagues: Colleague[]; isComplete: boolean } {
  const session = useSession()
  const client = useQueryClient()
  const isComplete = may(session, 'READ_STAFF')
  const accounts = useQuery({ ...staffAccountsQuery, enabled: isComplete }).data?.accounts ?? []
  const able = accounts.filter(({ disabledAt, roles }) => !disabledAt && roles.some((role) => DESK.includes(role)))
  const rows = client.getQueriesData<{ pages: Lists[] }>({ queryKey: [...INQUIRIES_KEY, 'list'] }).flatMap(([, list]) => list?.pages.flatMap((page) => page.rows) ?? [])
  const named = [record, ...rows].flatMap(({ assignee, assigneeId }) => (assignee && assigneeId ? [{ id: assigneeId, name: assignee }] : []))
  const all = new Map([session.staff, ...(isComplete ? able : named)].map(({ id, name }) => [id, { id, name }]))
  return { colleagues: [...all.values()], isComplete }
}
