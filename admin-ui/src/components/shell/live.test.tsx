import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ApprovalsChangedSubscription } from '../../graphql/gql/graphql'
import { openApprovalsQuery } from '../../graphql/open-approvals'
import { sessionQuery } from '../../graphql/session'
import Live from './live'

const heard = vi.hoisted(() => ({ on: undefined as { change: (data: ApprovalsChangedSubscription) => void; end: () => void } | undefined }))
vi.mock('../../graphql/live', () => ({
  watch: (_: unknown, __: unknown, on: NonNullable<typeof heard.on>) => {
    heard.on = on
    return () => {}
  },
}))

function start() {
  const client = new QueryClient()
  client.setQueryData(openApprovalsQuery.queryKey, [])
  client.setQueryData(sessionQuery.queryKey, null)
  render(
    <QueryClientProvider client={client}>
      <Live />
    </QueryClientProvider>,
  )
  const isStale = (queryKey: readonly unknown[]) => client.getQueryState(queryKey)?.isInvalidated
  const hear = (open: number, ids: string[] | null) => heard.on?.change({ approvalsChanged: { open, ids } } as ApprovalsChangedSubscription)
  return { client, hear, isStale }
}

test('the very first word is mostly known already; after it any may have changed, whatever their number', () => {
  const { hear, isStale } = start()
  hear(0, null)
  expect(isStale(openApprovalsQuery.queryKey)).toBe(false)
  hear(0, null)
  expect(isStale(openApprovalsQuery.queryKey)).toBe(true)
})

test('one that is named is read again, and so is a number that is not the one shown', () => {
  const named = start()
  named.hear(0, ['019e4ca0-0000-7000-8000-000000000001'])
  expect(named.isStale(openApprovalsQuery.queryKey)).toBe(true)
  cleanup()
  const more = start()
  more.hear(1, null)
  expect(more.isStale(openApprovalsQuery.queryKey)).toBe(true)
})

test('where the server ends it, the session is asked for again: the right may be gone', () => {
  const { isStale } = start()
  heard.on?.end()
  expect(isStale(sessionQuery.queryKey)).toBe(true)
  expect(isStale(openApprovalsQuery.queryKey)).toBe(true)
})
