import { expect, test } from 'vitest'
import { mergeTexts } from './text-conflict'

test('what one side changed is taken, what both changed is asked about', () => {
  const base = { name: 'a', ja: 'b', en: 'c', tags: '' }
  const mine = { name: 'a', ja: 'mine', en: 'mine', tags: 'X' }
  const theirs = { name: 'theirs', ja: 'b', en: 'theirs', tags: 'X' }
  expect(mergeTexts(base, mine, theirs)).toEqual({ merged: { name: 'theirs', ja: 'mine', en: 'mine', tags: 'X' }, both: ['en'] })
})
