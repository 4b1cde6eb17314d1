import { expect, test } from 'vitest'
import { browserHref, routerParts } from './quiet-history'

const split = (href: string) => {
  const { pathname, search, hash } = new URL(href, 'https://sengen.example.jp')
  return { pathname, search, hash }
}
const back = (href: string) => {
  const { pathname, search, hash } = routerParts(split(href))
  return pathname + search + hash
}

test.each([
  ['/declarations', '/declarations'],
  ['/declarations?state=ACTIVE,STOPPED&peek=1', '/declarations?state=ACTIVE,STOPPED&peek=1'],
  ['/declarations?q=%E9%87%91', '/declarations#q=%E9%87%91'],
  ['/declarations?state=ACTIVE,STOPPED&q=a+b&sort=NUMBER_ASC', '/declarations?state=ACTIVE,STOPPED&sort=NUMBER_ASC#q=a+b'],
  ['/settings/mail?address=a%2Bb%40example.jp&state=BOUNCED', '/settings/mail?state=BOUNCED#address=a%2Bb%40example.jp'],
  ['/sign-in?to=%2Fdeclarations%3Fq%3D%E9%87%91', '/sign-in#to=%2Fdeclarations%3Fq%3D%E9%87%91'],
])('%s is shown as %s: what may be personal is in no request', (inside, shown) => {
  expect(browserHref(inside)).toBe(shown)
  expect(routerParts(split(back(shown)))).toEqual(routerParts(split(shown)))
  expect(new URLSearchParams(routerParts(split(shown)).search).toString().split('&').toSorted()).toEqual(
    new URLSearchParams(split(inside).search).toString().split('&').toSorted(),
  )
})

test('a mark that is not ours, such as a one-time token, stays as it is', () => {
  for (const href of ['/invitation#abcDEF', '/invitation#token=abc', '/declarations?state=ACTIVE#q=a&x=b']) {
    expect(browserHref(href)).toBe(href)
    expect(back(href)).toBe(href)
  }
})
