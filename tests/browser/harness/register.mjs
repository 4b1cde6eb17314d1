// The first rows of the given register as a file of their own, so that every run starts quickly and still has its mess.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const REGISTER = fileURLToPath(new URL('../../data/legacy-register.csv', import.meta.url))
const QUOTE = 0x22
const LINE_FEED = 0x0a

/** Where the heading and `rows` rows end. Neither byte is ever the second half of a CP932 character. */
function endOf(bytes, rows) {
  let quoted = false
  let lines = 0
  for (const [index, byte] of bytes.entries()) {
    if (byte === QUOTE) quoted = !quoted
    if (byte === LINE_FEED && !quoted) lines += 1
    if (lines > rows) return index + 1
  }
  return bytes.length
}

/** The first `rows` rows as text, for tests that change them. */
export const registerText = (rows) => {
  const bytes = readFileSync(REGISTER)
  return new TextDecoder('shift_jis').decode(bytes.subarray(0, endOf(bytes, rows)))
}

/** Writes the first `rows` rows to `file`, byte for byte. */
export function cutRegister(file, rows) {
  const bytes = readFileSync(REGISTER)
  writeFileSync(file, bytes.subarray(0, endOf(bytes, rows)))
}
