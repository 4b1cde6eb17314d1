import { expect, test } from 'vitest'
import { paths } from './paths'

test('every path of the console', () => {
  const id = 'declaration:01990000-0000-7000-8000-000000000001'
  expect(Object.values(paths).map((path) => path(id))).toMatchInlineSnapshot(`
    [
      "/",
      "/sign-in",
      "/invitation",
      "/forgot-password",
      "/declarations",
      "/declarations/declaration:01990000-0000-7000-8000-000000000001",
      "/declarations/new",
      "/declarations/declaration:01990000-0000-7000-8000-000000000001/correct",
    ]
  `)
})
