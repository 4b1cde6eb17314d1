import { act, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
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
