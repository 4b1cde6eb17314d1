// Enter that ends a conversion must never act. The browsers differ in how they mark it; both marks are tried on every form.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { AsOfControl } from '../components/declarations/as-of'
import SignInForm from '../forms/sign-in'
import { blockConversionEnter, isConverting } from './ime'

afterEach(() => vi.unstubAllGlobals())

const CONVERTING = [
  ['isComposing', { key: 'Enter', isComposing: true, keyCode: 13 }],
  ['key code 229', { key: 'Enter', isComposing: false, keyCode: 229 }],
] as const

test.each(CONVERTING)('a key marked by %s belongs to the input method', (_, key) => {
  expect(isConverting(key)).toBe(true)
})

test('an ordinary Enter does not', () => {
  expect(isConverting({ key: 'Enter', isComposing: false, keyCode: 13 })).toBe(false)
})

test.each(CONVERTING)('a form stops an Enter marked by %s before the browser submits it', (_, key) => {
  const blocked = vi.fn()
  blockConversionEnter({ ...key, preventDefault: blocked, stopPropagation: () => {} })
  expect(blocked).toHaveBeenCalledOnce()
})

test.each(CONVERTING)('the sign-in form cancels an Enter marked by %s', (_, key) => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignInForm onSignedIn={() => {}} />
    </QueryClientProvider>,
  )
  // `fireEvent` is false when the default action, the submit, was prevented.
  expect(fireEvent.keyDown(screen.getByLabelText('ログイン名'), key)).toBe(false)
  expect(fireEvent.keyDown(screen.getByLabelText('ログイン名'), { key: 'Enter', keyCode: 13 })).toBe(true)
})

test('the as-of form cancels it too', () => {
  render(<AsOfControl asOf={undefined} onChange={() => {}} />)
  expect(fireEvent.keyDown(screen.getByLabelText('基準日'), { key: 'Enter', isComposing: true })).toBe(false)
})
