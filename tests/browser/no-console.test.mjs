// A program that was built before its console: it serves a page that says so and how to go on, under the policy of all others.
import assert from 'node:assert/strict'
import { assertAccessible, assertFits, desks, screenshot } from './harness/desk.mjs'

const { office, test } = await desks({ rows: 5, built: false })

test('the page that is served says in both languages how to make a console, and is accessible in both themes', async (desk) => {
  desk.expect(/503/)
  const page = await desk.page(undefined, { size: { width: 640, height: 400 } })
  for (const path of ['/', '/declarations', '/sign-in']) {
    const answer = await page.goto(path)
    const headers = await answer.allHeaders()
    assert.equal(answer.status(), 503)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(headers['cache-control'], 'no-store')
    assert.match(headers['content-security-policy'], /default-src 'none'.*style-src 'self';/)
    await page.getByRole('heading', { level: 1, name: '画面がまだ作られていません' }).waitFor()
    await page.getByText('make build を実行してから、もう一度起動してください。').waitFor()
    await page.getByText('Run make build, then start it again.').waitFor()
  }
  assert.equal(await page.title(), '画面がまだ作られていません — Sengen')
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await assertAccessible(page)
    await screenshot(page, `no-console-${colorScheme}`)
  }
  await assertFits(page)
})

test('what is behind the console works without it', async () => {
  const { data } = await office.ask('{ session { expiresAt } }')
  assert.equal(data.session, null)
  const answer = await fetch(`${office.url}/assets/index.js`, { headers: { accept: 'text/html' } })
  assert.equal(answer.status, 404)
})
