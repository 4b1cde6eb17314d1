import { act, fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import '../i18n'
import { toast, ToastRegion } from './toast'

it('shows the same news once, and other news beside it', () => {
  render(<ToastRegion />)
  act(() => {
    toast('記録しました')
    toast('招待を送りました。')
    toast('記録しました')
  })
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['招待を送りました。', '記録しました'])
})

it('offers what can be done about the newest news, and goes when it is done', () => {
  render(<ToastRegion />)
  const [first, second] = [vi.fn(), vi.fn()]
  act(() => {
    toast('停止を記録しました。', { word: '元に戻す', run: first })
    toast('公表しました。', { word: '元に戻す', run: second })
  })
  fireEvent.click(screen.getByRole('button', { name: '元に戻す' }))
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
  expect(screen.queryByText('公表しました。')).toBeNull()
})
