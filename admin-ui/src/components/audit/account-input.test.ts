import { expect, test } from 'vitest'
import { chosen } from './account-input'

const choices = [
  { id: 'a', word: '見本 花子（hanako）' },
  { id: 'b', word: '見本 太郎（taro）' },
  { id: 'token:c', word: 'プログラム: 見本県' },
]

test('a part of a name or login is enough where it leads to one, in any width, and to nobody where it leads to several', () => {
  expect(chosen(choices, '花子')).toBe('a')
  expect(chosen(choices, '見本太')).toBe('b')
  expect(chosen(choices, 'ＴＡＲＯ')).toBe('b')
  expect(chosen(choices, '見本 花子（hanako）')).toBe('a')
  expect(chosen(choices, '見本県')).toBe('token:c')
  expect(chosen(choices, '見本')).toBeUndefined()
  expect(chosen(choices, '山田')).toBeUndefined()
})
