import { expect, test } from 'vitest'
import type { FactPartsFragment } from '../graphql/gql/graphql'
import { personsOf } from './persons'

const typed = (text: string) => ({ typed: text, value: text })
const facts = (more: Partial<Record<keyof FactPartsFragment, unknown>> = {}) =>
  ({
    entityType: 'CORPORATION',
    name: { __typename: 'OrganizationName', name: '株式会社みほん', kana: 'ミホン' },
    representative: { __typename: 'Representative', title: typed('代表取締役'), personName: typed('見本 太郎') },
    contact: { __typename: 'Contact', personName: null, department: null, email: typed('taro@example.jp'), phone: null },
    premises: { __typename: 'Premises', postalCode: null, street: null, building: null },
    corporateNumber: null,
    ...more,
  }) as unknown as FactPartsFragment

test('an organisation is no person; those in it are told by what is registered of them', () => {
  expect(personsOf(facts())).toEqual([
    { role: 'REPRESENTATIVE', who: '見本 太郎', erased: false },
    { role: 'CONTACT', who: 'taro@example.jp', erased: false },
    { role: 'REMARKS', erased: false },
  ])
})

test('a sole trader is a person, and stands first', () => {
  const trader = facts({ entityType: 'SOLE_TRADER', name: { __typename: 'PersonName', name: '見本 花子', kana: null } })
  expect(personsOf(trader)[0]).toEqual({ role: 'SOLE_TRADER', who: '見本 花子', erased: false })
})

test('who was forgotten is erased; who is not registered, or not to be seen, is only not named', () => {
  const read = personsOf(
    facts({
      entityType: 'SOLE_TRADER',
      name: { __typename: 'Forgotten' },
      premises: { __typename: 'Forgotten' },
      representative: { __typename: 'Representative', title: null, personName: null },
      contact: { __typename: 'Withheld', permission: 'READ_PERSONAL' },
    }),
  )
  expect(read.slice(0, 3)).toEqual([
    { role: 'SOLE_TRADER', who: undefined, erased: true },
    { role: 'REPRESENTATIVE', who: undefined, erased: false },
    { role: 'CONTACT', who: undefined, erased: false },
  ])
})

test('whoever came after somebody who was forgotten can be forgotten too', () => {
  const after = facts({ entityType: 'SOLE_TRADER', name: { __typename: 'Forgotten' }, premises: { __typename: 'Premises', street: typed('1-2'), postalCode: null, building: null } })
  expect(personsOf(after)[0]).toEqual({ role: 'SOLE_TRADER', who: '1-2', erased: false })
})
