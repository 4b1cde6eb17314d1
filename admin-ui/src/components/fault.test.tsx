import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { Fault } from '../graphql/execute'
import ja from '../i18n/ja/shell.json'
import { useFaultText } from './fault'

test('every right that has a word is named where it is missing, and one that has none is not made up', () => {
  const { result } = renderHook(() => useFaultText())
  for (const [permission, word] of Object.entries(ja.permission)) expect(result.current(new Fault('FORBIDDEN', undefined, permission))).toContain(`「${word}」`)
  for (const permission of ['MADE_LATER', '', undefined]) expect(result.current(new Fault('FORBIDDEN', undefined, permission))).toBe(ja.fault.FORBIDDEN_unknown)
})
