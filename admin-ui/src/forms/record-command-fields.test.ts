// Which fields each command of a declaration asks for, and what they send.
import { afterEach, expect, test, vi } from 'vitest'
import type { FactPartsFragment, FlagCode } from '../graphql/gql/graphql'
import { sendCommand } from '../graphql/record-commands'
import i18next from 'i18next'
import { needWords, startI18n } from '../i18n'
import { COMMANDS, type RecordCommand } from '../lib/record-commands'
import { type CaseField, type CaseValues } from './case-form'
import { answersWrong, readAnswers, scoreOf } from './diagnosis-answers'
import { commandFields } from './record-command-fields'

const contact = { __typename: 'Contact', personName: { typed: '見本 花子' }, department: null, email: { typed: 'hanako@example.jp' }, phone: { typed: '03-0000-0000' } }
const facts = (more: object = {}) => ({ number: '57000000003', state: 'ACTIVE', star: 'ONE', contact, name: { __typename: 'OrganizationName', name: '株式会社みほん', kana: null }, representative: { __typename: 'Withheld', permission: 'READ_PERSONAL' }, premises: { __typename: 'Withheld', permission: 'READ_PERSONAL' }, stop: null, plannedStop: null, ...more }) as unknown as FactPartsFragment

await startI18n()
await Promise.all((['records', 'register', 'cases'] as const).map((part) => needWords(part)))
const { t } = i18next

const fieldsOf = (command: RecordCommand, more: object = {}, flags: FlagCode[] = [], asked = {}) => commandFields(command, facts(more), flags, t, asked)
const namesOf = (fields: CaseField[], typed: CaseValues = {}) => {
  const all = { ...Object.fromEntries(fields.map(({ name, initial }) => [name, initial ?? ''])), ...typed }
  return fields.filter(({ shown }) => shown?.(all) ?? true).map(({ name }) => name)
}

test('every command has a reason, but a note is one itself, a number is sent for what was asked, and a merge has a form of its own', () => {
  expect(COMMANDS.filter((command) => !namesOf(fieldsOf(command)).includes('reason'))).toEqual(['lookUp', 'merge', 'note'])
})

test('the reason must be given where something is taken away', () => {
  const required = COMMANDS.filter((command) => fieldsOf(command).some(({ name, required: must }) => name === 'reason' && must))
  expect(required).toEqual(['stop', 'reinstate', 'cancelStop', 'stepDown', 'withdrawPolicy', 'unpublish', 'suspendLogo', 'restoreLogo', 'lookUp', 'link', 'handOver', 'raiseFlag', 'clearFlag', 'undoMerge'])
})

test('a stop asks for its day unless nobody knows it', () => {
  expect(namesOf(fieldsOf('stop'))).toEqual(['kind', 'on', 'dayUnknown', 'reason'])
  expect(namesOf(fieldsOf('stop'), { dayUnknown: 'yes' })).toEqual(['kind', 'dayUnknown', 'reason'])
})

test('a planned stop begins with what was planned', () => {
  const fields = fieldsOf('stop', { plannedStop: { kind: 'CLOSED', on: '2026-12-31' } })
  expect(namesOf(fields)).toEqual(['kind', 'on', 'reason'])
  expect(fields.slice(0, 2).map(({ initial }) => initial)).toEqual(['CLOSED', '2026-12-31'])
})

test('a policy is asked for in the way of its medium', () => {
  const fields = fieldsOf('policy')
  expect(namesOf(fields)).toEqual(['medium', 'url', 'publishedOn', 'on', 'reason'])
  expect(namesOf(fields, { medium: 'PAMPHLET' })).toEqual(['medium', 'place', 'publishedOn', 'on', 'reason'])
  expect(namesOf(fields, { medium: 'OTHER' })).toEqual(['medium', 'words', 'publishedOn', 'on', 'reason'])
})

test('withdrawing the policy of two stars offers the step down', () => {
  expect(namesOf(fieldsOf('withdrawPolicy'))).not.toContain('stepDown')
  expect(namesOf(fieldsOf('withdrawPolicy', { star: 'TWO' }))).toContain('stepDown')
})

test('a diagnosis is its answers, or its score', () => {
  expect(namesOf(fieldsOf('diagnosis'))).toEqual(['questionnaire', 'doneOn', 'by', 'answers', 'reason'])
  expect(namesOf(fieldsOf('diagnosis'), { by: 'score' })).toEqual(['questionnaire', 'doneOn', 'by', 'score', 'reason'])
})

test('only warnings that are there can be cleared, and only others raised', () => {
  const flag = (fields: CaseField[]) => fields.find(({ name }) => name === 'flag')
  const cleared = flag(fieldsOf('clearFlag', {}, ['POLICY_MISSING', 'EMAIL_MISSING'], { flag: 'EMAIL_MISSING' }))
  expect([cleared?.initial, cleared?.choices?.length]).toEqual(['EMAIL_MISSING', 2])
  expect(flag(fieldsOf('raiseFlag', {}, ['POLICY_MISSING']))?.choices?.some(({ value }) => value === 'POLICY_MISSING')).toBe(false)
})

test('answers are counted by the version, and what is missing is named', () => {
  expect(scoreOf('D'.repeat(25), '25-v3')).toBe(100)
  expect(scoreOf(`${'D'.repeat(22)}PNU`, '25-v3')).toBe(89)
  expect(scoreOf('U'.repeat(25), '25-v2')).toBe(0)
  expect(readAnswers('DPNU')).toEqual(['DONE', 'PARTLY', 'NOT_DONE', 'UNKNOWN'])
  expect(answersWrong('D'.repeat(25), t)).toBe(true)
  expect(answersWrong(`D-${'D'.repeat(22)}-`, t)).toBe('未回答が2問あります（2、25）。')
  expect(answersWrong('', t)).toBe('25問の回答を入力してください。')
})

const target = { commandId: 'c', declarationId: 'd', expectedVersion: '7' }
const begun = { contact: { CONTACT_NAME: '見本 花子', CONTACT_DEPARTMENT: '', CONTACT_EMAIL: 'hanako@example.jp', CONTACT_PHONE: '03-0000-0000' } }

/** What goes to the server, when that answers with this. */
async function sent(command: RecordCommand, values: CaseValues, result: object = { __typename: 'DeclarationChanged', position: '9' }, more: object = {}) {
  const fetched = vi.fn((_: string, { body }: { body: string }) => {
    const name = /\{ (\w+)\(/.exec((JSON.parse(body) as { query: string }).query)?.[1] ?? ''
    return Promise.resolve(Response.json({ data: { [name]: result } }))
  })
  vi.stubGlobal('fetch', fetched)
  const came = await sendCommand(command, target, values, { ...begun, ...more })
  const body = JSON.parse(fetched.mock.calls[0]?.[1].body ?? '{}') as { operationName: string; variables: { input: object } }
  return { came, name: body.operationName, input: body.variables.input }
}
afterEach(() => vi.unstubAllGlobals())

test('only contact data that differs is sent', async () => {
  const { name, input } = await sent('contact', { 'changes.CONTACT_NAME': '見本 太郎', 'changes.CONTACT_DEPARTMENT': '', 'changes.CONTACT_EMAIL': 'hanako@example.jp', 'changes.CONTACT_PHONE': '', since: '2026-11-01', reason: '' })
  expect(name).toBe('ChangeContact')
  expect(input).toEqual({ ...target, changes: [{ field: 'CONTACT_NAME', value: '見本 太郎' }, { field: 'CONTACT_PHONE', value: '' }], since: '2026-11-01', reason: null })
})

test('a succession sends what differs, with what it rests on', async () => {
  const handedOver = { NAME: '株式会社みほん', CITY: 'みほん市' }
  const evidence = { attachments: ['a'], noDocument: null }
  const { input } = await sent('handOver', { kind: 'RENAME', on: '2026-04-01', 'changes.NAME': '株式会社べつ', 'changes.CITY': 'みほん市', 'changes.BUILDING': '', reason: '商号変更' }, undefined, { handedOver, evidence })
  expect(input).toEqual({ ...target, kind: 'RENAME', on: '2026-04-01', changes: [{ field: 'NAME', value: '株式会社べつ' }], reason: '商号変更', ...evidence })
})

test('of whoever asks for a number what they said is sent, and how they were made sure of', async () => {
  const { name, input } = await sent('lookUp', { 'asked.NAME': ' 株式会社みほん ', 'asked.CONTACT_PHONE': '', checks: 'ANSWERS CALL_BACK', sentTo: 'registered' })
  expect(name).toBe('LookUpNumber')
  expect(input).toEqual({ ...target, asked: [{ field: 'NAME', value: '株式会社みほん' }], checks: ['ANSWERS', 'CALL_BACK'] })
})

test('answers go without a score, and a score without answers', async () => {
  const common = { questionnaire: '25-v3', doneOn: '2026-11-01', reason: '' }
  expect((await sent('diagnosis', { ...common, by: 'score', score: '78' })).input).toMatchObject({ answers: null, score: '78' })
  expect((await sent('diagnosis', { ...common, by: 'answers', answers: 'DP' })).input).toMatchObject({ answers: ['DONE', 'PARTLY'], score: null })
})

test('what is wrong with the place of a policy stands at the input of its medium', async () => {
  const problems = [{ field: 'place', code: 'not_web_address', message: 'x' }]
  const { came } = await sent('policy', { medium: 'WEB', url: 'example' }, { __typename: 'InvalidInput', problems })
  expect(came).toEqual({ problems: [{ ...problems[0], field: 'url' }] })
})

test('a stop whose day nobody knows is sent without one', async () => {
  expect((await sent('stop', { kind: 'STOPPED', dayUnknown: 'yes', reason: '電話' })).input).toEqual({ ...target, kind: 'STOPPED', on: null, dayUnknown: true, reason: '電話' })
})

test('a conflict and a record that is gone come back as such', async () => {
  const conflict = { __typename: 'Conflict', version: '8' }
  expect((await sent('note', { text: 'x' }, conflict)).came).toEqual({ conflict })
  expect((await sent('note', { text: 'x' }, { __typename: 'NotFound', id: 'd' })).came).toEqual({ gone: true })
})

test('the inquiry that asks for it goes with every command, but not with what is taken back', async () => {
  const inquiry = { inquiry: 'i' }
  expect((await sent('note', { text: 'x' }, undefined, inquiry)).input).toEqual({ ...target, text: 'x', inquiryId: 'i' })
  expect((await sent('undo', { reason: '' }, undefined, { ...inquiry, position: '8' })).input).toEqual({ ...target, position: '8', reason: null })
})
