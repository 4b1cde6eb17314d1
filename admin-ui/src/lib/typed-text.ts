// Texts that people typed or an old register held may carry characters that nobody sees and that turn the text around them.
// Here they are found, and named by their code.

/** Controls, direction marks and what has no shape; not the line breaks and tabs of a remark. What is typed now may hold none of them. */
const UNSEEN = '[\\0-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\u{E0000}-\\u{E007F}]'
const ONE = new RegExp(UNSEEN, 'gu')
const APART = new RegExp(`(${UNSEEN})`, 'u')
/** Letters that run from right to left, and take the digits beside them along. */
const LEFTWARD = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069']

/** `U+202E` */
const codeOf = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** What is seen as text and, with its `code`, what is not; in their order. */
export function piecesOf(text: string): { text: string; code?: string }[] {
  return text
    .split(APART)
    .map((piece, place) => (place % 2 === 1 ? { text: piece, code: codeOf(piece) } : { text: piece }))
    .filter((piece) => piece.text !== '')
}

/** For sentences and window titles, which have no markup: what is unseen by its code, and what runs leftward kept to itself. */
export function spelledOut(text: string): string {
  const seen = text.replaceAll(ONE, (character) => `[${codeOf(character)}]`)
  return LEFTWARD.test(seen) ? `${FIRST_STRONG_ISOLATE}${seen}${POP_ISOLATE}` : seen
}
