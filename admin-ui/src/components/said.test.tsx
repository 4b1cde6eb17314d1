// What the program says, in the language of whoever reads it.
import { render, screen } from '@testing-library/react'
import { beforeAll, expect, test } from 'vitest'
import { needWords, setLanguage, startI18n } from '../i18n'
import jaMail from '../i18n/ja/mail.json'
import enOperations from '../i18n/en/operations.json'
import jaOperations from '../i18n/ja/operations.json'
import { SaidText } from './said'

beforeAll(async () => {
  await startI18n()
  await Promise.all([needWords('operations'), needWords('mail')])
})

test('what is ours is worded, with its numbers, and its English sentence is beside', async () => {
  const said = { reason: 'TOOK_TOO_LONG', counts: [{ counted: 'SECONDS', count: 21_600 }], text: 'it took longer than 21600 s and was ended' } as const
  const { rerender } = render(<SaidText said={{ ...said, counts: [...said.counts] }} />)
  expect(screen.getByText(jaOperations.reason.TOOK_TOO_LONG.replace('{{seconds}}', '21,600'))).toBeTruthy()
  expect(screen.getByText(said.text).closest('details')).toBeTruthy()
  await setLanguage('en')
  rerender(<SaidText said={{ ...said, counts: [...said.counts] }} />)
  expect(screen.getByText(enOperations.reason.TOOK_TOO_LONG.replace('{{seconds}}', '21,600'))).toBeTruthy()
  await setLanguage('ja')
})

test('what others said stays as it is', () => {
  render(<SaidText said={{ reason: null, counts: [], text: '550 5.1.1 to RCPT' }} />)
  expect(screen.getByText('550 5.1.1 to RCPT').closest('details')).toBeNull()
})

test('a relay that is not found says what to look at', () => {
  render(<SaidText said={{ reason: 'RELAY_NOT_FOUND', counts: [], text: 'the mail relay relay.invalid:25 was not found' }} />)
  expect(screen.getByText(jaMail.reason.RELAY_NOT_FOUND)).toBeTruthy()
})
