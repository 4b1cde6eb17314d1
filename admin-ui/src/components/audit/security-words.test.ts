import i18next from 'i18next'
import { expect, it } from 'vitest'
import en from '../../i18n/en/audit.json'
import ja from '../../i18n/ja/audit.json'
import { DETAILS, securityDetailWord } from './security-words'

it('every detail that the server writes has words in both languages', () => {
  for (const words of [ja, en]) expect(Object.keys(words.audit.security.detail).toSorted()).toEqual([...DETAILS].toSorted())
})

it('roles are told by their words, and a newer one by its code', () => {
  expect(securityDetailWord({ kind: 'ROLES_CHANGED', detail: 'approver made_later' }, i18next.t)).toBe('承認者、made_later')
})

it('what is newer than the console is told by its code', () => {
  expect(securityDetailWord({ kind: 'SIGNED_IN', detail: 'by_magic' }, i18next.t)).toBe('by_magic')
  expect(securityDetailWord({ kind: 'ACCOUNT_ENABLED', detail: '' }, i18next.t)).toBe('')
})
