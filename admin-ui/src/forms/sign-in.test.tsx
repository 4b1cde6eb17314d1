// An account with an authenticator: the password leads to a field for the code, and back when codes are taken no more.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { setLanguage } from '../i18n'
import SignInForm from './sign-in'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function atTheCode(...answers: object[]) {
  await setLanguage('en')
  const all = [{ signIn: { __typename: 'SecondFactorNeeded', expiresAt: '2026-11-27T00:00:00Z' } }, ...answers]
  const fetch = vi.fn(async () => Response.json({ data: all.shift() }))
  vi.stubGlobal('fetch', fetch)
  const done = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignInForm onSignedIn={done} />
    </QueryClientProvider>,
  )
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('Sign-in name'), 'hanako')
  await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}')
  const code = await screen.findByLabelText('Code')
  return { user, code, done, fetch }
}

test('the code is asked for after the password, in a field that has the focus and the numbers of a keyboard', async () => {
  const { user, code, done } = await atTheCode({ completeSignIn: { __typename: 'Session', staff: { id: '1' } } })
  expect(document.activeElement).toBe(code)
  // A pad of digits has no letters, and a recovery code has some.
  expect([code.getAttribute('inputmode'), code.getAttribute('autocomplete')]).toEqual([null, 'one-time-code'])
  await user.type(code, '123456{Enter}')
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith('1'))
})

test('a wrong code is told and the field is empty again', async () => {
  const { user, code } = await atTheCode({ completeSignIn: { __typename: 'SignInRefused', retryAfterSeconds: null } })
  await user.type(code, '123456{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('The code is wrong')
  expect([(code as HTMLInputElement).value, document.activeElement]).toEqual(['', code])
})

test('when codes are taken no more, the password is asked for again', async () => {
  const { user, code } = await atTheCode({ completeSignIn: { __typename: 'SignInOver', tries: 5 } })
  await user.type(code, '123456{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('start again with your password')
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
})
