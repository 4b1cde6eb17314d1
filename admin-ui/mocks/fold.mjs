// A rough stand-in for the server's search fold: enough to try the console, not to test the fold itself.
const VARIANTS = { 髙: '高', 﨑: '崎', 邊: '辺', 邉: '辺', 澤: '沢', 濵: '浜' }
const FORMS = /株式会社|有限会社|特定非営利活動法人|\(株\)|\(有\)/g

const foldCharacter = (character) =>
  [...character.normalize('NFKC').toLowerCase()]
    .map((one) => VARIANTS[one] ?? one)
    .join('')
    .replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replace(/[\s・‐-―ー-]/g, '')

export const fold = (text) => foldCharacter(text).replace(FORMS, '')

/** Finds a folded needle and says which part of the original text it covers (UTF-16 units). */
export function findFolded(text, needle) {
  if (needle === '') return null
  let folded = ''
  const origin = []
  let place = 0
  for (const character of text) {
    for (const one of foldCharacter(character)) {
      folded += one
      origin.push([place, place + character.length])
    }
    place += character.length
  }
  const at = folded.indexOf(needle)
  if (at < 0) return null
  const start = origin[at][0]
  return { start, length: origin[at + needle.length - 1][1] - start, reading: needle }
}
