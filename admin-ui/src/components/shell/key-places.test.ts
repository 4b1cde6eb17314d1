import { expect, test } from 'vitest'
import { keysAt } from './key-places'

const actions = (path: string) => keysAt(path).map(([, action]) => action)

test('a list, a record and a queue have keys of their own', () => {
  expect(actions('/declarations')).toContain('choose')
  expect(actions('/declarations/019a0000-0000-7000-8000-000000000001')).toEqual(['correct', 'commands', 'note', 'back'])
  expect(actions('/reviews/duplicate')).toContain('takeNext')
  expect(actions('/reviews/duplicate/019a0000-0000-7000-8000-000000000001')).toContain('decide')
  expect(actions('/inquiries')).toEqual(['next', 'previous', 'openInquiry', 'chooseInquiry', 'searchHere', 'reply', 'note', 'assignMe', 'closeInquiry', 'send', 'closeThread'])
  expect(actions('/imports')).toEqual(['next', 'previous', 'open'])
})

test('a page that has none shows those of every page alone', () => {
  expect(keysAt('/')).toEqual([])
  expect(keysAt('/status-check')).toEqual([])
})
