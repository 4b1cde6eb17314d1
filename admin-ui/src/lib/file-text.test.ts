import { expect, test } from 'vitest'
import { FILE_BYTES_MAX, readFileText } from './file-text'

test('a file is read in UTF-8, with or without its mark, and in Shift_JIS', async () => {
  expect(await readFileText(new Blob(['日付,名称\n']))).toEqual({ text: '日付,名称\n' })
  expect(await readFileText(new Blob(['\uFEFF日付']))).toEqual({ text: '日付' })
  expect(await readFileText(new Blob([new Uint8Array([0x93, 0xfa, 0x95, 0x74])]))).toEqual({ text: '日付' })
})

test('what is neither, or too large, is told', async () => {
  expect(await readFileText(new Blob([new Uint8Array([0xff, 0xfe, 0x00, 0x80])]))).toEqual({ problem: 'fileUnreadable' })
  expect(await readFileText(new Blob(['x'.repeat(FILE_BYTES_MAX + 1)]))).toEqual({ problem: 'fileTooLarge' })
})
