// What strangers put into the HTML of a mail, in a frame of the console: nothing runs, nothing is loaded from anywhere, and nothing leads anywhere.
import assert from 'node:assert/strict'
import { desks } from './harness/desk.mjs'
import { hostile } from './harness/hostile-html.mjs'

const { office, test } = await desks({ rows: 5 })

const FRAMES_AT_ONCE = 31
const LIST = 'query ($after: String) { inquiries(queue: ALL, first: 100, after: $after) { ... on InquiryConnection { nodes { id } pageInfo { hasNextPage endCursor } isCurrent } } }'
const ONE = 'query ($id: ID!) { inquiry(id: $id) { entries { message { id words { ... on InquiryWords { subject hasHtml } } } } } }'

const mail = (html, number) =>
  `From taro@example.jp Mon Nov  2 09:00:00 2026\nFrom: taro@example.jp\nTo: office@example.jp\nSubject: vector ${number}\nMessage-ID: <vector-${number}@example.jp>\nMIME-Version: 1.0\n` +
  `Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`<p>before</p>${html}<p>behind</p>`).toString('base64').replaceAll(/.{76}/g, '$&\n')}\n\n`

async function listed(cookie) {
  const ids = []
  let after
  do {
    const { data } = await office.ask(LIST, { after }, cookie)
    ids.push(...data.inquiries.nodes.map(({ id }) => id))
    after = data.inquiries.pageInfo.hasNextPage ? data.inquiries.pageInfo.endCursor : undefined
  } while (after)
  return ids
}

/** The messages that came with HTML, by the number of what is in them. */
async function messages(count) {
  const cookie = await office.cookieOf('registrar')
  let ids = []
  while (ids.length < count) ids = await listed(cookie)
  const found = new Map()
  for (const id of ids) {
    const { data } = await office.ask(ONE, { id }, cookie)
    const { message } = data.inquiry.entries[0]
    if (message.words.hasHtml) found.set(Number(message.words.subject.replace('vector ', '')), message.id)
  }
  return { found, cookie }
}

const BAD_ELEMENTS = 'script,iframe,frame,frameset,object,embed,applet,portal,fencedframe,link,meta,base,form,input,button,select,textarea,keygen,isindex,svg,math,video,audio,source,track,picture,img,image,map,area,bgsound,marquee,dialog,template,noscript,xmp,plaintext,listing,title,slot'
const BAD_ATTRIBUTES = ['src', 'srcset', 'srcdoc', 'href', 'action', 'formaction', 'style', 'background', 'poster', 'data', 'ping', 'target', 'id', 'name', 'is', 'content', 'http-equiv', 'usemap', 'xlink:href', 'manifest', 'autofocus', 'contenteditable', 'tabindex', 'classid', 'codebase', 'form', 'slot']

test('over two hundred hostile texts run nothing, load nothing and lead nowhere', async (desk) => {
  const vectors = hostile()
  assert.ok(vectors.length >= 200, `${vectors.length} of them`)
  await office.importMail(vectors.map(mail).join(''))
  const { found, cookie } = await messages(vectors.length)
  assert.ok(found.size >= vectors.length * 0.9, `${found.size} are shown as HTML at all`)
  const page = await desk.page('registrar')
  const outside = []
  page.on('request', (request) => !request.url().startsWith(office.url) && !request.url().startsWith('data:') && outside.push(request.url()))
  page.on('dialog', (dialog) => outside.push(`dialog ${dialog.message()}`))
  await page.goto('/inquiries')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const ids = [...found.values()]
  for (let at = 0; at < ids.length; at += FRAMES_AT_ONCE) {
    await page.evaluate(
      (some) =>
        Promise.all(
          some.map(
            (id) =>
              new Promise((loaded) => {
                const frame = document.createElement('iframe')
                frame.setAttribute('sandbox', '')
                frame.addEventListener('load', loaded, { once: true })
                frame.src = `/inquiries/html/${id}`
                document.body.append(frame)
              }),
          ),
        ),
      ids.slice(at, at + FRAMES_AT_ONCE),
    )
    await page.evaluate(() => document.querySelectorAll('iframe').forEach((frame) => frame.remove()))
  }
  assert.deepEqual(outside, [])
  assert.equal(await page.evaluate(() => window.ran), undefined)
  // What arrived is looked at, too: that it did not run may be the frame's doing alone. In an empty page, where no policy stands before the parser.
  const reader = await page.context().newPage()
  for (const [number, id] of found) {
    const response = await fetch(`${office.url}/inquiries/html/${id}`, { headers: { cookie, origin: office.url, 'sec-fetch-site': 'same-origin' } })
    assert.equal(response.status, 200, `vector ${number}`)
    assert.match(response.headers.get('content-security-policy'), /sandbox/)
    const bad = await reader.evaluate(
      ({ html, elements, attributes }) => {
        const { body } = new DOMParser().parseFromString(html, 'text/html')
        const all = [...body.querySelectorAll('*')]
        const named = all.flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith('on') || attributes.includes(name))
        return [...[...body.querySelectorAll(elements)].map(({ localName }) => localName), ...named]
      },
      { html: await response.text(), elements: BAD_ELEMENTS, attributes: BAD_ATTRIBUTES },
    )
    assert.deepEqual(bad, [], `vector ${number}: ${vectors[number]}`)
  }
})
