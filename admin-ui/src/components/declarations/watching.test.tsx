import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { declarationKey, type DeclarationRecord } from '../../graphql/declaration'
import type { DeclarationWatchedSubscription } from '../../graphql/gql/graphql'
import { newestPosition, Watching } from './watching'

const heard = vi.hoisted(() => ({ asked: undefined as unknown, on: undefined as { change: (data: DeclarationWatchedSubscription) => void; end: () => void } | undefined }))
vi.mock('../session', () => ({ useSession: () => ({ staff: { name: '見本 花子' } }) }))
vi.mock('../../graphql/live', () => ({
  watch: (_: unknown, asked: unknown, on: NonNullable<typeof heard.on>) => {
    heard.asked = asked
    heard.on = on
    return () => {}
  },
}))

afterEach(cleanup)

function start() {
  const client = new QueryClient()
  const record = { __typename: 'Declaration', id: 'one', history: [{ position: '12' }, { position: '9' }] } as unknown as DeclarationRecord
  client.setQueryData(declarationKey('one'), record)
  render(
    <QueryClientProvider client={client}>
      <Watching record={record} />
    </QueryClientProvider>,
  )
  const hear = (position: string, others: { id: string; name: string }[]) => act(() => heard.on?.change({ declarationWatched: { position, others } } as unknown as DeclarationWatchedSubscription))
  return { hear, isStale: () => client.getQueryState(declarationKey('one'))?.isInvalidated }
}

test('the newest position is compared as a number, however long', () => {
  expect(newestPosition([{ position: '9' }, { position: '12' }, { position: '9007199254740993' }])).toBe(9_007_199_254_740_993n)
})

test('it watches from what is shown, names who else is there and forgets them when the socket ends', () => {
  const { hear } = start()
  expect(heard.asked).toEqual({ id: 'one', after: '12' })
  hear('12', [{ id: 'a', name: '見本 次郎' }])
  expect(screen.getByRole('status').textContent).toContain('見本 次郎')
  act(() => heard.on?.end())
  expect(screen.getByRole('status').textContent).toBe('')
})

test('what stands beyond what is shown is read again, what is shown is not', () => {
  const { hear, isStale } = start()
  hear('12', [])
  expect(isStale()).toBe(false)
  hear('13', [])
  expect(isStale()).toBe(true)
})
