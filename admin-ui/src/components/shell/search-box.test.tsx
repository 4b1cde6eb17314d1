// The search filters while one types, but never with half a word of the input method.
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { declarationListSearch, parseSearch, stringifySearch } from '../../lib/search-params'
import { SearchBox } from './search-box'

beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }))
afterEach(() => vi.useRealTimers())

async function show(path: string) {
  const root = createRootRoute({ component: SearchBox })
  const list = createRoute({ getParentRoute: () => root, path: '/declarations', validateSearch: declarationListSearch })
  const other = createRoute({ getParentRoute: () => root, path: '/other' })
  const router = createRouter({ routeTree: root.addChildren([list, other]), history: createMemoryHistory({ initialEntries: [path] }), parseSearch, stringifySearch })
  render(<RouterProvider router={router as never} />)
  const input = await screen.findByLabelText<HTMLInputElement>('検索')
  const settle = () => act(() => vi.advanceTimersByTimeAsync(400))
  return { router, input, settle }
}

test('on the list it filters after a pause', async () => {
  const { router, input, settle } = await show('/declarations')
  fireEvent.change(input, { target: { value: '見本' } })
  expect(router.state.location.search).toEqual({})
  await settle()
  expect(router.state.location.search).toEqual({ q: '見本' })
})

test('nothing is searched while a word is being converted', async () => {
  const { router, input, settle } = await show('/declarations')
  fireEvent.compositionStart(input)
  fireEvent.change(input, { target: { value: 'みほ' } })
  await settle()
  expect(router.state.location.search).toEqual({})
  fireEvent.change(input, { target: { value: '見本' } })
  fireEvent.compositionEnd(input)
  await settle()
  expect(router.state.location.search).toEqual({ q: '見本' })
})

test.each([{ isComposing: true }, { keyCode: 229 }])('Enter that ends a conversion (%o) does not submit', async (mark) => {
  const { input } = await show('/other')
  expect(fireEvent.keyDown(input, { key: 'Enter', ...mark })).toBe(false)
})

test('elsewhere Enter leads to the list', async () => {
  const { router, input, settle } = await show('/other')
  fireEvent.change(input, { target: { value: '59990000017' } })
  await settle()
  expect(router.state.location.pathname).toBe('/other')
  fireEvent.submit(screen.getByRole('search'))
  await settle()
  expect(router.state.location.href).toBe('/declarations?q=59990000017')
})
