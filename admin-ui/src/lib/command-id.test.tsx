import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { newId, useCommandId } from './command-id'

test('the same content keeps its command id, so that a retry is the same command', () => {
  const { result } = renderHook(() => useCommandId())
  expect(result.current({ reason: '電話' })).toBe(result.current({ reason: '電話' }))
})

test('another content is another command', () => {
  const { result } = renderHook(() => useCommandId())
  const first = result.current({ reason: '電話' })
  expect(result.current({ reason: 'メール' })).not.toBe(first)
})

test('ids are UUID v7', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
