// Writes .br and .gz beside every compressible file of dist/, so that the server never compresses anything itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const COMPRESSIBLE = /\.(js|css|html|svg|json|txt|map)$/
const DIST = new URL('../dist/', import.meta.url).pathname
/** Below this size the headers outweigh the gain. */
const SMALLEST = 512

let before = 0
let after = 0
for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSIBLE.test(entry.name) || entry.parentPath.includes('/.vite')) continue
  const path = join(entry.parentPath, entry.name)
  const plain = readFileSync(path)
  if (plain.length < SMALLEST) continue
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })
  writeFileSync(`${path}.br`, brotli)
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }))
  before += plain.length
  after += brotli.length
}
console.log(`compressed ${Math.round(before / 1000)} kB to ${Math.round(after / 1000)} kB (brotli)`)
