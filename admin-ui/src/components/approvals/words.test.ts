import type { TFunction } from 'i18next'
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import type { ApprovalRow } from '../../graphql/open-approvals'
import { needWords } from '../../i18n'
import { aboutWord, kindWord, titleWord, voidWord } from './words'

const t: TFunction = i18next.t.bind(i18next) as TFunction
beforeAll(() => needWords('approvals'))

const about = (subject: ApprovalRow['about']) => aboutWord({ about: subject }, t)

test('a row says whom or what it is about; an older request says only what kind it is', () => {
  expect(about({ __typename: 'StaffSubject', name: '見本 みえ子' })).toBe('見本 みえ子さん')
  expect(about({ __typename: 'DeclarationSubject', number: '47000000008' })).toBe('自己宣言ID 4700 0000 008')
  expect(about(null)).toBeUndefined()
  expect(kindWord('declaration.forget', t)).toBe('個人情報の消去')
  // A newer server may know more.
  expect(kindWord('mail.mass', t)).toBe('mail.mass')
})

test('whoever or whatever is gone has words too', () => {
  expect(about({ __typename: 'StaffSubject', name: null })).toBe('（名前なし）')
  expect(about({ __typename: 'DeclarationSubject', number: null })).toBe('自己宣言ID （番号なし）')
})

test('the heading names the role and the number, never the person', () => {
  const content = { __typename: 'ForgetPersonContent', declarationId: 'x', number: '47000000008', person: 'CONTACT', reason: { __typename: 'OpenText', text: '本人の求め' }, effect: null } as const
  expect(titleWord({ content, summary: { kind: 'declaration.forget' } } as Parameters<typeof titleWord>[0], t)).toBe('個人情報の消去（担当者）4700 0000 008')
})

test('what was changed since is what the request is about', () => {
  expect(voidWord('CHANGED', 'declaration.forget', t)).toMatch('宣言')
  expect(voidWord('CHANGED', 'staff.roles', t)).toMatch('アカウント')
  expect(voidWord('IMPOSSIBLE', 'declaration.forget', t)).toBe(voidWord('IMPOSSIBLE', 'staff.roles', t))
})
