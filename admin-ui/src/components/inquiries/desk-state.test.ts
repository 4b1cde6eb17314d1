import { expect, test } from 'vitest'
import { anyDraft, changeDesk, deskKey, deskOf, sawOwn } from './desk-state'

const reply = { to: '', subject: 'Re: ID', text: '', closes: false, isLater: false, day: '', time: '', seen: '10', begun: '2026-11-28T00:00:00Z' }

test('two people at one machine share no draft', () => {
  changeDesk(deskKey('a', '1'), { note: { text: '確認中', mentionedIds: [] } })
  expect(deskOf(deskKey('a', '1')).note?.text).toBe('確認中')
  expect(deskOf(deskKey('b', '1')).note).toBeUndefined()
  changeDesk(deskKey('a', '1'), { note: undefined })
})

test('what one did oneself is seen; what others did is not', () => {
  const key = deskKey('a', '2')
  changeDesk(key, { reply })
  sawOwn(key, '9', { version: '11' })
  expect(deskOf(key).reply?.seen).toBe('10')
  sawOwn(key, '10', { version: '12' })
  expect(deskOf(key).reply?.seen).toBe('12')
})

test('something is lost only when something was written', () => {
  const key = deskKey('a', '3')
  changeDesk(key, { reply: { ...reply, text: '  ' } })
  expect(anyDraft()).toBe(false)
  changeDesk(key, { reply: { ...reply, text: 'お問い合わせありがとうございます。' } })
  expect(anyDraft()).toBe(true)
  changeDesk(key, { reply: undefined })
  expect(anyDraft()).toBe(false)
})
