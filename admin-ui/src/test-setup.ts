// Before every unit test: the catalogue is there, and what a test rendered is taken away after it.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { needWords, startI18n } from './i18n'

await startI18n()
await needWords('register')
afterEach(cleanup)
