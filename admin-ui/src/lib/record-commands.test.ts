// What the list of commands says of a record.
import { readFileSync } from 'node:fs'
import { buildSchema, isEnumType } from 'graphql'
import { expect, test } from 'vitest'
import type { FactPartsFragment } from '../graphql/gql/graphql'
import { COMMAND_GROUPS, type CommandGroup, LISTED, listedOf, nameOf, type Situation, whyNot } from './record-commands'
import { FLAGS } from './search-params'

const contact = { __typename: 'Contact', personName: { typed: '見本 花子' }, department: null, email: { typed: 'hanako@example.jp' }, phone: null }
const live = { number: '57000000003', state: 'ACTIVE', star: 'ONE', published: false, logoAllowed: true, stop: null, plannedStop: null, contact, publishConsent: { typed: '同意', value: 'yes' } }

const record = (facts: object = {}, flags: Situation['flags'] = []): Situation => ({ facts: { ...live, ...facts } as unknown as FactPartsFragment, flags })
const possible = (of: Situation) => LISTED.filter((command) => whyNot(command, of) === undefined)
const policy = { policyUrl: { typed: 'https://example.jp/policy', value: 'https://example.jp/policy' } }
const diagnosis = { diagnosisScore: { typed: '78', value: '78' } }
const shown = (of: Situation) => (Object.keys(COMMAND_GROUPS) as CommandGroup[]).flatMap((group) => [...listedOf(group, of)])

test('one star without anything else can be stopped, published, and given what two stars need', () => {
  expect(possible(record())).toEqual(['stop', 'diagnosis', 'policy', 'publish', 'suspendLogo', 'contact', 'lookUp', 'link', 'handOver', 'merge', 'note', 'raiseFlag'])
})

test('two stars need a diagnosis first, then a policy', () => {
  expect(whyNot('stepUp', record())).toBe('noDiagnosis')
  expect(whyNot('stepUp', record(diagnosis))).toBe('noPolicy')
  expect(whyNot('stepUp', record({ ...diagnosis, ...policy }))).toBeUndefined()
  expect(whyNot('stepUp', record({ ...diagnosis, ...policy, star: 'TWO' }))).toBe('alreadyTwoStars')
})

test('what is stopped can be reinstated, and says of the rest that this comes first', () => {
  const stopped = record({ state: 'STOPPED', stop: { kind: 'STOPPED', on: '2026-05-12' }, published: true })
  expect(possible(stopped)).toEqual(['reinstate', 'unpublish', 'suspendLogo', 'contact', 'lookUp', 'merge', 'note', 'raiseFlag'])
  expect(whyNot('policy', stopped)).toBe('stopped')
  expect(whyNot('stop', stopped)).toBe('alreadyStopped')
})

test('what was replaced can be noted on, and says of the rest where it went', () => {
  const gone = (state: string) => record({ state, number: '47000000002' })
  expect(possible(gone('SUPERSEDED'))).toEqual(['suspendLogo', 'contact', 'note', 'raiseFlag'])
  expect(whyNot('link', gone('SUPERSEDED'))).toBe('superseded')
  expect(whyNot('merge', gone('MERGED'))).toBe('merged')
  expect(whyNot('stop', gone('MERGED'))).toBe('merged')
})

test('an old number is linked also when it is stopped, a new one only while it is live', () => {
  const stopped = { state: 'STOPPED', stop: { kind: 'CLOSED', on: '2026-05-12' } }
  expect(nameOf('link', record({ number: '47000000002' }))).toBe('linkNew')
  expect(whyNot('link', record({ ...stopped, number: '47000000002' }))).toBeUndefined()
  expect(nameOf('link', record())).toBe('linkOld')
  expect(whyNot('link', record(stopped))).toBe('stopped')
})

test('a stop without a day can be given its day', () => {
  const unknown = record({ state: 'STOPPED', stop: { kind: 'STOPPED', on: null } })
  expect(whyNot('stop', unknown)).toBeUndefined()
  expect(nameOf('stop', unknown)).toBe('stopDay')
})

test('a planned stop can be changed and cancelled, and takes the place of the return in the list', () => {
  const planned = record({ plannedStop: { kind: 'CLOSED', on: '2026-12-31' } })
  expect(nameOf('stop', planned)).toBe('changeStop')
  expect(whyNot('cancelStop', planned)).toBeUndefined()
  expect(whyNot('reinstate', planned)).toBe('planned')
  expect(shown(planned)).toContain('cancelStop')
  expect(shown(planned)).not.toContain('reinstate')
  expect(shown(record())).toContain('reinstate')
})

test('nothing is published without consent', () => {
  expect(whyNot('publish', record({ publishConsent: { typed: '同意しない', value: 'no' } }))).toBe('noConsent')
  expect(whyNot('publish', record({ publishConsent: null }))).toBe('noConsent')
  expect(whyNot('publish', record({ published: true }))).toBe('alreadyPublished')
})

test('a contact that is closed or erased cannot be changed', () => {
  expect(whyNot('contact', record({ contact: { __typename: 'Withheld', permission: 'READ_PERSONAL' } }))).toBe('contactClosed')
  expect(whyNot('contact', record({ contact: { __typename: 'Forgotten' } }))).toBe('contactForgotten')
})

test('a policy that is there is replaced', () => {
  expect(nameOf('policy', record())).toBe('policy')
  expect(nameOf('policy', record(policy))).toBe('replacePolicy')
})

test('a warning is raised as long as one is left, and cleared as long as one is there', () => {
  expect(whyNot('clearFlag', record())).toBe('noFlags')
  expect(whyNot('clearFlag', record({}, ['POLICY_MISSING']))).toBeUndefined()
  expect(whyNot('raiseFlag', record({}, FLAGS))).toBe('allFlags')
})

test('the list knows every warning that the API knows', () => {
  const known = buildSchema(readFileSync('schema.graphql', 'utf8')).getType('FlagCode')
  expect(isEnumType(known) && known.getValues().map(({ name }) => name).toSorted()).toEqual([...FLAGS].toSorted())
})
