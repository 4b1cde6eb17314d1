// Build and test settings of the console.
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

/** Documents are laid out for people in the folder they are made in; on the wire their indentation weighs in the first load. */
const narrowDocuments: Plugin = {
  name: 'narrow-documents',
  apply: 'build',
  transform: (code, id) => (id.endsWith('/graphql/gql/graphql.ts') ? code.replaceAll(/TypedDocumentString\(`([^`]*)`/g, (_, text: string) => `TypedDocumentString(\`${text.replaceAll(/\s+/g, ' ').trim()}\``) : null),
}

export default defineConfig({
  plugins: [ourLanguagesOnly, narrowDocuments, react(), tailwindcss()],
  server: { port: 5173, proxy: { '/graphql': { target: backend, changeOrigin: false, ws: true }, '/exports': { target: backend, changeOrigin: false } } },
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
