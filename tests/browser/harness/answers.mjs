// Answers that a test gives in the place of the server, by the name of the operation that is asked.

import { holdBack } from './desk.mjs'

/** A fault as the server tells it, with a number for support. */
export const fault = (code, more = {}, status = 500) => ({
  status,
  json: { data: null, errors: [{ message: 'x', extensions: { code, requestId: '019e4ca0-1111-7000-8000-000000000001', ...more } }] },
})

/** What each of these operations answers while it is too long ago that somebody said who they are. */
export const unproved = (...operations) =>
  Object.fromEntries(operations.map((name) => [name, { json: { data: { [`${name[0].toLowerCase()}${name.slice(1)}`]: { __typename: 'FreshSignInNeeded', message: '' } } } }]))

/** An answer that does not come before the end. */
export const hold = Symbol('held back')

const operationOf = (request) => /^\s*(?:fragment[^]*)?(?:query|mutation) (\w+)/m.exec(JSON.parse(request.postData()).query)?.[1]

/**
 * From now on each named operation is answered so: with what `fulfill` of a route takes, or with what a function of its variables makes of
 * them as its data, `'away'` for a network that is not there, or `hold`. Answers how to end it; what was held back then goes to the server.
 */
export async function answer(page, answers) {
  let release
  const released = new Promise((resolve) => {
    release = resolve
  })
  const handle = async (route) => {
    const given = answers[operationOf(route.request())]
    if (given === undefined) return route.fallback()
    if (given === 'away') return route.abort()
    if (typeof given === 'function') return route.fulfill({ json: { data: given(JSON.parse(route.request().postData()).variables) } })
    if (given !== hold) return route.fulfill(given)
    const goOn = holdBack(route.request())
    await released
    goOn()
    // The page may have left meanwhile.
    return route.fallback().catch(() => undefined)
  }
  await page.route('**/graphql', handle)
  return async () => {
    release()
    await page.unroute('**/graphql', handle)
  }
}

/** What the program says: a sentence of ours by its reason and counts, or the words of somebody else. */
export const said = (text, reason = null, counts = {}) => (text ? { reason, counts: Object.entries(counts).map(([counted, count]) => ({ counted, count })), text } : null)
