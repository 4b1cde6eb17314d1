import { expect, test } from 'vitest'
import { checkCorporateNumber } from './corporate-number'

test('a corporate number is right when its first digit fits', () => {
  for (const typed of ['7999901000001', '6999901000002', '1999902987654', 'T7999901000001', '７ 9999-0100-0001']) expect(checkCorporateNumber(typed), typed).toBe('right')
  expect(checkCorporateNumber('7999901000002')).toBe('wrong')
  for (const typed of ['', '799990100000', '79999010000011', '七九九九']) expect(checkCorporateNumber(typed), typed).toBe('incomplete')
})
