// The code is drawn whole, with its border.
import { render, screen } from '@testing-library/react'
import { encode } from 'uqr'
import { expect, test } from 'vitest'
import { QrCode } from './qr-code'

test('each dark square is drawn once, inside a white border', () => {
  const text = 'otpauth://totp/Sengen:hanako?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sengen'
  render(<QrCode text={text} label="見本" />)
  const path = screen.getByRole('img', { name: '見本' }).querySelector('path')?.getAttribute('d') ?? ''
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  expect(path.match(/M/g)?.length).toBe(data.flat().filter(Boolean).length)
  const places = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)])
  expect(Math.min(...places)).toBe(4)
  expect(Math.max(...places)).toBe(size - 5)
})
