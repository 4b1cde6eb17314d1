import { afterEach, expect, test, vi } from 'vitest'
import { execute, Fault } from './execute'
import { DeclarationDocument, SessionDocument } from './gql/graphql'

afterEach(() => vi.unstubAllGlobals())

function answer(body: unknown, status = 200) {
  const fetch = vi.fn(async () => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

test('data comes back as it is', async () => {
  answer({ data: { session: null } })
  expect(await execute(SessionDocument, {})).toEqual({ session: null })
})

test('the request is a JSON POST with the cookie of this origin', async () => {
  const fetch = answer({ data: { session: null } })
  await execute(SessionDocument, {})
  expect(fetch).toHaveBeenCalledWith('/graphql', expect.objectContaining({ method: 'POST', credentials: 'same-origin', headers: expect.objectContaining({ 'content-type': 'application/json' }) }))
})

test('the operation is named, or the record of reads could not say which page it was', async () => {
  const fetch = answer({ data: { session: null } })
  await execute(SessionDocument, {})
  await execute(DeclarationDocument, { id: 'x' })
  const names = fetch.mock.calls.map((call) => JSON.parse((call as unknown as [string, { body: string }])[1].body).operationName)
  expect(names).toEqual(['Session', 'Declaration'])
})

test('a fault carries its code, its request id and the missing right', async () => {
  answer({ data: null, errors: [{ message: 'x', extensions: { code: 'FORBIDDEN', requestId: 'r1', permission: 'READ_PERSONAL' } }] })
  await expect(execute(SessionDocument, {})).rejects.toEqual(new Fault('FORBIDDEN', 'r1', 'READ_PERSONAL'))
})

test('no connection is a fault of the network', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')))
  await expect(execute(SessionDocument, {})).rejects.toMatchObject({ code: 'NETWORK' })
})

test('an answer that is no GraphQL is a fault of the server', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
  await expect(execute(SessionDocument, {})).rejects.toMatchObject({ code: 'INTERNAL' })
})
