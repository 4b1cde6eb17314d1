// Before every unit test: the catalogue is there, and what a test rendered is taken away after it.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { startI18n } from './i18n'

await startI18n()
afterEach(cleanup)
