import { expect, test, vi } from 'vitest'
import { emptyOnly, startTrustedTypes } from './trusted-types'

test('only the empty text is let through to a sink of code', () => {
  expect(emptyOnly('')).toBe('')
  for (const text of [' ', '<b>', '<script></script>', 'text']) expect(emptyOnly(text)).toBeNull()
})

test('the policy allows markup of no kind, and neither scripts nor addresses of scripts', () => {
  const createPolicy = vi.fn()
  startTrustedTypes({ trustedTypes: { createPolicy } })
  expect(createPolicy.mock.calls).toEqual([['default', { createHTML: emptyOnly }]])
})

test('a browser that knows no Trusted Types starts all the same', () => {
  expect(() => startTrustedTypes({})).not.toThrow()
})
