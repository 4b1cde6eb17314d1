// What a picky reader of any page would say, as far as a machine can tell: words cut off, buttons in two lines, targets too small for a
// finger, the other language, the words of machines, days without their year.
import assert from 'node:assert/strict'
import { settled } from './desk.mjs'

/** Names that are written in Latin letters in Japanese, too, and what is data. */
const LATIN = [
  'Sengen', 'English', 'CSV', 'Excel', 'UTF', 'Shift', 'JIS', 'xlsx', 'XLSX', 'URL', 'Ctrl', 'Enter', 'Esc', 'API', 'MB', 'SSO', 'GBizID', 'JSON', 'PDF', 'PNG', 'JPEG', 'DOCX',
]

/** Runs in the page. Answers one sentence for each thing that is wrong. */
function look({ language, latin }) {
  const wrong = []
  /** Said to screen readers only: a box of one pixel. */
  const isSaidOnly = (element) => {
    for (let box = element; box; box = box.parentElement) if (box.offsetWidth !== undefined && box.offsetWidth <= 1 && getComputedStyle(box).overflowX !== 'visible') return true
    return false
  }
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0 && !isSaidOnly(element)
  const tell = (element, what) => wrong.push(`${what}: <${element.tagName.toLowerCase()}> ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 60)}`)
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown)

  for (const button of all('button, a.inline-flex[class*="rounded-md"]')) {
    const { width, height } = button.getBoundingClientRect()
    if (Math.min(width, height) < 23.5) tell(button, `smaller than 24 px (${Math.round(width)} × ${Math.round(height)})`)
    const pieces = [...button.childNodes].filter((node) => node.nodeType === 3)
    const bottoms = pieces.flatMap((piece) => {
      const text = document.createRange()
      text.selectNode(piece)
      return [...text.getClientRects()].map((box) => box.bottom)
    })
    const isPlain = [...button.children].every((child) => child.tagName === 'svg')
    if (isPlain && bottoms.length > 0 && Math.max(...bottoms) - Math.min(...bottoms) > 8 && window.innerWidth > 400) tell(button, 'a button in more than one line')
  }
  // A link in the middle of a text is as high as its line; one that stands by itself is a target.
  for (const link of all('li > a, td > div > a, th > div > a, p > a:only-child')) {
    const { height } = link.getBoundingClientRect()
    if (height < 23.5 && link.parentElement.textContent.trim() === link.textContent.trim()) tell(link, `a link ${Math.round(height)} px high that stands by itself`)
  }
  for (const element of all('main *')) {
    const style = getComputedStyle(element)
    const cuts = style.overflowX === 'hidden' || style.overflowX === 'clip' || style.textOverflow === 'ellipsis'
    if (cuts && element.scrollWidth > element.clientWidth + 1 && element.textContent.trim() !== '' && !element.title && !element.closest('[title]')) tell(element, 'cut off without a title')
  }

  const words = 'h1, h2, h3, h4, th, dt, label, legend, button, nav a, summary, option'
  const texts = []
  const walk = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement
    // What somebody typed, or what stands in a file, is shown as it is.
    if (element && shown(element) && !element.closest('main [lang], bdi, .mono, kbd, input, textarea, select, del, ins')) texts.push([element, walk.currentNode.textContent])
  }
  for (const [element, text] of texts) {
    if (/[A-Z][A-Z]+_[A-Z_]+|\b[a-z]+_[a-z_]+\b|undefined|\[object|NaN|\{\{/.test(text)) tell(element, 'words of a machine')
    if (language === 'ja') {
      if (/\d{4}-\d{2}-\d{2}/.test(text) && element.closest('td, dd, h1, time, p[role=status]')) tell(element, 'a day that is not written as one')
      const rest = text.replaceAll(/\S*[@.]\S*/g, ' ').match(/[A-Za-z]{3,}/g) ?? []
      const foreign = rest.filter((word) => !latin.includes(word))
      if (foreign.length > 0 && element.closest(words)) tell(element, `English in Japanese (${foreign.join(', ')})`)
    }
  }
  if (language === 'en')
    for (const element of all(`main :is(${words})`)) {
      // Names, and what stands in a file, are as somebody wrote them.
      const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join('')
      if (/[\u3041-\u30f6\u4e00-\u9fff]/.test(own) && !element.closest('h1, table, [data-data], option, [lang=ja]')) tell(element, 'Japanese in English')
    }
  return [...new Set(wrong)]
}

/** `but`: what is meant to be so on this page. */
export async function assertTidy(page, language, but = []) {
  await settled(page)
  const wrong = await page.evaluate(look, { language, latin: LATIN })
  assert.deepEqual(wrong.filter((sentence) => !but.some((pattern) => pattern.test(sentence))), [], `${page.url()} at ${page.viewportSize().width} px, ${language}`)
}
