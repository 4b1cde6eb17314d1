// Writes dist/csp-style-hashes.json: the hashes of the style elements that React Aria puts into the page at run time.
// They are computed from its installed source; if an upgrade changes who injects what, the build stops here and not in production.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = new URL('../', import.meta.url).pathname
const SOURCE = join(ROOT, 'node_modules/react-aria/dist/private')
const KNOWN = ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs']

/** The text that the file assigns to `style.textContent`, with its constants filled in. */
function styleText(source, file) {
  const template = /style\.textContent = `([\s\S]*?)`\.trim\(\)/.exec(source)?.[1]
  if (template === undefined) throw new Error(`${file}: no style text found; look at what React Aria injects now`)
  return template
    .replaceAll(/\$\{(\S+?)\}/g, (_, name) => {
      const value = new RegExp(`const ${name.replaceAll('$', '\\$')} = ['"]([^'"]+)['"]`).exec(source)?.[1]
      if (value === undefined) throw new Error(`${file}: constant ${name} not found`)
      return value
    })
    .trim()
}

const injectors = readdirSync(SOURCE, { recursive: true })
  .filter((name) => name.endsWith('.mjs') && /createElement\(['"`]style['"`]\)/.test(readFileSync(join(SOURCE, name), 'utf8')))
  .toSorted()
if (injectors.join() !== KNOWN.join()) throw new Error(`style injectors changed: ${injectors.join(', ')}`)

const hashes = injectors.map((name) => {
  const text = styleText(readFileSync(join(SOURCE, name), 'utf8'), name)
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
})
writeFileSync(join(ROOT, 'dist/csp-style-hashes.json'), `${JSON.stringify(hashes, null, 2)}\n`)
console.log(hashes.join('\n'))
