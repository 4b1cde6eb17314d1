import { expect, test } from 'vitest'
import { withoutGaps } from './copy'

test('the numbers of the programme lose their spaces', () => {
  expect(withoutGaps('5999 0000 017')).toBe('59990000017')
  expect(withoutGaps('7 9999 0100 0001')).toBe('7999901000001')
  expect(withoutGaps('見本商店\t5999 0000 017\t二つ星\t7 9999 0100 0001\n')).toBe('見本商店\t59990000017\t二つ星\t7999901000001\n')
})

test('other digits stay as they are', () => {
  for (const text of ['2026年5月12日(火) 17:00', '12 34', '1234 5678 9012', '1 1234 5678 9012 3', '03 1234 5678']) expect(withoutGaps(text)).toBe(text)
})
