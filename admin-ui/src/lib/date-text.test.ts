import { expect, test } from 'vitest'
import { readDay } from './date-text'

test.each([
  '2025-03-31', '2025/3/31', '2025.3.31', '20250331', '2025年3月31日', '２０２５年３月３１日', '２０２５ー３ー３１', '2025 3 31', ' 2025-03-31 ',
  '令和7年3月31日', '令和７年３月３１日', 'R7.3.31', 'r7/3/31', 'Ｒ７．３．３１', '31 March 2025', '31 Mar 2025',
])('a day is read as people type it: %s', (typed) => {
  expect(readDay(typed)).toBe('2025-03-31')
})

test('the first year of an era is 元', () => {
  expect(readDay('令和元年5月1日')).toBe('2019-05-01')
  expect(readDay('平成31年4月30日')).toBe('2019-04-30')
  expect(readDay('S64.1.7')).toBe('1989-01-07')
})

test.each(['', '2025', '2025-03', '2025-02-29', '2025-13-01', '令和7年2月30日', '25/3/31', '31 Foo 2025', 'きのう', '0025-01-01'])('what is no day is none: %s', (typed) => {
  expect(readDay(typed)).toBeUndefined()
})
