// How the console is delivered: what may be kept and for how long, compressed, and under which policy.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { desks } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 5 })

/** The answer as it came over the wire; fetch would unpack it. */
function get(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const sent = request(`${office.url}${path}`, { method, headers }, (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

const PAGE = { accept: 'text/html' }

async function assets() {
  const { body } = await get('/', PAGE)
  return [...body.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1])
}

test('assets carry a hash in their name, may be kept for ever, and come compressed', async () => {
  const paths = await assets()
  assert.ok(paths.some((path) => path.endsWith('.js')) && paths.some((path) => path.endsWith('.css')), paths.join())
  for (const path of paths.filter((each) => /\.(js|css)$/.test(each))) {
    assert.match(path, /-[\w-]{8,}\.(js|css)$/)
    const plain = await get(path)
    assert.equal(plain.status, 200)
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.match(plain.headers.vary, /accept-encoding/)
    // Packing a file that fits into one packet gains nothing.
    for (const encoding of plain.body.length > 1500 ? ['br', 'gzip'] : []) {
      const packed = await get(path, { 'accept-encoding': `${encoding}, deflate` })
      assert.equal(packed.headers['content-encoding'], encoding, path)
      assert.ok(packed.body.length < plain.body.length * 0.6, `${path}: ${packed.body.length} of ${plain.body.length}`)
    }
    const refused = await get(path, { 'accept-encoding': 'br;q=0, gzip;q=0' })
    assert.equal(refused.headers['content-encoding'], undefined)
  }
})

test('the page is asked for anew each time, and not sent when it is the same', async () => {
  for (const path of ['/', '/declarations', '/sign-in', '/declarations/019e4ca0-0000-7000-8000-000000000000']) {
    const first = await get(path, PAGE)
    assert.equal(first.status, 200)
    assert.equal(first.headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(first.headers['cache-control'], 'no-cache')
    const again = await get(path, { ...PAGE, 'if-none-match': first.headers.etag })
    assert.equal(again.status, 304)
    assert.equal(again.body.length, 0)
    assert.equal(again.headers.etag, first.headers.etag)
    const other = await get(path, { ...PAGE, 'if-none-match': '"something-else"' })
    assert.equal(other.status, 200)
  }
})

test('the policy allows no inline code, no evaluation, no foreign origin and no framing', async () => {
  for (const [path, headers] of [['/', PAGE], ['/assets/nothing.js', {}], [(await assets())[0], {}]]) {
    const { headers: answered } = await get(path, headers)
    const policy = answered['content-security-policy']
    assert.doesNotMatch(policy, /unsafe-/)
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self';/)
    assert.match(policy, /frame-src 'self'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types default$/)
    assert.doesNotMatch(policy, /https?:|\*/)
    assert.equal(answered['x-content-type-options'], 'nosniff')
    assert.equal(answered['referrer-policy'], 'no-referrer')
  }
  const { body } = await get('/', PAGE)
  assert.doesNotMatch(body.toString(), /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/)
})

test('what is not there is 404 and never the page; what is not for reading is refused', async () => {
  for (const path of ['/assets/nothing-12345678.js', '/nothing.js', '/assets/../../Cargo.toml', '/csp-style-hashes.json', `${(await assets())[0]}.br`]) {
    const { status, body } = await get(path)
    assert.equal(status, 404, path)
    assert.doesNotMatch(body.toString(), /<html/)
  }
  assert.equal((await get('/assets/nothing-12345678.js', PAGE)).status, 404)
  assert.equal((await get('/', PAGE, 'POST')).status, 405)
})

test('nothing of the register is kept by the browser', async (desk) => {
  const page = await desk.page('registrar')
  const answer = page.waitForResponse((response) => response.url().endsWith('/graphql'))
  await page.goto('/declarations')
  assert.equal((await answer).headers()['cache-control'], 'no-store')
  await page.getByRole('heading', { level: 1, name: '宣言' }).waitFor()
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  assert.doesNotMatch(kept, /オーシャン|つばさ/)
  const [cookie] = await page.context().cookies()
  assert.deepEqual([cookie.httpOnly, cookie.sameSite === 'None'], [true, false])
})

test('a code that the policy forbids does not run, and the test of the page fails', async (desk) => {
  const page = await desk.page()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'ログインする' }).waitFor()
  const told = page.waitForEvent('console', (message) => message.text().startsWith('content security policy'))
  await page.evaluate(() => {
    const script = document.createElement('script')
    try {
      script.textContent = 'window.ran = true'
    } catch {
      // Where the text is refused before it is in the page at all, the policy has told of it too.
    }
    document.body.append(script)
  })
  await told
  assert.equal(await page.evaluate(() => window.ran), undefined)
  assert.throws(() => desk.assertClean(), /content security policy/)
  desk.expect(/content security policy|TrustedScript/i)
})

test('no text becomes markup or code: the console lets only the empty one pass, and nobody adds another policy', async (desk) => {
  const page = await desk.page()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'ログインする' }).waitFor()
  const outcomes = await page.evaluate(() => {
    const attempt = (what) => {
      try {
        what()
        return 'passed'
      } catch (error) {
        return error.name
      }
    }
    const region = document.createElement('div')
    region.append('said before')
    return {
      empty: attempt(() => (region.innerHTML = '')),
      left: region.textContent,
      markup: attempt(() => (region.innerHTML = '<img src="x">')),
      frame: attempt(() => (document.createElement('iframe').srcdoc = '<p>')),
      script: attempt(() => (document.createElement('script').src = '/assets/index.js')),
      policy: attempt(() => window.trustedTypes.createPolicy('mine', { createHTML: (text) => text })),
    }
  })
  const refused = 'TypeError'
  assert.deepEqual(outcomes, { empty: 'passed', left: '', markup: refused, frame: refused, script: refused, policy: refused })
  desk.expect(/content security policy|Content Security Policy|TrustedHTML|TrustedScript|Trusted Type/i)
})

test('so does the test of a page that another page opened', async (desk) => {
  const first = await desk.page()
  const second = await first.context().newPage()
  await second.goto('/sign-in')
  const context = first.context()
  const told = Promise.all([context.waitForEvent('weberror'), context.waitForEvent('console', (message) => message.text().startsWith('content security policy'))])
  await second.evaluate(() => {
    const script = document.createElement('script')
    try {
      script.textContent = 'window.ran = true'
    } catch {
      // Where the text is refused before it is in the page at all, the policy has told of it too.
    }
    document.body.append(script)
    queueMicrotask(() => {
      throw new Error('wrong beside the first page')
    })
  })
  await told
  assert.throws(() => desk.assertClean(), (error) => /content security policy/.test(error.message) && /wrong beside the first page/.test(error.message))
  desk.expect(/content security policy|TrustedScript|wrong beside/i)
})
