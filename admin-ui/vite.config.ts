// Build and test settings of the console.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Where `npm run mock`, or a real `sengen serve`, answers while `npm run dev` runs. */
const backend = process.env.SENGEN_BACKEND ?? 'http://localhost:8090'

/** React Aria brings its words in thirty languages; the console speaks two, and those are all that it loads. */
const ourLanguagesOnly: Plugin = {
  name: 'our-languages-only',
  enforce: 'pre',
  resolveId: (source) => (/\/intl\/\w+\/(?!ja-JP|en-US)[a-z]{2}-[A-Z]{2}\.mjs$/.test(source) ? '\0no-words' : null),
  load: (id) => (id === '\0no-words' ? 'export default {}' : null),
}

const DOCUMENTS = fileURLToPath(new URL('src/graphql/gql/graphql.ts', import.meta.url))
const A_DOCUMENT = /export const (\w+) = new TypedDocumentString\(`([^`]*)`[^;]*;/g
const FROM_DOCUMENTS = /import \{([^}]*)\} from '(?:\.\.?\/)+gql\/graphql'|import \{([^}]*)\} from '(?:\.\.\/)+graphql\/gql\/graphql'/g
const MARK = '\0document:'

/**
 * All documents are made into one module, so a first visit would load those of every page. Here each is a module of its own, which goes with
 * the page that asks it; its indentation, laid out for people, is left out.
 */
const eachDocumentApart: Plugin = {
  name: 'each-document-apart',
  apply: 'build',
  enforce: 'pre',
  resolveId: (source) => (source.startsWith('document:') ? `\0${source}` : null),
  load(id) {
    if (!id.startsWith(MARK)) return null
    const name = id.slice(MARK.length)
    const found = [...readFileSync(DOCUMENTS, 'utf8').matchAll(A_DOCUMENT)].find(([, it]) => it === name)
    if (!found) throw new Error(`there is no document ${name}: run npm run codegen`)
    return `import { TypedDocumentString } from ${JSON.stringify(DOCUMENTS)}\nexport const ${name} = new TypedDocumentString(\`${(found[2] ?? '').replaceAll(/\s+/g, ' ').trim()}\`)`
  },
  transform(code, id) {
    if (id === DOCUMENTS) return code.replaceAll(A_DOCUMENT, '')
    if (!/\/src\/.*\.tsx?$/.test(id)) return null
    return code.replaceAll(FROM_DOCUMENTS, (whole, near: string | undefined, far: string | undefined) => {
      const names = (near ?? far ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '')
      const documents = names.filter((name) => /^\w+(Document|FragmentDoc)$/.test(name))
      const others = names.filter((name) => !documents.includes(name))
      const rest = others.length > 0 ? [`import { ${others.join(', ')} } from ${whole.slice(whole.lastIndexOf("'", whole.length - 2))}`] : []
      return [...rest, ...documents.map((name) => `import { ${name} } from 'document:${name}'`)].join('\n')
    })
  },
}

export default defineConfig({
  plugins: [ourLanguagesOnly, eachDocumentApart, react(), tailwindcss()],
  server: { port: 5173, proxy: { '/graphql': { target: backend, changeOrigin: false, ws: true }, '/exports': { target: backend, changeOrigin: false }, '/inquiries/files': { target: backend, changeOrigin: false }, '/inquiries/html': { target: backend, changeOrigin: false } } },
  build: {
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // A strict CSP forbids data: URLs for images and fonts that nobody listed, so nothing is inlined.
    assetsInlineLimit: 0,
    // The list of what each page needs, for asking ahead, weighs 4 kB in the first load: more than the round trip is worth that it saves.
    modulePreload: false,
    reportCompressedSize: false,
    manifest: true,
    sourcemap: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
  },
})
