import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { CorrectionValues } from '../../forms/correct-schema'
import { ConflictView } from './conflict'
import type { ConflictInfo, SaveCorrection } from './save-correction'

const open = (text: string) => ({ __typename: 'OpenText' as const, text })

const conflict: ConflictInfo = {
  __typename: 'Conflict',
  version: '12',
  kind: 'CORRECTED',
  at: '2026-05-12T08:00:00Z',
  by: { kind: 'STAFF', name: '若葉 三郎' },
  reason: open('届出書を再確認'),
  fields: [
    { field: 'CITY', base: open('みほん市'), theirs: open('さくら市'), mine: open('若葉町'), changedByThem: true, changedByMe: true },
    { field: 'BUILDING', base: open('A棟'), theirs: open('A棟'), mine: open('B棟'), changedByThem: false, changedByMe: true },
    { field: 'STREET', base: open('1-1'), theirs: open('2-2'), mine: null, changedByThem: true, changedByMe: false },
  ],
}

const values: CorrectionValues = {
  kind: 'ERROR',
  since: '',
  reason: '電話',
  changes: [
    { field: 'CITY', value: '若葉町', before: 'みほん市' },
    { field: 'BUILDING', value: 'B棟', before: 'A棟' },
  ],
}

function show() {
  const submit = vi.fn()
  const save: SaveCorrection = { submit, saving: false, error: null, conflict }
  const onWithdraw = vi.fn()
  render(<ConflictView conflict={conflict} values={values} save={save} onClose={() => {}} onWithdraw={onWithdraw} />)
  return { submit, onWithdraw, user: userEvent.setup() }
}

test('it says who was faster, when and why', () => {
  show()
  expect(screen.getByRole('alert').textContent).toContain('若葉 三郎が 2026年5月12日(火) 17:00 に修正しました')
  expect(screen.getByRole('alert').textContent).toContain('届出書を再確認')
})

test('a field that both changed must be decided before anything is sent', async () => {
  const { submit, user } = show()
  await user.click(screen.getByRole('button', { name: '選んだ内容で修正する' }))
  expect(submit).not.toHaveBeenCalled()
  expect(screen.getByRole('link', { name: '市区町村をどちらの内容にするか選んでください。' })).toBeTruthy()
})

test('mine is redone on top of their version, with the fields that were kept', async () => {
  const { submit, user } = show()
  await user.click(screen.getByRole('radio', { name: '先の修正のままにする' }))
  await user.click(screen.getByRole('button', { name: '選んだ内容で修正する' }))
  expect(submit).toHaveBeenCalledWith({ ...values, changes: [values.changes[1]] }, '12')
})

test('keeping theirs everywhere is withdrawing', async () => {
  const { submit, onWithdraw, user } = show()
  await user.click(screen.getByRole('radio', { name: '先の修正のままにする' }))
  await user.click(screen.getByRole('radio', { name: '変更しない' }))
  await user.click(screen.getByRole('button', { name: '自分の修正を取り下げる' }))
  expect(onWithdraw).toHaveBeenCalledOnce()
  expect(submit).not.toHaveBeenCalled()
})

test('an Enter of the input method sends nothing', () => {
  show()
  expect(fireEvent.keyDown(screen.getByRole('button', { name: '選んだ内容で修正する' }), { key: 'Enter', keyCode: 229 })).toBe(false)
})
