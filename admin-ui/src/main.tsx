// Starts the console.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from '@tanstack/react-router'
import { makeQueryClient } from './graphql/client'
import { startI18n } from './i18n'
import { startCopying } from './lib/copy'
import { watchPresence } from './lib/presence'
import { startTheme } from './lib/theme'
import { startTrustedTypes } from './lib/trusted-types'
import { makeRouter } from './router'
import './styles/main.css'

startTrustedTypes()
startTheme()
startCopying()
watchPresence()
await startI18n()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={makeRouter(makeQueryClient())} />
    </StrictMode>,
  )
}
