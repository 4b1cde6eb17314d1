import { expect, test } from 'vitest'
import { lineDiff } from './line-diff'

const told = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

test('what stayed is told as the same, what changed as gone and come', () => {
  expect(told('一\n二\n三', '一\n二の二\n三\n四')).toEqual([' 一', '-二', '+二の二', ' 三', '+四'])
  expect(told('', '一')).toEqual(['+一'])
  expect(told('一\n二', '')).toEqual(['-一', '-二'])
  expect(told('同じ', '同じ')).toEqual([' 同じ'])
})

test('both texts can be read out of it again', () => {
  const [before, after] = ['a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc']
  const lines = lineDiff(before, after)
  expect(lines.filter(({ kind }) => kind !== 'added').map(({ text }) => text).join('\n')).toBe(before)
  expect(lines.filter(({ kind }) => kind !== 'removed').map(({ text }) => text).join('\n')).toBe(after)
})

test('texts that are too long to compare are told as one gone and one come', () => {
  const long = Array.from({ length: 1_500 }, (_, index) => String(index)).join('\n')
  expect(lineDiff(long, long)).toHaveLength(3_000)
})
