import { afterEach, expect, test, vi } from 'vitest'
import { exportFile } from './exports'

afterEach(() => vi.unstubAllGlobals())

const QUESTION = { staff: '019e4ca0-0000-7000-8000-000000000001', since: '2026-11-19T15:00:00.000Z', until: '2026-11-20T15:00:00.000Z' }

test('a file is asked for by a post of this origin, about what is named', async () => {
  const fetch = vi.fn(async () => new Response('種類', { headers: { 'content-type': 'text/csv; charset=utf-8' } }))
  vi.stubGlobal('fetch', fetch)
  const sheet = await exportFile('exposure.csv', QUESTION)
  expect(await sheet.text()).toBe('種類')
  const body = JSON.stringify(QUESTION)
  expect(fetch).toHaveBeenCalledWith('/exports/exposure.csv', expect.objectContaining({ method: 'POST', credentials: 'same-origin', body }))
})

test('a refusal is a fault with its number, a broken line one of the network', async () => {
  const refusal = { data: null, errors: [{ message: 'x', extensions: { code: 'FORBIDDEN', requestId: 'r1' } }] }
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(refusal), { status: 403 }))
  await expect(exportFile('holdings.json', { id: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN', requestId: 'r1' })
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 401 }))
  await expect(exportFile('holdings.json', { id: 'x' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  vi.stubGlobal('fetch', async () => ({ ok: true, blob: () => Promise.reject(new TypeError('network error')) }))
  await expect(exportFile('holdings.json', { id: 'x' })).rejects.toMatchObject({ code: 'NETWORK' })
})
