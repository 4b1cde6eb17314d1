// Adds up what a first visit loads and fails when it is more than we promised. Sizes are gzip, JavaScript and CSS.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))

/** The entry and everything that it loads without being asked again. */
function closure(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the manifest; run npm run build first`)
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const file of chunk.css ?? []) found.add(file)
  for (const next of chunk.imports ?? []) closure(next, found)
  return found
}

const weigh = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length, 0)
const union = (...keys) => new Set(keys.flatMap((key) => [...closure(key)]))

const first = union('index.html', 'src/routes/sign-in.tsx', 'src/routes/shell.tsx')
const beyond = (key) => new Set([...closure(key)].filter((file) => !first.has(file)))

const budgets = [
  { name: 'sign-in and shell, first load', bytes: weigh(first), limit: 180_000 },
  { name: 'list route, on top', bytes: weigh(beyond('src/routes/declarations/list.tsx')), limit: 120_000 },
  { name: 'record route, on top', bytes: weigh(beyond('src/routes/declarations/detail.tsx')), limit: 120_000 },
  { name: 'correction, on top', bytes: weigh(beyond('src/routes/declarations/correct.tsx')), limit: 120_000 },
  { name: 'outgoing mail, on top', bytes: weigh(beyond('src/routes/settings/mail/list.tsx')), limit: 120_000 },
  { name: 'calendar, when first opened', bytes: weigh(beyond('src/ui/calendar.tsx')), limit: 120_000 },
]

for (const { name, bytes, limit } of budgets) {
  console.log(`${bytes <= limit ? 'ok  ' : 'OVER'} ${(bytes / 1000).toFixed(1).padStart(6)} of ${limit / 1000} kB  ${name}`)
}
if (budgets.some(({ bytes, limit }) => bytes > limit)) process.exit(1)
