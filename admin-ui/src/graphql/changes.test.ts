// Texts that are written when they are sent, read by the schema.
import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { CHANGES, mutationText } from './changes'

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
const changes = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(({ type }) => String(type) === 'DeclarationChangeResult!')

test('every change of a declaration that the API knows can be asked for', () => {
  expect([...CHANGES].toSorted()).toEqual(changes.map(({ name }) => name).toSorted())
  for (const name of CHANGES) expect(validate(schema, parse(mutationText(name))), name).toEqual([])
})
