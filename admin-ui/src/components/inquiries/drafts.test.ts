import { expect, test } from 'vitest'
import type { InquiryDraft } from '../../graphql/inquiries'
import type { ReplyDraft } from './desk-state'
import { isOthers, isUnsaved, keptMark, markOf, reviewOf, wordsOf } from './drafts'

const reply = (text: string, kept?: string): ReplyDraft => ({ to: ' a@example.jp ', subject: 'Re: 件名', text, closes: false, isLater: false, day: '', time: '', seen: '1', begun: '', kept })
const draft = (text: string, state: InquiryDraft['state'] = 'OPEN', byId = 'colleague'): InquiryDraft => ({
  by: '見本 次郎', byId, savedAt: '', state, words: { __typename: 'DraftWords', to: 'a@example.jp', subject: 'Re: 件名', text, answersId: null },
})
const mark = (text: string) => markOf(wordsOf(reply(text)))

test('what is kept and what is on the screen have the same mark, whatever stands around it', () => {
  expect(keptMark(draft('本文'))).toBe(mark('本文'))
  expect(isUnsaved(reply('本文', mark('本文')))).toBe(false)
  expect(isUnsaved(reply('本文です', mark('本文')))).toBe(true)
  expect(isUnsaved(reply('  '))).toBe(false)
})

test('what a colleague has kept meanwhile is not written over unasked', () => {
  expect(isOthers({ draft: draft('別の文') }, reply('本文', mark('前')), 'me')).toBe(true)
  expect(isOthers({ draft: draft('前') }, reply('本文', mark('前')), 'me')).toBe(false)
  expect(isOthers({ draft: draft('別の文', 'OPEN', 'me') }, reply('本文'), 'me')).toBe(false)
  expect(isOthers({ draft: null }, reply('本文'), 'me')).toBe(false)
})

test('consent is to these words and no others', () => {
  expect(reviewOf({ draft: null }, reply('本文'))).toBe('needsReview')
  expect(reviewOf({ draft: draft('本文') }, reply('本文'))).toBe('needsReview')
  expect(reviewOf({ draft: draft('本文', 'FOR_REVIEW') }, reply('本文'))).toBe('waitsReview')
  expect(reviewOf({ draft: draft('本文', 'FOR_REVIEW') }, reply('直した本文'))).toBe('needsReview')
  expect(reviewOf({ draft: draft('本文', 'AGREED') }, reply('本文'))).toBe('agreed')
  expect(reviewOf({ draft: draft('本文', 'AGREED') }, reply('直した本文'))).toBe('changedSince')
})
