import { expect, test } from 'vitest'
import { isDeclarationNumber, plainNumber } from './declaration-number'

test('a number is read in full width, in groups and with dashes', () => {
  for (const text of ['59990000017', '５９９９００００017', ' 5999 0000 017 ', '5999-0000-017', '5999ー0000−017']) expect(plainNumber(text)).toBe('59990000017')
})

test('eleven digits and nothing else are a number', () => {
  expect(isDeclarationNumber('59990000017')).toBe(true)
  for (const text of ['', '5999000001', '599900000170', 'みほん', plainNumber('5999 0000 01x')]) expect(isDeclarationNumber(text)).toBe(false)
})
